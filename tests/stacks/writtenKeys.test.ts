import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TYPES } from "../support/mockCloud.ts";
import { programRun, type ProgramRun } from "../support/programRun.ts";
import { labDocument } from "./labFixture.ts";

const instances = { web1: { image: "cirros", flavor: "m1.nano", network: "private" } };
const publicNetwork = { physicalNetwork: "public", cidr: "172.24.4.0/24" };

let program: ProgramRun;
beforeEach(async () => {
  program = await programRun();
});
afterEach(() => program.close());

const build = async (change: { class?: object; student?: object }) => {
  await program.run(labDocument({ ...change, student: { instances, ...change.student } }));
  await program.cloud.drain();
  return program.cloud;
};

describe("what a lab says reaches the cloud", () => {
  it("of a student's closed network", async () => {
    const closed = {
      ...{ cidr: "10.0.8.0/24", closed: true, subnetName: "sub", hostRoutes: [{ to: "10.9.0.0/16", via: "10.0.8.9" }] },
      ...{ type: "vlan", physicalNetwork: "public", segmentationId: 42 },
    };
    const { named } = await build({ student: { networks: { private: { cidr: "10.0.7.0/24" }, closed } } });
    expect(named(TYPES.network, "dev-kim-closed-network")["segments"]).toEqual([
      { networkType: "vlan", physicalNetwork: "public", segmentationId: 42 },
    ]);
    expect(named(TYPES.subnet, "dev-kim-closed-subnet")).toMatchObject({ name: "sub", noGateway: true });
    expect(named(TYPES.subnetRoute, "dev-kim-closed-10.9.0.0-16-route")).toMatchObject({ nextHop: "10.0.8.9" });
  });

  it("of a network that all share", async () => {
    const sharedNetworks = { all: { cidr: "10.0.9.0/24", subnetName: "sub-all" } };
    const { named } = await build({ class: { providerNetworks: { public: publicNetwork }, sharedNetworks } });
    expect(named(TYPES.subnet, "dev-all-subnet")["name"]).toBe("sub-all");
  });

  it("of the image of a load balancer's instance", async () => {
    const loadBalancers = {
      lb: { network: "private", members: ["web1"], madeOf: "instance", image: "own", flavor: "m1.nano" },
    };
    const images = { own: { existing: "cirros", loginUser: "rocky" } };
    const { named } = await build({
      class: { providerNetworks: { public: publicNetwork }, images },
      student: { loadBalancers },
    });
    expect(named(TYPES.instance, "dev-kim-lb-instance")["userData"]).toContain("haproxy_connect_any");
  });
});
