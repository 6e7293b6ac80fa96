import { describe, it } from "vitest";
import { aStep, looked, replaced, VOLUME, update } from "./aStep.ts";
import { expectMeaning, type MeaningCase } from "./expectMeaning.ts";

const ATTACHMENT = "openstack:compute/volumeAttach:VolumeAttach";
const CONTAINER = "openstack:objectstorage/container:Container";
const OBJECT = "openstack:objectstorage/containerObject:ContainerObject";
const COMMAND = "command:local:Command";

const cases: MeaningCase[] = [
  [
    "a larger volume",
    update(VOLUME, ["size"], { name: "data", from: { size: 1 }, to: { size: 2 } }),
    "changed",
    ["volume data grows from 1 to 2 GiB; its data stay"],
  ],
  [
    "a smaller volume",
    update(VOLUME, ["size"], { name: "data", from: { size: 2 }, to: { size: 1 } }),
    "changed",
    ["volume data is to shrink from 2 to 1 GiB, which Cinder refuses"],
  ],
  [
    "a volume made anew",
    replaced(VOLUME, { name: "data", changed: ["imageId"] }),
    "rebuilt",
    ["volume data is deleted and made anew: its data are lost (image changed)"],
    "volume",
  ],
  [
    "a volume less, with its attachment",
    [aStep("delete", ATTACHMENT, { name: "data", component: "DataVolume" }), aStep("delete", VOLUME, { name: "data" })],
    "reduced",
    ["volume data is deleted: its data are lost"],
    "volume",
  ],
  [
    "a volume on another instance",
    replaced(ATTACHMENT, {
      name: "data",
      component: "DataVolume",
      changed: ["instanceId"],
      from: { instanceId: "a" },
      to: { instanceId: "b" },
    }),
    "interrupted",
    ["volume data moves to another instance; its data stay"],
  ],
  [
    "a volume detached by hand",
    [
      looked(ATTACHMENT, { name: "data", component: "DataVolume", gone: true }),
      aStep("create", ATTACHMENT, { name: "data", component: "DataVolume" }),
    ],
    "mended",
    ["volume data was detached by hand; it is attached again"],
  ],
  [
    "what an interrupted run left of a volume",
    [aStep("delete-replaced", VOLUME, { name: "data" })],
    "reduced",
    ["the old volume data, left by an interrupted run, is deleted"],
    "volume",
  ],
  [
    "a snapshot less",
    [aStep("delete", COMMAND, { name: "before", component: "VolumeSnapshot", role: "snapshot" })],
    "reduced",
    ["snapshot before is deleted: the state it kept is lost"],
    "snapshot",
  ],
  [
    "a snapshot of another volume",
    [
      ...replaced(VOLUME, { name: "data", changed: ["imageId"] }),
      ...replaced(COMMAND, { name: "before", component: "VolumeSnapshot", role: "snapshot", changed: ["triggers"] }),
    ],
    "rebuilt",
    [
      "volume data is deleted and made anew: its data are lost (image changed)",
      "snapshot before is deleted and made anew of what is on the volume now: the old state is lost (image changed)",
    ],
    "snapshot,volume",
  ],
  [
    "a container less, with its objects",
    [
      aStep("delete", OBJECT, { name: "files", component: "ObjectContainer", role: "a-object" }),
      aStep("delete", CONTAINER, { name: "files", component: "ObjectContainer" }),
    ],
    "reduced",
    ["container files is deleted: its objects are lost"],
    "objects",
  ],
  [
    "an object of a container that never came up",
    [
      aStep("delete", OBJECT, {
        name: "files",
        component: "ObjectContainer",
        role: "a-object",
        from: { name: "a.txt" },
      }),
      aStep("delete", CONTAINER, { name: "files", component: "ObjectContainer", initErrors: ["cannot create it"] }),
    ],
    "reduced",
    ["object a.txt is deleted", "container files, which never came up, is deleted"],
    "object",
  ],
  [
    "an object with another text",
    replaced(OBJECT, {
      name: "files",
      component: "ObjectContainer",
      role: "a-object",
      from: { name: "a.txt" },
      changed: ["content"],
    }),
    "rebuilt",
    ["object a.txt is written again: what is in it now is lost (its text changed)"],
    "object",
  ],
];

describe("changes of volumes and objects", () => {
  it.each(cases)("knows what it means: %s", expectMeaning);
});
