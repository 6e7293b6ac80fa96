import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { haproxyUserData } from "../../cloud-init/haproxy.ts";
import { LoadBalancer } from "../../components/loadBalancer.ts";
import type { LoadBalancerArgs } from "../../components/loadBalancerArgs.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

const octavia: LoadBalancerArgs = {
  vipNetworkId: "net-id",
  vipSubnetId: "subnet-id",
  listener: { protocol: "HTTP", port: 80 },
  members: {
    web1: { address: "10.0.7.5", port: 80 },
    web2: { address: "10.0.8.6", port: 8080, subnetId: "other-subnet-id" },
  },
  backend: { kind: "octavia" },
  tags: ["course:dev", "student:kim"],
};
const instance = {
  kind: "instance" as const,
  imageId: "image-id",
  imageName: "debian-12",
  flavorId: "flavor-id",
  keyPairName: "kim",
};
const monitor = { type: "HTTP" as const, delaySeconds: 5, timeoutSeconds: 5, maxRetries: 3 };
const withFloatingIp = { floatingIpPool: "public", routerInterfaceId: "interface-id" };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("LoadBalancer with Octavia", () => {
  it("has a listener, a pool and its members", async () => {
    const balancer = new LoadBalancer("lb", octavia);
    await cloud.drain();
    expect(await valueOf(balancer.vipAddress)).toBe("VIP of lb-load-balancer");
    expect(await valueOf(balancer.vipPortId)).toBe("VIP port of lb-load-balancer");
    expect(balancer.floatingIp).toBeUndefined();
    expect(balancer.instanceId).toBeUndefined();
    const tags = ["course:dev", "student:kim"];
    expect(cloud.only(TYPES.loadBalancer)).toEqual({ name: "lb", vipSubnetId: "subnet-id", tags });
    expect(cloud.only(TYPES.listener)).toEqual({
      name: "lb-listener",
      loadbalancerId: "lb-load-balancer-id",
      protocol: "HTTP",
      protocolPort: 80,
      tags,
    });
    expect(cloud.only(TYPES.pool)).toEqual({
      name: "lb-pool",
      listenerId: "lb-listener-id",
      protocol: "HTTP",
      lbMethod: "ROUND_ROBIN",
    });
    expect(cloud.named(TYPES.member, "lb-web1-member")).toEqual({
      name: "web1",
      poolId: "lb-pool-id",
      address: "10.0.7.5",
      protocolPort: 80,
      subnetId: "subnet-id",
    });
    expect(cloud.named(TYPES.member, "lb-web2-member")).toMatchObject({
      address: "10.0.8.6",
      protocolPort: 8080,
      subnetId: "other-subnet-id",
    });
    expect(cloud.registrations.map(({ type }) => type)).not.toContain(TYPES.monitor);
  });

  it("asks members for a page, or for a connection", async () => {
    new LoadBalancer("page", { ...octavia, monitor: { ...monitor, path: "/health" } });
    new LoadBalancer("port", { ...octavia, monitor: { ...monitor, type: "TCP" } });
    await cloud.drain();
    const times = { delay: 5, timeout: 5, maxRetries: 3, maxRetriesDown: 3 };
    expect(cloud.named(TYPES.monitor, "page-monitor")).toEqual({
      name: "page-monitor",
      poolId: "page-pool-id",
      type: "HTTP",
      ...times,
      urlPath: "/health",
      httpMethod: "GET",
      expectedCodes: "200",
    });
    expect(cloud.named(TYPES.monitor, "port-monitor")).toEqual({
      name: "port-monitor",
      poolId: "port-pool-id",
      type: "TCP",
      ...times,
    });
  });

  it("has the virtual IP, the name, the groups, the way of choosing and the floating IP that are asked for", async () => {
    const balancer = new LoadBalancer("lb", {
      ...octavia,
      ...withFloatingIp,
      loadBalancerName: "LB1",
      vipAddress: "10.0.7.99",
      securityGroupIds: ["group-id"],
      algorithm: "SOURCE_IP",
    });
    await cloud.drain();
    expect(balancer.floatingIp === undefined ? "" : await valueOf(balancer.floatingIp)).toBe("172.24.4.99");
    expect(cloud.only(TYPES.loadBalancer)).toMatchObject({
      name: "LB1",
      vipAddress: "10.0.7.99",
      securityGroupIds: ["group-id"],
    });
    expect(cloud.only(TYPES.pool)["lbMethod"]).toBe("SOURCE_IP");
    expect(cloud.only(TYPES.floatingIp)["portId"]).toBe("VIP port of lb-load-balancer");
  });
});

