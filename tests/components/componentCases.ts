import type * as pulumi from "@pulumi/pulumi";
import { ClosedNetwork } from "../../components/closedNetwork.ts";
import { DataVolume } from "../../components/dataVolume.ts";
import { FirewallGroup } from "../../components/firewallGroup.ts";
import { FlavorCatalog } from "../../components/flavorCatalog.ts";
import { HostAggregate } from "../../components/hostAggregate.ts";
import { ImageCatalog } from "../../components/imageCatalog.ts";
import { InstanceSecurityGroup } from "../../components/instanceSecurityGroup.ts";
import { KeyPair } from "../../components/keyPair.ts";
import { LoadBalancer } from "../../components/loadBalancer.ts";
import type { LoadBalancerArgs } from "../../components/loadBalancerArgs.ts";
import { ObjectContainer } from "../../components/objectContainer.ts";
import { ProviderNetwork } from "../../components/providerNetwork.ts";
import { RouterWithGateway } from "../../components/routerWithGateway.ts";
import { SelfServiceNetwork } from "../../components/selfServiceNetwork.ts";
import { SiteToSiteVpn } from "../../components/siteToSiteVpn.ts";
import { StudentProject } from "../../components/studentProject.ts";
import { UserGroup } from "../../components/userGroup.ts";
import { VolumeSnapshot } from "../../components/volumeSnapshot.ts";
import { WebServerInstance } from "../../components/webServerInstance.ts";
import { PUBLIC_KEY } from "../support/publicKey.ts";
import type { RegisteredOptions } from "../support/registeredOptions.ts";

