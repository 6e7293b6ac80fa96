import { expect, it } from "vitest";
import { bootImageOf } from "../../lab/bootImage.ts";
import { labOf, labWith, told } from "./aLab.ts";

const lab = (first: string) =>
  labWith(
    "steps:\n  - name: more",
    `    web2: { bootFromVolume: third, flavor: small, network: private }
  volumes:
    first: { sizeGiB: 4${first} }
    second: { sizeGiB: 4, fromSnapshot: of-first }
    third: { sizeGiB: 4, fromSnapshot: of-second }
  snapshots:
    of-first: { of: first }
    of-second: { of: second }
steps:
  - name: more`,
  );

it("an instance boots what was on the volume that its own one was snapshotted from, at any remove", () => {
  const right = labOf(lab(", image: debian"));
  const { web1, web2 } = right.student.instances;
  expect([web1, web2].map((each) => each && bootImageOf(right, each))).toEqual(["debian", "debian"]);
});

it("a volume made from the snapshot of an empty one is empty too", () => {
  expect(told(lab("")).problems).toEqual([
    'lab.yaml:35:13 student.instances.web2.bootFromVolume: "first" is empty; say its `image:`',
  ]);
});