describe("LoadBalancer with an instance", () => {
  const args: LoadBalancerArgs = { ...octavia, backend: instance };

  it("is HAProxy on a port of its own, with the same outputs", async () => {
    const balancer = new LoadBalancer("lb", { ...args, ...withFloatingIp, securityGroupIds: ["group-id"], monitor });
    await cloud.drain();
    expect(await valueOf(balancer.vipAddress)).toBe("fixed IP of lb-vip-port");
    expect(await valueOf(balancer.vipPortId)).toBe("lb-vip-port-id");
    expect(balancer.instanceId === undefined ? "" : await valueOf(balancer.instanceId)).toBe("lb-instance-id");
    expect(balancer.floatingIp === undefined ? "" : await valueOf(balancer.floatingIp)).toBe("172.24.4.99");
    expect(cloud.only(TYPES.port)).toEqual({
      name: "lb-vip-port",
      networkId: "net-id",
      fixedIps: [{ subnetId: "subnet-id" }],
      securityGroupIds: ["group-id"],
      tags: ["course:dev", "student:kim"],
    });
    expect(cloud.only(TYPES.instance)).toEqual({
      name: "lb",
      imageId: "image-id",
      flavorId: "flavor-id",
      keyPair: "kim",
      networks: [{ port: "lb-vip-port-id" }],
      userData: haproxyUserData({
        instanceName: "lb",
        listener: { protocol: "HTTP", port: 80 },
        algorithm: "ROUND_ROBIN",
        members: [
          { name: "web1", address: "10.0.7.5", port: 80 },
          { name: "web2", address: "10.0.8.6", port: 8080 },
        ],
        monitor,
        packageFamily: "debian",
      }),
      metadata: { course: "dev", student: "kim" },
    });
    expect(cloud.only(TYPES.floatingIp)["portId"]).toBe("lb-vip-port-id");
    expect(cloud.registrations.map(({ type }) => type)).not.toContain(TYPES.loadBalancer);
    expect(cloud.registrations.map(({ type }) => type)).not.toContain(TYPES.command);
  });

  it("keeps its port when its members change", async () => {
    new LoadBalancer("lb", { ...args, vipAddress: "10.0.7.99" });
    await cloud.drain();
    const port = cloud.only(TYPES.port);
    const userData = cloud.only(TYPES.instance)["userData"];
    cloud = await mockCloud();
    new LoadBalancer("lb", { ...args, vipAddress: "10.0.7.99", members: { web3: { address: "10.0.7.7", port: 80 } } });
    await cloud.drain();
    expect(cloud.only(TYPES.port)).toEqual(port);
    expect(cloud.only(TYPES.instance)["userData"]).not.toBe(userData);
  });

  it("waits for the addresses of its members", async () => {
    let announce: (address: string) => void = () => undefined;
    const address = new Promise<string>((resolve) => (announce = resolve));
    const balancer = new LoadBalancer("lb", { ...args, members: { web1: { address, port: 80 } } });
    await valueOf(balancer.vipAddress);
    expect(cloud.registrations.map(({ type }) => type)).not.toContain(TYPES.instance);
    announce("10.0.7.42");
    await cloud.drain();
    expect(cloud.only(TYPES.instance)["userData"]).toContain("server web1 10.0.7.42:80");
  });

  it.each([
    ["HTTP" as const, { CHECK: "page", PAGE: ":8080/load-balancer-ready.txt" }],
    ["TCP" as const, { CHECK: "port", TCP_PORT: "8080" }],
  ])("waits at the floating IP until the %s listener answers", async (protocol, check) => {
    new LoadBalancer("lb", {
      ...args,
      ...withFloatingIp,
      listener: { protocol, port: 8080 },
      backend: { ...instance, readiness: { timeoutSeconds: 90 } },
    });
    await cloud.drain();
    expect(cloud.only(TYPES.command)["environment"]).toEqual({
      INSTANCE_ID: "lb-instance-id",
      INSTANCE_NAME: "lb",
      ADDRESS: "172.24.4.99",
      TIMEOUT_SECONDS: "90",
      REACH: "",
      CONSOLE_LOG: "",
      ...check,
    });
  });
});