/** A component named "x" with every kind of its children, and their options beside parent and provider, which always are the same. */
interface ComponentCase {
  build: (opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
  children: Record<string, RegisteredOptions>;
}

const within = (time: string) => ({ customTimeouts: { create: time, update: time, delete: time } });
const after = (...dependsOn: string[]) => ({ dependsOn });
const neverTwo = { deleteBeforeReplace: true };
const newImage = { replaceOnChanges: ["imageId"] };
/** The SDK of commands adds this, that of OpenStack most of the secrets. */
const byTriggers = { replaceOnChanges: ["triggers[*]"] };
const secret = (output: string) => ({ additionalSecretOutputs: [output] });

const readiness = { timeoutSeconds: 90 };
const readyWithin = { customTimeouts: { create: "150s", update: "150s" } };
const reached = { floatingIpPool: "public", routerInterfaceId: "interface-id" };
const image = { imageId: "i", imageName: "debian-12", flavorId: "f", keyPairName: "k", readiness };
const balanced: LoadBalancerArgs = {
  ...{ vipNetworkId: "n", vipSubnetId: "s", ...reached },
  listener: { protocol: "TCP", port: 80 },
  members: { web1: { address: "10.0.7.5", port: 80 } },
  monitor: { type: "TCP", delaySeconds: 5, timeoutSeconds: 5, maxRetries: 3 },
  backend: { kind: "octavia" },
};
const sides = {
  left: { routerId: "r1", subnetIds: ["s1"], cidrs: ["10.1.0.0/24"] },
  right: { routerId: "r2", subnetIds: ["s2"], cidrs: ["10.2.0.0/24"] },
};
const member = { password: "hunter2", roles: { member: "m" } };

export const COMPONENT_CASES: Record<string, ComponentCase> = {
  ClosedNetwork: {
    build: (opts) => new ClosedNetwork("x", { cidr: "10.0.7.0/24" }, opts),
    children: { "x-network": within("5m"), "x-subnet": { ...within("5m"), ...after("x-network") } },
  },
  DataVolume: {
    build: (opts) => new DataVolume("x", { sizeGiB: 1, attachTo: "web1" }, opts),
    children: {
      "x-volume": { customTimeouts: { create: "15m", update: "15m", delete: "10m" } },
      "x-attachment": { ...neverTwo, ...after("x-volume") },
    },
  },
  FirewallGroup: {
    build: (opts) =>
      new FirewallGroup("x", { ingress: { web: { action: "allow", protocol: "tcp" } }, egress: {}, portIds: [] }, opts),
    children: {
      "x-ingress-web-rule": {},
      "x-ingress-policy": { ...within("5m"), ...after("x-ingress-web-rule") },
      "x-egress-policy": within("5m"),
      "x-group": { ...within("5m"), ...after("x-egress-policy", "x-ingress-policy") },
    },
  },
  FlavorCatalog: {
    build: (opts) =>
      new FlavorCatalog(
        "x",
        { flavors: { tiny: { vcpus: 1, ramMiB: 64, diskGiB: 1, projectIds: { kim: "p" } } } },
        opts,
      ),
    children: { "x-tiny-flavor": neverTwo, "x-tiny-kim-access": { ...neverTwo, ...after("x-tiny-flavor") } },
  },
  HostAggregate: {
    build: (opts) => new HostAggregate("x", { hosts: ["host1"] }, opts),
    children: { "x-aggregate": neverTwo },
  },
  ImageCatalog: {
    build: (opts) => new ImageCatalog("x", { images: { tiny: { file: "/tiny.qcow2", diskFormat: "qcow2" } } }, opts),
    children: {
      "x-tiny-image": { replaceOnChanges: ["properties.classroom_sha256"], ...secret("imageSourcePassword") },
    },
  },
  InstanceSecurityGroup: {
    build: (opts) =>
      new InstanceSecurityGroup("x", { ingress: { ping: { protocol: "icmp", remoteIpPrefix: "10.0.0.0/8" } } }, opts),
    children: {
      "x-group": { customTimeouts: { delete: "5m" } },
      "x-ping-rule": { customTimeouts: { delete: "5m" }, ...neverTwo, ...after("x-group") },
    },
  },
  KeyPair: {
    build: (opts) => new KeyPair("x", { publicKey: PUBLIC_KEY }, opts),
    children: { "x-keypair": { ...neverTwo, ...secret("privateKey") } },
  },
  "LoadBalancer with Octavia": {
    build: (opts) => new LoadBalancer("x", balanced, opts),
    children: {
      "x-load-balancer": within("15m"),
      "x-listener": { ...within("15m"), ...after("x-load-balancer") },
      "x-pool": { ...within("15m"), ...after("x-listener") },
      "x-web1-member": { ...within("15m"), ...after("x-pool") },
      "x-monitor": { ...within("15m"), ...after("x-pool") },
      "x-floating-ip": { ...within("5m"), ...after("x-load-balancer") },
    },
  },
  "LoadBalancer with an instance": {
    build: (opts) => new LoadBalancer("x", { ...balanced, backend: { kind: "instance", ...image } }, opts),
    children: {
      "x-vip-port": within("5m"),
      "x-instance": { ...within("15m"), ...newImage, ...neverTwo, ...after("x-vip-port"), ...secret("adminPass") },
      "x-floating-ip": { ...within("5m"), ...after("x-vip-port") },
      "x-ready": { ...readyWithin, ...byTriggers, ...after("x-floating-ip", "x-instance") },
    },
  },
  ObjectContainer: {
    build: (opts) => new ObjectContainer("x", { objects: { page: { text: "hello" } } }, opts),
    children: {
      "x-container": neverTwo,
      "x-page-object": {
        ...{ replaceOnChanges: ["content", "contentType", "metadata", "source"], ...neverTwo },
        ...after("x-container"),
      },
    },
  },
  ProviderNetwork: {
    build: (opts) => new ProviderNetwork("x", { physicalNetwork: "public", cidr: "172.24.4.0/24" }, opts),
    children: { "x-network": within("5m"), "x-subnet": { ...within("5m"), ...after("x-network") } },
  },
  "ProviderNetwork adopted": {
    build: (opts) => new ProviderNetwork("x", { existingNetworkId: "n" }, opts),
    children: {},
  },
  RouterWithGateway: {
    build: (opts) => new RouterWithGateway("x", { externalNetworkId: "n", subnetIds: { red: "s" } }, opts),
    children: { "x-router": within("5m"), "x-red-interface": { ...within("5m"), ...after("x-router") } },
  },
  SelfServiceNetwork: {
    build: (opts) =>
      new SelfServiceNetwork(
        "x",
        { cidr: "10.0.7.0/24", hostRoutes: [{ destination: "10.0.8.0/24", nextHop: "10.0.7.9" }] },
        opts,
      ),
    children: {
      "x-network": within("5m"),
      "x-subnet": { ...within("5m"), ...after("x-network") },
      "x-10.0.8.0-24-route": { ...neverTwo, ...after("x-subnet") },
    },
  },
  SiteToSiteVpn: {
    build: (opts) => new SiteToSiteVpn("x", { sides, presharedKey: "c1assr00m" }, opts),
    children: {
      "x-ike-policy": within("5m"),
      "x-ipsec-policy": within("5m"),
      ...vpnEnd("left", "right"),
      ...vpnEnd("right", "left"),
    },
  },
  StudentProject: {
    build: (opts) =>
      new StudentProject(
        "x",
        {
          ...{ projectName: "kim", members: { kim: member }, openstackCommand: "openstack" },
          existingMembers: { admin: { userId: "a", roles: { admin: "r" } } },
          quotas: { instances: 1, securityGroups: 2, volumes: 1 },
        },
        opts,
      ),
    children: {
      "x-project": neverTwo,
      "x-kim-user": { ...neverTwo, ...after("x-project"), ...secret("password") },
      "x-kim-member-role": after("x-kim-user", "x-project"),
      "x-admin-admin-role": after("x-project"),
      "x-compute-quotas": after("x-project"),
      "x-network-quotas": after("x-project"),
      "x-volume-quotas": after("x-project"),
      "x-leftovers": { ...neverTwo, ...byTriggers, ...after("x-project") },
    },
  },
  UserGroup: {
    build: (opts) => new UserGroup("x", { groupName: "helpers", members: { lee: { password: "hunter2" } } }, opts),
    children: {
      "x-group": neverTwo,
      "x-lee-user": { ...neverTwo, ...secret("password") },
      "x-lee-membership": { ...neverTwo, ...after("x-group", "x-lee-user") },
    },
  },
  VolumeSnapshot: {
    build: (opts) => new VolumeSnapshot("x", { volumeId: "v", openstackCommand: "openstack" }, opts),
    children: { "x-snapshot": { ...within("15m"), ...byTriggers } },
  },
  WebServerInstance: {
    build: (opts) =>
      new WebServerInstance(
        "x",
        {
          ...{ networkId: "n", subnetId: "s", ...reached, ...image, timeoutMinutes: 20 },
          additionalNetworks: { storage: { networkId: "n2", subnetId: "s2" } },
        },
        opts,
      ),
    children: {
      "x-port": within("5m"),
      "x-storage-port": within("5m"),
      "x-instance": {
        ...{ ...within("20m"), ...newImage, ...neverTwo },
        ...{ ...after("x-port", "x-storage-port"), ...secret("adminPass") },
      },
      "x-floating-ip": { ...within("5m"), ...after("x-port") },
      "x-ready": { ...readyWithin, ...byTriggers, ...after("x-floating-ip", "x-instance") },
    },
  },
};

function vpnEnd(here: string, there: string): Record<string, RegisteredOptions> {
  return {
    [`x-${here}-service`]: within("5m"),
    [`x-${here}-subnets`]: within("5m"),
    [`x-${here}-cidrs`]: within("5m"),
    [`x-${here}-connection`]: {
      ...{ ...within("5m"), ...secret("psk") },
      dependsOn: [
        ...["x-ike-policy", "x-ipsec-policy", `x-${here}-service`, `x-${here}-subnets`],
        ...[`x-${there}-cidrs`, `x-${there}-service`],
      ].sort(),
    },
  };
}
