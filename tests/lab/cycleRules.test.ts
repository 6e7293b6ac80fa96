import { expect, it } from "vitest";
import { labWith, told } from "./aLab.ts";

const END = "steps:\n  - name: more";
const withVolumes = (student: string) => labWith(END, `${student}${END}`);

it("instances that lend each other their floating IPs are named, and what to leave out", () => {
  const text = labWith(
    "      floatingIp: public\n      web: apache\n",
    `      floatingIp: public
      floatingIpTo: web2
    web2: { image: debian, flavor: small, network: private, floatingIp: public, floatingIpTo: web3 }
    web3: { image: debian, flavor: small, network: private, floatingIp: public, floatingIpTo: web1 }
`,
  );
  expect(told(text).problems).toEqual([
    "lab.yaml:36:81 student.instances.web3.floatingIpTo: closes a ring of which none can be made first: instances.web1 → instances.web2 → instances.web3 → instances.web1; change or leave out one of student.instances.web1.floatingIpTo, student.instances.web2.floatingIpTo, student.instances.web3.floatingIpTo",
  ]);
});

it("an instance that lends its floating IP to itself is told once", () => {
  const problems = told(labWith("floatingIp: public", "floatingIp: public\n      floatingIpTo: web1")).problems;
  expect(problems).toEqual([
    'lab.yaml:34:7 student.instances.web1.floatingIpTo: "web1" is not another instance of this lab (there is none)',
  ]);
});

it("a volume attached to the instance that boots from it", () => {
  const text = withVolumes("  volumes:\n    disk: { sizeGiB: 4, image: debian, attachedTo: web1 }\n").replace(
    "image: debian\n",
    "bootFromVolume: disk\n",
  );
  expect(told(text).problems).toEqual([
    "lab.yaml:36:40 student.volumes.disk.attachedTo: closes a ring of which none can be made first: instances.web1 → volumes.disk → instances.web1; change or leave out one of student.instances.web1.bootFromVolume, student.volumes.disk.attachedTo",
  ]);
});

it("volumes made from each other's snapshots, and one made from its own, are told together", () => {
  const text = withVolumes(`  volumes:
    a: { sizeGiB: 1, fromSnapshot: of-b }
    b: { sizeGiB: 1, fromSnapshot: of-a }
    c: { sizeGiB: 1, fromSnapshot: of-c }
  snapshots:
    of-a: { of: a }
    of-b: { of: b }
    of-c: { of: c }
`);
  expect(told(text).problems).toEqual([
    "lab.yaml:40:13 student.snapshots.of-a.of: closes a ring of which none can be made first: volumes.a → snapshots.of-b → volumes.b → snapshots.of-a → volumes.a; change or leave out one of student.volumes.a.fromSnapshot, student.snapshots.of-b.of, student.volumes.b.fromSnapshot, student.snapshots.of-a.of",
    "lab.yaml:42:13 student.snapshots.of-c.of: closes a ring of which none can be made first: volumes.c → snapshots.of-c → volumes.c; change or leave out one of student.volumes.c.fromSnapshot, student.snapshots.of-c.of",
  ]);
});

it("things that are needed by many are no ring", () => {
  const text =
    withVolumes(`    web2: { image: debian, flavor: small, network: private, floatingIp: public, floatingIpTo: web3 }
    web3: { bootFromVolume: copy, flavor: small, network: private }
  volumes:
    first: { sizeGiB: 4, image: debian, attachedTo: web1 }
    copy: { sizeGiB: 4, fromSnapshot: of-first }
    other: { sizeGiB: 4, fromSnapshot: of-first, attachedTo: web3 }
  snapshots:
    of-first: { of: first }
`);
  expect(told(text).problems).toEqual([]);
});
