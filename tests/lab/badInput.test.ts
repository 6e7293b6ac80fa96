import { describe, expect, it } from "vitest";
import { LAB, labOf, labWith, told } from "./aLab.ts";

const NETWORK = "      network: private\n      floatingIp: public";
const RULES = "[ping, http, { allow: ssh, from: private }]";
const OTHER = "cidr: 192.168.101.0/24";
const ROUTERS =
  "    router1: { gateway: public, interfaces: [private] }\n    router2: { gateway: public, interfaces: [other] }";
const NAMED = "ping, all-icmp, ssh, http, https, all-tcp, all-udp, tcp, udp";

describe("a lab that is right", () => {
  it.each([undefined, "", "more", "less"])("is right at the step %j", (step) => {
    expect(told(LAB, step)).toEqual({ problems: [], warnings: [] });
  });

  it("has its defaults filled in", () => {
    const { student, class: shared } = labOf(LAB);
    expect(student.networks["private"]).toEqual({
      cidr: "192.168.100.0/24",
      dns: ["8.8.8.8"],
      dhcp: true,
      closed: false,
      hostRoutes: [],
    });
    expect(shared.providerNetworks["public"]).toMatchObject({ dhcp: false, shared: false, dns: [] });
    expect(student.volumes).toEqual({});
  });
});