describe("the arguments of a LoadBalancer", () => {
  it.each<[Partial<LoadBalancerArgs>, string]>([
    [{ loadBalancerName: "" }, "loadBalancerName: is empty"],
    [{ vipAddress: "10.0.7" }, 'vipAddress: "10.0.7" is not an IPv4 address'],
    [{ listener: { protocol: "HTTP", port: 0 } }, "listener.port: 0 is not a port; choose one from 1 to 65535"],
    [{ members: {} }, "members: names no member"],
    [{ members: { "web 1": { address: "10.0.7.5", port: 80 } } }, "members.web 1: a member's name has only letters"],
    [{ members: { web1: { address: "web1", port: 80 } } }, 'members.web1.address: "web1" is not an IPv4 address'],
    [{ members: { web1: { address: "10.0.7.5", port: 70_000 } } }, "members.web1.port: 70000 is not a port"],
    [{ monitor: { ...monitor, delaySeconds: 0 } }, "monitor.delaySeconds: 0 is not a whole number of seconds"],
    [{ monitor: { ...monitor, timeoutSeconds: 1.5 } }, "monitor.timeoutSeconds: 1.5 is not a whole number of seconds"],
    [{ monitor: { ...monitor, timeoutSeconds: 6 } }, "monitor.timeoutSeconds: 6 is longer than the 5 s between"],
    [{ monitor: { ...monitor, maxRetries: 11 } }, "monitor.maxRetries: 11 is not a whole number from 1 to 10"],
    [{ monitor: { ...monitor, type: "TCP", path: "/" } }, "monitor.path: TCP asks for no path"],
    [{ monitor: { ...monitor, path: "/a\n    bind :22" } }, "is not the path of a page"],
    [{ floatingIpPool: "public" }, "give both or neither"],
    [{ backend: { ...instance, imageName: "mine" } }, "backend.loginUser: the login user does not follow"],
    [{ backend: { ...instance, imageName: "cirros" } }, 'backend.imageName: the image "cirros" has no cloud-init'],
    [{ backend: { ...instance, imageName: "centos7" } }, "so haproxy cannot be installed"],
    [{ backend: { ...instance, timeoutMinutes: 0 } }, "backend.timeoutMinutes: 0 is not a whole number of minutes"],
    [{ backend: { ...instance, readiness: {} } }, "backend.readiness: can only wait at a floating IP"],
    [
      { backend: instance, listener: { protocol: "TCP", port: 22 } },
      "backend.kind: the instance's own SSH server is on port 22",
    ],
    [
      {
        backend: instance,
        members: Object.fromEntries(
          Array.from({ length: 2000 }, (_, index) => [`web${index}`, { address: "10.0.7.5", port: 80 }]),
        ),
      },
      "backend.kind: 2000 members make",
    ],
  ])("are refused and nothing is registered: %#", async (wrong, reason) => {
    expect(() => new LoadBalancer("lb", { ...octavia, ...wrong })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });

  it("have no logical name that HAProxy cannot read", () => {
    expect(() => new LoadBalancer("l b", { ...octavia, backend: instance })).toThrow("goes into haproxy.cfg");
    expect(new LoadBalancer("l b", octavia).instanceId).toBeUndefined();
  });
});
