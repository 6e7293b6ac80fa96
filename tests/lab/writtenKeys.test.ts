import { expect, it } from "vitest";
import { labWith, told } from "./aLab.ts";

const IMAGE = "debian: { file: debian.qcow2, minDiskGiB: 4, minRamMiB: 256 }";
const NETWORK = `physicalNetwork: public
      cidr: 172.24.4.0/24
      gateway: 172.24.4.1
      pools: [172.24.4.10-172.24.4.250]`;

it("an existing image is not given properties", () => {
  const text = (image: string) => labWith(IMAGE, `debian: { existing: debian-12, ${image} }`);
  expect(told(text("loginUser: me")).problems).toEqual([]);
  expect(told(text("properties: { hw_disk_bus: virtio }")).problems).toEqual([
    "lab.yaml:14:36 class.images.debian.properties: cannot be set: the image exists already and is only used",
  ]);
});

it.each(["shared", "dhcp"])("%s of an existing provider network is not changed", (key) => {
  const problems = (value: boolean) => told(labWith(NETWORK, `existing: campus\n      ${key}: ${value}`)).problems;
  expect(problems(false)).toEqual([]);
  expect(problems(true)).toEqual([
    "lab.yaml:6:7 class.providerNetworks.public.existing: stands alone: the network is there already, nothing of it is changed",
  ]);
});

it("a load balancer's security groups are of the lab", () => {
  const balancer = "{ network: private, members: [web1], securityGroups: [web, wbe] }";
  expect(
    told(labWith("steps:\n  - name: more", `  loadBalancers:\n    lb: ${balancer}\nsteps:\n  - name: more`)).problems,
  ).toEqual([
    'lab.yaml:36:46 student.loadBalancers.lb.securityGroups: "wbe" is not a security group of this lab; did you mean "web"?',
  ]);
});