describe("bad input", () => {
  it.each([
    [
      "a network that is not there",
      NETWORK,
      NETWORK.replace("private", "privat"),
      ['lab.yaml:32:7 student.instances.web1.network: "privat" is not a network of this lab; did you mean "private"?'],
    ],
    [
      "a flavor smaller than the image's minimum",
      "flavor: small\n",
      "flavor: tiny\n",
      [
        'lab.yaml:31:7 student.instances.web1.flavor: "tiny" has 128 MiB of memory, but the image "debian" needs 256 MiB; choose a larger flavor',
        'lab.yaml:31:7 student.instances.web1.flavor: "tiny" has a disk of 1 GiB, but the image "debian" needs 4 GiB; choose a larger flavor, or add `bootVolume: {}`',
      ],
    ],
    [
      "volumes smaller than the image's minimum",
      "      web: apache\n",
      "      bootVolume: { sizeGiB: 3 }\n  volumes:\n    data: { image: debian, sizeGiB: 3 }\n",
      [
        'lab.yaml:34:21 student.instances.web1.bootVolume.sizeGiB: 3 GiB is less than the 4 GiB that the image "debian" needs; write at least 4',
        'lab.yaml:36:28 student.volumes.data.sizeGiB: 3 GiB is less than the 4 GiB that the image "debian" needs; write at least 4',
      ],
    ],
    [
      "a VPN with the same addresses on both sides",
      `${OTHER}\n  routers:\n${ROUTERS}`,
      `cidr: 192.168.100.0/24\n  routers:\n${ROUTERS}\n  vpns:\n    tunnel: { between: [router1, router2] }`,
      [
        'lab.yaml:27:15 student.vpns.tunnel.between: 192.168.100.0/24 of "private" and 192.168.100.0/24 of "other" are the same addresses; each side needs its own',
      ],
    ],
    [
      "a quota smaller than what the lab takes",
      "project: {}",
      "project: { quotas: { instances: 0, cores: 1, ramMiB: -1, securityGroupRules: 8 } }",
      [
        "lab.yaml:16:24 student.project.quotas.instances: 0 is less than the lab itself takes: 1; raise it or make the lab smaller",
        "lab.yaml:16:60 student.project.quotas.securityGroupRules: 8 is less than the lab itself takes: 9; raise it or make the lab smaller",
      ],
    ],
    [
      "a key that is misspelt",
      "dns: [8.8.8.8]",
      "dsn: [8.8.8.8]",
      [
        'lab.yaml:20:7 student.networks.private.dsn: is not a key here; did you mean "dns"? (there are cidr, gateway, pools, dns, subnetName, dhcp, closed, hostRoutes, type, physicalNetwork, segmentationId)',
      ],
    ],
    [
      "a rule that there is not",
      RULES,
      "[pnig, { allow: htp }, 5, [x], { alow: http }]",
      [
        `lab.yaml:27:11 student.securityGroups.web.0: "pnig" is none of ${NAMED}; did you mean "ping"?`,
        `lab.yaml:27:19 student.securityGroups.web.1.allow: "htp" is none of ${NAMED}; did you mean "http"?`,
        `lab.yaml:27:33 student.securityGroups.web.2: must be one of ${NAMED} or a mapping, not 5`,
        `lab.yaml:27:36 student.securityGroups.web.3: must be one of ${NAMED} or a mapping, not a list`,
        `lab.yaml:27:41 student.securityGroups.web.4.allow: is missing; it must be one of ${NAMED}`,
        'lab.yaml:27:43 student.securityGroups.web.4.alow: is not a key here; did you mean "allow"? (there are allow, ports, from)',
      ],
    ],
    [
      "ssh from nobody knows where, behind a rule that there is not",
      RULES,
      "[pnig, ssh, { allow: ssh, from: privat }, { allow: http, ports: 81 }, { allow: tcp, ports: 90-80, from: anywhere }]",
      [
        `lab.yaml:27:11 student.securityGroups.web.0: "pnig" is none of ${NAMED}; did you mean "ping"?`,
        "lab.yaml:27:17 student.securityGroups.web.1.from: is missing: say who may log in – a network of the lab, an address range, or anywhere for the whole world",
        'lab.yaml:27:36 student.securityGroups.web.2.from: "privat" is neither a network of this lab (public, private, other) nor a range; did you mean "private"?',
        'lab.yaml:27:67 student.securityGroups.web.3.ports: goes with tcp and udp only; "http" has its own',
        "lab.yaml:27:94 student.securityGroups.web.4.ports: 80 comes before 90; exchange them",
      ],
    ],
    [
      "a floating IP that no router leads to",
      NETWORK,
      "      network: other\n      floatingIp: public\n    web2:\n      image: debian\n      flavor: small\n      network: private\n      floatingIp: publik",
      [
        'lab.yaml:38:7 student.instances.web2.floatingIp: "publik" is not a provider network of this lab; did you mean "public"?',
      ],
    ],
    [
      "a fixed IP that is the gateway's, and one for two",
      NETWORK,
      `${NETWORK}\n      fixedIp: 192.168.100.1\n    a: { image: debian, flavor: small, network: other, fixedIp: 192.168.101.9 }\n    b: { image: debian, flavor: small, network: other, fixedIp: 192.168.101.9 }\n    web3:\n      image: debian\n      flavor: small\n      network: private`,
      [
        "lab.yaml:34:7 student.instances.web1.fixedIp: 192.168.100.1 is the address of the gateway; choose another",
        'lab.yaml:36:56 student.instances.b.fixedIp: 192.168.101.9 is the address of "a" already; choose another',
      ],
    ],
    [
      "a name that every object has",
      "  routers:\n    router1: { gateway: public, interfaces: [private] }",
      "  routers:\n    router1: { gateway: public, interfaces: [constructor] }",
      [
        'lab.yaml:24:46 student.routers.router1.interfaces.0: "constructor" means something else already; use another name',
      ],
    ],
  ] as const)("%s", (_what, part, instead, problems) => {
    expect(told(labWith(part, instead)).problems).toEqual(problems);
  });

  it("is told all at once, whatever kind it is, in the order of the document", () => {
    const text = LAB.replace("lab: demo", "lab: Demo")
      .replace("172.24.4.0/24", "172.24.4.7/24")
      .replace("{ vcpus: 1, ramMiB: 128, diskGiB: 1 }", "{ vcpus: one, ramMiB: 128, diskGib: 1 }")
      .replace("network: private\n", "network: privat\n")
      .replace("web: apache", "web: apach");
    expect(told(text).problems).toEqual([
      'lab.yaml:1:1 lab: "Demo" cannot be part of a host name; use lower-case letters, digits and dashes, with a letter first and no dash at the end',
      'lab.yaml:7:7 class.providerNetworks.public.cidr: "172.24.4.7/24" is an address, not a network; the network is "172.24.4.0/24"',
      'lab.yaml:12:13 class.flavors.tiny.vcpus: must be a number, not "one"',
      'lab.yaml:12:38 class.flavors.tiny.diskGib: is not a key here; did you mean "diskGiB"? (there are existing, vcpus, ramMiB, diskGiB, id)',
      'lab.yaml:32:7 student.instances.web1.network: "privat" is not a network of this lab; did you mean "private"?',
      'lab.yaml:34:7 student.instances.web1.web: "apach" is none of apache, docker; did you mean "apache"?',
    ]);
  });

  it("does not complain of what is missing only because it was wrong itself", () => {
    expect(
      told(labWith("    private:\n      cidr: 192.168.100.0/24\n      dns: [8.8.8.8]\n", "    private:\n")).problems,
    ).toEqual(["lab.yaml:18:5 student.networks.private: is empty; it must be a mapping"]);
  });

  it("names a host name that becomes too long where all share a project", () => {
    const name = "a-name-of-22-character";
    const text = LAB.replace("  project: {}\n", "").replace("    web1:\n      image", `    ${name}:\n      image`);
    expect(told(text).problems).toEqual([
      `lab.yaml:28:5 student.instances.${name}: "${name}" has 22 characters; without a project for each student, course and student become part of the host name, and 21 are left`,
    ]);
    expect(told(text.replaceAll(name, name.slice(0, -1))).problems).toEqual([]);
  });

  it("refuses the name of Neutron's own firewall group where the project is the student's own", () => {
    const text = LAB.replace("  instances:\n", "  firewalls:\n    default: { router: router1 }\n  instances:\n");
    expect(told(text).problems).toEqual([
      'lab.yaml:29:5 student.firewalls.default: "default" is the name of Neutron\'s own firewall group; choose another',
    ]);
    expect(told(text.replace("  project: {}\n", "")).problems).toEqual([]);
  });
});

