import type * as pulumi from "@pulumi/pulumi";
import { ClosedNetwork } from "../components/closedNetwork.ts";
import { InstanceSecurityGroup } from "../components/instanceSecurityGroup.ts";
import { RouterWithGateway } from "../components/routerWithGateway.ts";
import { SelfServiceNetwork } from "../components/selfServiceNetwork.ts";
import type { Lab } from "../lab/labSchema.ts";
import { objectName, type PlannedNetwork, type StudentPlan } from "../lab/studentPlan.ts";
import type { ClassResources, NetworkRef } from "./classPart.ts";
import { mapValues } from "./mapValues.ts";
import type { StudentAccess } from "./studentAccess.ts";

export interface StudentNetworks {
  /** The student's own networks and those of the class that instances may be put on. */
  places: Record<string, NetworkRef>;
  own: Record<string, NetworkRef>;
  routers: Record<string, RouterWithGateway>;
  securityGroupIds: Record<string, pulumi.Output<string>>;
}

/** Networks, routers and security groups of one student. */
export function studentNetworks(
  lab: Lab,
  plan: StudentPlan,
  shared: ClassResources,
  access: StudentAccess,
): StudentNetworks {
  const { prefix, tags } = plan;
  const own = mapValues(plan.networks, (name, network) => makeNetwork(name, network, plan, access));
  const routers = mapValues(lab.student.routers, (name, { gateway, interfaces }) => {
    const provider = shared.providerNetworks[gateway];
    if (provider === undefined) throw new Error(`router ${name} was not checked before it is built`);
    return new RouterWithGateway(
      `${prefix}-${name}`,
      {
        routerName: objectName(plan, name),
        externalNetworkId: provider.networkId,
        subnetIds: Object.fromEntries(
          interfaces.flatMap((each) => (own[each] === undefined ? [] : [[each, own[each].subnetId]])),
        ),
        tags,
      },
      access.opts,
    );
  });
  const securityGroupIds = mapValues(plan.securityGroups, (name, rules) => {
    const group = new InstanceSecurityGroup(
      `${prefix}-${name}`,
      {
        groupName: objectName(plan, name),
        ingress: Object.fromEntries(rules.map(({ name: rule, ...ingress }) => [rule, ingress])),
        // The lab has had to say `anywhere` for it.
        allowWorldSsh: true,
        tags,
      },
      access.opts,
    );
    return group.securityGroupId;
  });
  const open = Object.entries(shared.providerNetworks).flatMap(([name, { networkId, subnetId }]) =>
    subnetId === undefined ? [] : [[name, { networkId, subnetId }] as const],
  );
  return { own, routers, securityGroupIds, places: { ...Object.fromEntries(open), ...shared.sharedNetworks, ...own } };
}

function makeNetwork(name: string, network: PlannedNetwork, plan: StudentPlan, access: StudentAccess): NetworkRef {
  const { cidr, gateway, pools, dns, dhcp, closed, hostRoutes, subnetName, type, physicalNetwork, segmentationId } =
    network;
  const { prefix, tags } = plan;
  const byAdministrator = type !== undefined;
  const args = {
    cidr,
    networkName: objectName(plan, name),
    subnetName: subnetName ?? `${objectName(plan, name)}-subnet`,
    dnsNameservers: dns,
    enableDhcp: dhcp,
    hostRoutes: hostRoutes.map(({ to, via }) => ({ destination: to, nextHop: via })),
    tags,
    ...(pools === undefined ? {} : { allocationPools: pools }),
    ...(type === undefined ? {} : { networkType: type }),
    ...(physicalNetwork === undefined ? {} : { physicalNetwork }),
    ...(segmentationId === undefined ? {} : { segmentationId }),
    ...(byAdministrator ? { projectId: access.projectId } : {}),
  };
  // Only an administrator may choose how a network is carried.
  const opts = byAdministrator ? access.teacherOpts : access.opts;
  return closed
    ? new ClosedNetwork(`${prefix}-${name}`, args, opts)
    : new SelfServiceNetwork(
        `${prefix}-${name}`,
        { ...args, ...(gateway === undefined ? {} : { gatewayIp: gateway }) },
        opts,
      );
}
