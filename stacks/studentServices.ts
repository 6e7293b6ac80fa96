import type * as pulumi from "@pulumi/pulumi";
import { FirewallGroup } from "../components/firewallGroup.ts";
import { LoadBalancer } from "../components/loadBalancer.ts";
import type { LoadBalancerArgs } from "../components/loadBalancerArgs.ts";
import { ObjectContainer } from "../components/objectContainer.ts";
import { SiteToSiteVpn } from "../components/siteToSiteVpn.ts";
import { firewallRules } from "../lab/firewallRules.ts";
import type { LoadBalancerEntry } from "../lab/serviceSchemas.ts";
import { objectName } from "../lab/studentPlan.ts";
import { mapValues } from "./mapValues.ts";
import { readinessOf } from "./readinessOf.ts";
import { floatingIpArgs, type StudentInstances, type StudentSurroundings } from "./studentInstances.ts";

export interface ServiceSurroundings extends StudentSurroundings {
  /** Endpoint of the project's object store; undefined where the lab needs none. */
  storageUrl: pulumi.Input<string> | undefined;
  /** Absolute path and SHA-256 of each file that is uploaded, by `<container>/<object>`. */
  objectFiles: Record<string, { path: string; sha256: string }>;
  presharedKey: (vpn: string) => pulumi.Input<string>;
}

export interface StudentServices {
  containers: Record<string, ObjectContainer>;
  loadBalancers: Record<string, LoadBalancer>;
}

/** Object containers, load balancers, VPNs and firewalls of one student. */
export function studentServices(around: ServiceSurroundings, built: StudentInstances): StudentServices {
  const { lab, plan, access, networks, storageUrl, objectFiles, presharedKey } = around;
  const { containers, loadBalancers, vpns, firewalls } = lab.student;
  const { prefix, tags } = plan;

  for (const [name, { between }] of Object.entries(vpns)) {
    const [left, right] = between.map((router) => {
      const interfaces = lab.student.routers[router]?.interfaces ?? [];
      const made = networks.routers[router];
      if (made === undefined) throw new Error(`VPN ${name} was not checked before it is built`);
      return {
        routerId: made.routerId,
        subnetIds: interfaces.flatMap((each) => networks.own[each]?.subnetId ?? []),
        routerInterfaceIds: interfaces.flatMap((each) => made.routerInterfaceIds[each] ?? []),
        cidrs: interfaces.flatMap((each) => plan.networks[each]?.cidr ?? []),
      };
    });
    if (left === undefined || right === undefined) continue;
    new SiteToSiteVpn(`${prefix}-${name}`, { sides: { left, right }, presharedKey: presharedKey(name) }, access.opts);
  }
  for (const [name, { router, ingress, egress }] of Object.entries(firewalls))
    new FirewallGroup(
      `${prefix}-${name}`,
      {
        groupName: objectName(plan, name),
        ingress: firewallRules(ingress),
        egress: firewallRules(egress),
        portIds: Object.values(networks.routers[router]?.routerInterfaceIds ?? {}),
        tags,
      },
      access.opts,
    );
  return {
    containers: mapValues(
      containers,
      (name, { public: publicRead, objects }) =>
        new ObjectContainer(
          `${prefix}-${name}`,
          {
            containerName: objectName(plan, name),
            publicRead,
            objects: mapValues(objects, (object, { text, contentType }) => {
              const file = objectFiles[`${name}/${object}`];
              return {
                ...(text === undefined ? {} : { text }),
                ...(file === undefined ? {} : { file: file.path, contentHash: file.sha256 }),
                ...(contentType === undefined ? {} : { contentType }),
              };
            }),
            ...(storageUrl === undefined ? {} : { storageUrl }),
          },
          access.opts,
        ),
    ),
    loadBalancers: mapValues(
      loadBalancers,
      (name, entry) => new LoadBalancer(`${prefix}-${name}`, loadBalancerArgs(name, entry, around, built), access.opts),
    ),
  };
}

function loadBalancerArgs(
  name: string,
  entry: LoadBalancerEntry,
  around: ServiceSurroundings,
  { instances, keyPairName }: StudentInstances,
): LoadBalancerArgs {
  const { lab, plan, shared, networks } = around;
  const { network, address, listen, algorithm, members, memberPort, checkEverySeconds, madeOf, floatingIp } = entry;
  const place = networks.places[network];
  if (place === undefined) throw new Error(`load balancer ${name} was not checked before it is built`);
  const groups = entry.securityGroups ?? Object.keys(networks.securityGroupIds);
  return {
    loadBalancerName: objectName(plan, name),
    vipNetworkId: place.networkId,
    vipSubnetId: place.subnetId,
    ...(address === undefined ? {} : { vipAddress: address }),
    listener: listen,
    algorithm,
    members: Object.fromEntries(
      members.flatMap((member) => {
        const instance = instances[member];
        return instance === undefined ? [] : [[member, { address: instance.fixedIp, port: memberPort }]];
      }),
    ),
    monitor: {
      type: listen.protocol,
      delaySeconds: checkEverySeconds,
      timeoutSeconds: checkEverySeconds,
      maxRetries: 3,
    },
    securityGroupIds: groups.flatMap((group) => networks.securityGroupIds[group] ?? []),
    backend: madeOf === "octavia" ? { kind: "octavia" } : haproxyBackend(name, entry, around, keyPairName),
    ...(floatingIp === undefined ? {} : floatingIpArgs(floatingIp, network, lab, { shared, networks })),
    tags: plan.tags,
  };
}

function haproxyBackend(
  name: string,
  entry: LoadBalancerEntry,
  { lab, plan, choices, shared, readiness }: ServiceSurroundings,
  keyPairName: StudentInstances["keyPairName"],
): LoadBalancerArgs["backend"] {
  const { image: imageName = "", flavor = "", floatingIp, listen } = entry;
  const image = choices.images[imageName];
  const imageId = shared.imageIds[imageName] ?? image?.id;
  const flavorId = shared.flavorIds[flavor] ?? choices.flavors[flavor]?.id;
  if (image === undefined || imageId === undefined || flavorId === undefined || keyPairName === undefined)
    throw new Error(`load balancer ${name} was not checked before it is built`);
  return {
    ...{ kind: "instance", imageId, imageName: image.name, flavorId, keyPairName },
    ...(image.loginUser === undefined ? {} : { loginUser: image.loginUser }),
    ...(floatingIp === undefined ? {} : readinessOf({ ...entry, port: listen.port }, lab, plan, readiness)),
  };
}
