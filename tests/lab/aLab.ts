import { parseLab, placedText } from "../../lab/parseLab.ts";
import type { Lab } from "../../lab/labSchema.ts";

/** A lab that is right, with one of most things. */
export const LAB = `lab: demo
title: A lab for tests
class:
  providerNetworks:
    public:
      physicalNetwork: public
      cidr: 172.24.4.0/24
      gateway: 172.24.4.1
      pools: [172.24.4.10-172.24.4.250]
  flavors:
    small: { vcpus: 1, ramMiB: 512, diskGiB: 4 }
    tiny: { vcpus: 1, ramMiB: 128, diskGiB: 1 }
  images:
    debian: { file: debian.qcow2, minDiskGiB: 4, minRamMiB: 256 }
student:
  project: {}
  networks:
    private:
      cidr: 192.168.100.0/24
      dns: [8.8.8.8]
    other:
      cidr: 192.168.101.0/24
  routers:
    router1: { gateway: public, interfaces: [private] }
    router2: { gateway: public, interfaces: [other] }
  securityGroups:
    web: [ping, http, { allow: ssh, from: private }]
  instances:
    web1:
      image: debian
      flavor: small
      network: private
      floatingIp: public
      web: apache
steps:
  - name: more
    does: A second server.
    student:
      instances:
        web2: { image: debian, flavor: small, network: private }
  - name: less
    does: The first one goes.
    student:
      instances:
        web1: null
`;

/** The lab with one part of its text exchanged. */
export function labWith(part: string, instead: string): string {
  if (LAB.split(part).length !== 2) throw new Error(`"${part}" must be in the lab exactly once`);
  return LAB.replace(part, () => instead);
}

/** What is printed about a document: problems and warnings. */
export function told(text: string, step?: string): { problems: string[]; warnings: string[] } {
  const parsed = parseLab(text, step);
  const lines = (printed: string) => (printed === "" ? [] : printed.split("\n"));
  return {
    problems: parsed.ok ? [] : lines(placedText("lab.yaml", parsed.problems)),
    warnings: lines(placedText("lab.yaml", parsed.warnings)),
  };
}

/** The lab of a document that must be right. */
export function labOf(text: string, step?: string): Lab {
  const parsed = parseLab(text, step);
  if (!parsed.ok) throw new Error(placedText("lab.yaml", parsed.problems));
  return parsed.lab;
}
