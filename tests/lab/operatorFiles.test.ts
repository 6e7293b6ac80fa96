import { expect, it } from "vitest";
import { packstackFiles } from "../../lab/operatorFiles.ts";
import { readLab } from "../../labs/readLab.ts";
import { labWith } from "../stacks/labFixture.ts";

it("the Packstack lab has the files of its host, as the notes have them", () => {
  expect(packstackFiles(readLab("packstack").lab, 2)).toEqual({
    "ifcfg-br-ex": `DEVICE=br-ex
DEVICETYPE=ovs
TYPE=OVSBridge
BOOTPROTO=static
IPADDR=10.5.117.100
PREFIX=8
GATEWAY=10.0.0.1
DNS1=8.8.8.8
ONBOOT=yes
`,
    "ifcfg-eth0": `DEVICE=eth0
DEVICETYPE=ovs
TYPE=OVSPort
OVS_BRIDGE=br-ex
ONBOOT=yes
`,
    "packstack-answers.txt": `CONFIG_CEILOMETER_INSTALL=n
CONFIG_PANKO_INSTALL=n
CONFIG_PROVISION_DEMO=n
CONFIG_NEUTRON_OVS_BRIDGE_IFACES=br-ex:eth0
CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS=extnet:br-ex
`,
    "vnc-ports.txt": `10.5.117.100:5901 -> compute:5900
10.5.117.100:5902 -> compute:5901
`,
    "check.txt": "ovs-vsctl show\n",
  });
});

it("another host has its own names, and consoles under its public address", () => {
  const lab = labWith({
    class: {
      providerNetworks: { public: { cidr: "10.1.2.0/24", dns: ["10.1.2.1", "10.1.2.2"], physicalNetwork: "outside" } },
      packstackHost: {
        ...{ providerNetwork: "public", address: "10.1.2.3/24", interface: "ens3", bridge: "br-out" },
        publicAddress: "192.0.2.9",
      },
    },
  });
  const files = packstackFiles(lab, 1);
  expect(Object.keys(files)).toEqual([
    "ifcfg-br-out",
    "ifcfg-ens3",
    "packstack-answers.txt",
    "vnc-ports.txt",
    "check.txt",
  ]);
  expect(files["ifcfg-br-out"]).toContain("GATEWAY=10.1.2.1\nDNS1=10.1.2.1\nDNS2=10.1.2.2\n");
  expect(files["packstack-answers.txt"]).toContain("BRIDGE_IFACES=br-out:ens3\n");
  expect(files["packstack-answers.txt"]).toContain("BRIDGE_MAPPINGS=outside:br-out\n");
  expect(files["vnc-ports.txt"]).toBe("192.0.2.9:5901 -> compute:5900\n");
});

it("a lab without a Packstack host has none", () => {
  expect(packstackFiles(labWith(), 1)).toEqual({});
});
