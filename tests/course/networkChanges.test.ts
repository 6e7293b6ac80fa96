import { describe, it } from "vitest";
import { aStep, INSTANCE, looked, replaced, update } from "./aStep.ts";
import { expectMeaning, type MeaningCase } from "./expectMeaning.ts";

const PORT = "openstack:networking/port:Port";
const FLOATING_IP = "openstack:networking/floatingIp:FloatingIp";
const NETWORK = "openstack:networking/network:Network";
const SUBNET = "openstack:networking/subnet:Subnet";
const ROUTER = "openstack:networking/router:Router";
const GROUP = "openstack:networking/secGroup:SecGroup";
const RULE = "openstack:networking/secGroupRule:SecGroupRule";

const sshRule = { protocol: "tcp", portRangeMin: 22, portRangeMax: 22, remoteIpPrefix: "0.0.0.0/0" };

const cases: MeaningCase[] = [
  [
    "another fixed IP",
    update(PORT, ["fixedIps"], {
      from: { fixedIps: [{ ipAddress: "10.0.0.5", subnetId: "s" }] },
      to: { fixedIps: [{ ipAddress: "10.0.0.6", subnetId: "s" }] },
    }),
    "interrupted",
    ["port of web1 gets 10.0.0.6 instead of 10.0.0.5; the instance knows it only after DHCP or a reboot"],
  ],
  [
    "a port made anew",
    [
      ...replaced(PORT, { changed: ["networkId"], outputs: { allFixedIps: ["10.0.0.5"] } }),
      ...replaced(INSTANCE, { changed: ["networks"] }),
    ],
    "rebuilt",
    [
      "port of web1 is made anew: its address 10.0.0.5 becomes another one (network id changed)",
      "instance web1 is rebuilt: its disk is lost (network id changed)",
    ],
    "disk",
  ],
  [
    "a port made anew with the same address",
    replaced(PORT, { changed: ["macAddress"], from: { fixedIps: [{ ipAddress: "10.0.0.5" }] } }),
    "interrupted",
    ["port of web1 is made anew with the same address 10.0.0.5 (mac address changed)"],
  ],
  [
    "another security group",
    update(PORT, ["securityGroupIds"]),
    "changed",
    ["port of web1 gets other security groups: what reaches it changes"],
  ],
  [
    "another floating IP",
    replaced(FLOATING_IP, { changed: ["pool"], outputs: { address: "203.0.113.7" } }),
    "interrupted",
    [
      "floating IP of web1 becomes another address instead of 203.0.113.7: URL and ssh command change (the network outside changed)",
    ],
  ],
  [
    "a floating IP moved",
    update(FLOATING_IP, ["portId"], { from: { portId: "a" }, to: { portId: "b" } }),
    "interrupted",
    ["floating IP of web1 leads to another instance"],
  ],
  [
    "a floating IP disconnected by hand",
    [
      looked(FLOATING_IP, { from: { portId: "a" }, to: { portId: "" }, changed: ["portId"] }),
      ...update(FLOATING_IP, ["portId"], { from: { portId: "" }, to: { portId: "a" } }),
    ],
    "mended",
    ["floating IP of web1 was disconnected by hand; it is connected again"],
  ],
  [
    "other tags of a floating IP",
    update(FLOATING_IP, ["tags"]),
    "changed",
    ["floating IP of web1 is changed (tags changed)"],
  ],
  [
    "a floating IP less",
    [aStep("delete", FLOATING_IP, { outputs: { address: "203.0.113.7" } })],
    "reduced",
    ["floating IP of web1 is given up: 203.0.113.7 leads nowhere, and may become somebody else's"],
  ],
  [
    "another address range",
    replaced(SUBNET, {
      name: "lan",
      component: "SelfServiceNetwork",
      changed: ["cidr"],
      from: { cidr: "10.0.0.0/24" },
      to: { cidr: "10.0.1.0/24" },
    }),
    "interrupted",
    [
      "subnet of lan is made anew, 10.0.1.0/24 instead of 10.0.0.0/24: every address on it changes, and Neutron refuses it while an instance is on it",
    ],
  ],
  [
    "other name servers",
    update(SUBNET, ["dnsNameservers"], { name: "lan", component: "SelfServiceNetwork" }),
    "changed",
    ["subnet of lan gets other name servers, which instances hear of by DHCP (name servers changed)"],
  ],
  [
    "a network made anew",
    replaced(NETWORK, { name: "lan", component: "SelfServiceNetwork", changed: ["segments"] }),
    "interrupted",
    ["network lan is made anew: everything on it is cut off and has to move (segments changed)"],
  ],
  [
    "a router made anew",
    replaced(ROUTER, { name: "r1", component: "RouterWithGateway", changed: ["region"] }),
    "interrupted",
    ["router r1 is made anew: connections in and out end, and its public address changes (region changed)"],
  ],
  [
    "a rule more",
    [aStep("create", RULE, { name: "web", component: "InstanceSecurityGroup", to: sshRule })],
    "changed",
    ["security group web opens tcp 22 from 0.0.0.0/0"],
  ],
  [
    "a rule less",
    [aStep("delete", RULE, { name: "web", component: "InstanceSecurityGroup", from: sshRule })],
    "changed",
    ["security group web closes tcp 22 from 0.0.0.0/0: new connections are kept out"],
  ],
  [
    "a rule that becomes another",
    replaced(RULE, {
      name: "web",
      component: "InstanceSecurityGroup",
      changed: ["remoteIpPrefix"],
      from: sshRule,
      to: { remoteIpPrefix: "10.0.0.0/8" },
    }),
    "changed",
    ["security group web opens tcp 22 from 10.0.0.0/8 instead of tcp 22 from 0.0.0.0/0 (remote ip prefix changed)"],
  ],
  [
    "a rule deleted by hand",
    [
      looked(RULE, { name: "web", component: "InstanceSecurityGroup", gone: true }),
      aStep("create", RULE, { name: "web", component: "InstanceSecurityGroup", to: sshRule }),
    ],
    "mended",
    ["security group web was closed by hand for tcp 22 from 0.0.0.0/0; it is opened again"],
  ],
  [
    "a security group more, with its rules",
    [
      aStep("create", GROUP, { name: "db", component: "InstanceSecurityGroup" }),
      aStep("create", RULE, { name: "db", component: "InstanceSecurityGroup", role: "ssh-rule", to: sshRule }),
    ],
    "added",
    ["security group db is made"],
  ],
];

describe("changes of networks and addresses", () => {
  it.each(cases)("knows what it means: %s", expectMeaning);
});