describe("the types of values", () => {
  it("are told with what is there instead", () => {
    const text = `lab: 5
title: [a]
student:
  networks: []
  instances: { a: 5 }
  volumes:
    v: { sizeGiB: big }
    w: { sizeGiB: 1.5 }
    x: { sizeGiB: 0 }
    y: { sizeGiB: }
  project: { users: { u: { roles: [] } } }
  loadBalancers: { l: { network: n, members: [m], listen: { port: 70000 }, algorithm: round-robin } }
  vpns: { one: { between: [a] }, three: { between: [a, b, c] } }
  containers: { c: { public: "yes" } }
`;
    expect(told(text).problems).toEqual([
      "lab.yaml:1:1 lab: must be a string, not 5; put it in quotes",
      "lab.yaml:2:1 title: must be a string, not a list",
      "lab.yaml:4:3 student.networks: must be a mapping, not a list",
      "lab.yaml:5:16 student.instances.a: must be a mapping, not 5",
      'lab.yaml:7:10 student.volumes.v.sizeGiB: must be a number, not "big"',
      "lab.yaml:8:10 student.volumes.w.sizeGiB: must be a whole number, not 1.5",
      "lab.yaml:9:10 student.volumes.x.sizeGiB: must be at least 1, not 0",
      "lab.yaml:10:10 student.volumes.y.sizeGiB: is empty; it must be a number",
      "lab.yaml:11:28 student.project.users.u.roles: must have at least 1 entry",
      "lab.yaml:12:61 student.loadBalancers.l.listen.port: must be at most 65535, not 70000",
      'lab.yaml:12:76 student.loadBalancers.l.algorithm: "round-robin" is none of ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP; did you mean "ROUND_ROBIN"?',
      "lab.yaml:13:18 student.vpns.one.between: must have at least 2 entries",
      "lab.yaml:13:43 student.vpns.three.between: must have at most 2 entries",
      'lab.yaml:14:22 student.containers.c.public: must be true or false, not "yes"',
    ]);
  });

  it("of a network's addresses may be two", () => {
    const cidr = (text: string) => told(labWith(OTHER, `cidr: ${text}`)).problems;
    expect(cidr("{ of: 10.20.0.0/16, each: 24 }")).toEqual([]);
    expect(cidr("5")).toEqual([
      "lab.yaml:22:7 student.networks.other.cidr: must be a string or a mapping, not 5; put it in quotes",
    ]);
    expect(cidr("{ of: 10.20.0.0/16, eech: 24 }")).toEqual([
      "lab.yaml:22:7 student.networks.other.cidr.each: is missing; it must be a number",
      'lab.yaml:22:33 student.networks.other.cidr.eech: is not a key here; did you mean "each"? (there are of, each)',
    ]);
    expect(cidr("{ of: 10.20.0.0/16, each: 16 }")).toEqual([
      "lab.yaml:22:33 student.networks.other.cidr.each: /16 leaves no two students apart in 10.20.0.0/16; use a longer prefix",
    ]);
  });
});
