import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as command from "@pulumi/command";
import * as openstack from "@pulumi/openstack";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mockCloud, type MockCloud } from "../support/mockCloud.ts";
import { COMPONENT_CASES } from "./componentCases.ts";

let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud({
    calls: {
      "openstack:networking/getNetwork:getNetwork": { id: "n", name: "campus" },
      "openstack:networking/getQuotaV2:getQuotaV2": {},
      "openstack:blockstorage/getQuotasetV3:getQuotasetV3": {},
    },
  });
});
afterEach(() => cloud.drain());

describe("the children of a component", () => {
  it.each(Object.entries(COMPONENT_CASES))(
    "%s: belong to it, are made by its provider, with these options",
    async (_, one) => {
      one.build({ providers: [new openstack.Provider("teacher"), new command.Provider("here")] });
      await cloud.drain();
      const children = cloud.registrations.filter(({ type }) => /^(openstack|command):/.test(type));
      expect(Object.fromEntries(children.map(({ name, options }) => [name, options]))).toEqual(
        Object.fromEntries(
          Object.entries(one.children).map(([name, options]) => {
            const isCommand = children.find((child) => child.name === name)?.type.startsWith("command:");
            return [name, { ...options, parent: "x", provider: isCommand === true ? "here" : "teacher" }];
          }),
        ),
      );
      expect(cloud.calls.filter(({ provider }) => provider !== "teacher")).toEqual([]);
    },
  );

  it("are looked at here for every component", () => {
    const folder = join(import.meta.dirname, "..", "..", "components");
    const classes = readdirSync(folder).flatMap(
      (file) =>
        /class (\w+) extends pulumi\.ComponentResource/.exec(readFileSync(join(folder, file), "utf8"))?.[1] ?? [],
    );
    expect([...new Set(Object.keys(COMPONENT_CASES).map((name) => name.split(" ")[0]))].sort()).toEqual(classes.sort());
  });
});
