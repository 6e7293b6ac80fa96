import { describe, it } from "vitest";
import { aStep, INSTANCE, STACK, VOLUME, update } from "./aStep.ts";
import { expectMeaning, type MeaningCase } from "./expectMeaning.ts";

const PROJECT = "openstack:identity/project:Project";
const USER = "openstack:identity/user:User";
const QUOTAS = "openstack:compute/quotaSetV2:QuotaSetV2";
const COMMAND = "command:local:Command";

const cases: MeaningCase[] = [
  ["nothing", [], "unchanged", []],
  ["the same", [aStep("same", INSTANCE), aStep("same", STACK)], "unchanged", []],
  [
    "a project less",
    [aStep("delete", PROJECT, { name: "project", component: "StudentProject", from: { name: "net101-kim" } })],
    "reduced",
    ["project net101-kim is deleted with everything in it"],
    "project",
  ],
  [
    "another password",
    update(USER, ["password"], {
      name: "project",
      component: "StudentProject",
      from: { name: "kim", password: "[secret]" },
    }),
    "interrupted",
    ["user kim gets another password; the old one no longer works"],
  ],
  [
    "other quotas",
    update(QUOTAS, ["instances", "cores"], {
      name: "project",
      component: "StudentProject",
      from: { instances: 2, cores: 4 },
      to: { instances: 3, cores: 2 },
    }),
    "changed",
    ["compute quotas change: instances 2 → 3, cores 4 → 2; what is there stays"],
  ],
  [
    "an update of a login that is only known later",
    [
      aStep("update", "pulumi:providers:openstack", { changed: ["password"] }),
      aStep("update", INSTANCE),
      aStep("update", VOLUME),
    ],
    "unchanged",
    [],
  ],
  [
    "bookkeeping",
    [
      aStep("update", STACK),
      aStep("update", "classroom:index:WebServerInstance", { changed: ["x"] }),
      aStep("delete", "pulumi:providers:openstack"),
      aStep("delete", COMMAND, { name: "project", component: "StudentProject", role: "leftovers" }),
      aStep("read", "pulumi:pulumi:StackReference"),
    ],
    "unchanged",
    [],
  ],
  [
    "a type that nobody here knows",
    update("openstack:foo/bar:Bar", ["size"], { name: "x", role: "bar" }),
    "changed",
    ["openstack:foo/bar:Bar net101-kim-x-bar is changed (size changed)"],
  ],
  [
    "a deletion of a type that nobody here knows",
    [aStep("delete", "openstack:sharedfilesystem/share:Share", { name: "x", role: "share" })],
    "reduced",
    [
      "openstack:sharedfilesystem/share:Share net101-kim-x-share is deleted; whether data are lost with it is not known",
    ],
    "data",
  ],
];

describe("changes of projects, and those that mean nothing", () => {
  it.each(cases)("knows what it means: %s", expectMeaning);
});
