import { describe, expect, it } from "vitest";
import { LAB, labOf, labWith, told } from "./aLab.ts";

const OTHER = "cidr: 192.168.101.0/24";

describe("warnings", () => {
  it.each([
    [
      "10.5.117.0/8 is taken for the network that it lies in",
      OTHER,
      "cidr: 10.5.117.0/8",
      'lab.yaml:22:7 student.networks.other.cidr: "10.5.117.0/8" lies in the network 10.0.0.0/8, which is used',
    ],
    [
      "packages are found by name",
      "      dns: [8.8.8.8]\n",
      "",
      "lab.yaml:18:5 student.networks.private: names no name server, and web1 installs packages by name; unless the cloud offers one, write e.g. dns: [8.8.8.8]",
    ],
    [
      "a flavor that is almost one of the lab's",
      "      flavor: small\n",
      "      flavor: smal\n",
      'lab.yaml:31:7 student.instances.web1.flavor: "smal" is not a flavor of this lab, so the cloud\'s own is looked for; did you mean "small"?',
    ],
  ])("%s", (_what, part, instead, warning) => {
    expect(told(labWith(part, instead))).toEqual({ problems: [], warnings: [warning] });
  });

  it("come with the network that is used instead", () => {
    expect(labOf(labWith(OTHER, "cidr: 10.5.117.0/8")).student.networks["other"]?.cidr).toBe("10.0.0.0/8");
  });
});

describe("a step", () => {
  it("that there is not is named with those that there are", () => {
    expect(told(LAB, "mor").problems).toEqual([
      'lab.yaml:35:1 steps: there is no step "mor"; the lab has more, less; did you mean "more"?',
    ]);
  });

  it("is where its own mistakes are told", () => {
    const text = labWith("web2: { image: debian,", "web2: { image: debian, fixedIp: 192.168.7.1,");
    expect(told(text).problems).toEqual([]);
    const problem =
      "lab.yaml:40:32 student.instances.web2.fixedIp: 192.168.7.1 is not a usable address of 192.168.100.0/24; choose one from 192.168.100.1 to 192.168.100.254";
    expect(told(text, "more").problems).toEqual([problem]);
    expect(told(text, "less").problems).toEqual([problem]);
  });

  it("has a mistake of the document told where the document has it", () => {
    expect(told(labWith("web: apache", "web: apach"), "more").problems).toEqual([
      'lab.yaml:34:7 student.instances.web1.web: "apach" is none of apache, docker; did you mean "apache"?',
    ]);
  });

  it("has a name of its own", () => {
    expect(told(labWith("name: less", "name: more")).problems).toEqual([
      'lab.yaml:41:5 steps.1.name: "more" is the name of an earlier step; each needs its own',
    ]);
  });
});

describe("a Packstack host", () => {
  const host = (address: string, more = "") =>
    told(
      labWith("  flavors:\n", `  packstackHost: { providerNetwork: public, address: ${address}${more} }\n  flavors:\n`),
    ).problems.map((line) => line.replace("class.packstackHost.", ""));
  it("has an address of its own in the provider network", () => {
    expect(host("172.24.4.5/24")).toEqual([]);
    expect(host("172.24.4.5")).toEqual([
      'lab.yaml:10:45 address: "172.24.4.5" is not an address with its prefix length; write one like "10.5.117.100/8"',
    ]);
    expect(host("172.24.4.5/16")).toEqual([
      "lab.yaml:10:45 address: /16 is not the prefix length of the provider network 172.24.4.0/24; write 172.24.4.5/24",
    ]);
    expect(host("172.24.4.1/24")).toEqual([
      "lab.yaml:10:45 address: 172.24.4.1 is the gateway's address; the host needs its own",
    ]);
    expect(host("172.24.4.99/24")).toEqual([
      "lab.yaml:10:45 address: 172.24.4.99 lies in the pool 172.24.4.10-172.24.4.250, which is given out; choose another",
    ]);
  });

  it("has names of network interfaces, which become names of files", () => {
    expect(host("172.24.4.5/24", ", bridge: ../../etc/passwd")).toEqual([
      'lab.yaml:10:69 bridge: "../../etc/passwd" cannot be a network interface; use at most 15 letters, digits, dashes, dots',
    ]);
  });
});
