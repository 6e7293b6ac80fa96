import { z } from "zod";
import type { SeenObject } from "./cloudObject.ts";
import { UNMANAGED } from "./cloudObject.ts";
import { unlessGone } from "./apiError.ts";
import { deleteProjectLeftovers } from "./projectLeftovers.ts";
import { nothing, type RequestOptions, type Service, type Session } from "./session.ts";

interface Deletion {
  service: Service;
  /** What answers 404 once the object is gone; undefined where that is so at once. */
  look: string | undefined;
  run: (session: Session) => Promise<unknown>;
}

/** Paths of objects that are deleted by their id alone. The second ones take their time. */
const SIMPLE: Record<string, [Service, string, "waits"?]> = {
  "openstack:compute/instance:Instance": ["compute", "/servers", "waits"],
  "openstack:compute/serverGroup:ServerGroup": ["compute", "/os-server-groups"],
  "openstack:compute/flavor:Flavor": ["compute", "/flavors"],
  "openstack:blockstorage/volume:Volume": ["volume", "/volumes", "waits"],
  [UNMANAGED.snapshot]: ["volume", "/snapshots", "waits"],
  [UNMANAGED.backup]: ["volume", "/backups", "waits"],
  "openstack:images/image:Image": ["image", "/v2/images"],
  "openstack:loadbalancer/l7PolicyV2:L7PolicyV2": ["load-balancer", "/v2/lbaas/l7policies", "waits"],
  "openstack:loadbalancer/listener:Listener": ["load-balancer", "/v2/lbaas/listeners", "waits"],
  "openstack:loadbalancer/pool:Pool": ["load-balancer", "/v2/lbaas/pools", "waits"],
  "openstack:loadbalancer/monitor:Monitor": ["load-balancer", "/v2/lbaas/healthmonitors", "waits"],
  "openstack:networking/network:Network": ["network", "/v2.0/networks"],
  "openstack:networking/subnet:Subnet": ["network", "/v2.0/subnets"],
  "openstack:networking/subnetPool:SubnetPool": ["network", "/v2.0/subnetpools"],
  "openstack:networking/router:Router": ["network", "/v2.0/routers"],
  "openstack:networking/port:Port": ["network", "/v2.0/ports"],
  "openstack:networking/trunk:Trunk": ["network", "/v2.0/trunks"],
  "openstack:networking/floatingIp:FloatingIp": ["network", "/v2.0/floatingips"],
  "openstack:networking/secGroup:SecGroup": ["network", "/v2.0/security-groups"],
  "openstack:networking/secGroupRule:SecGroupRule": ["network", "/v2.0/security-group-rules"],
  [UNMANAGED.addressGroup]: ["network", "/v2.0/address-groups"],
  "openstack:vpnaas/siteConnection:SiteConnection": ["network", "/v2.0/vpn/ipsec-site-connections", "waits"],
  "openstack:vpnaas/service:Service": ["network", "/v2.0/vpn/vpnservices", "waits"],
  "openstack:vpnaas/endpointGroup:EndpointGroup": ["network", "/v2.0/vpn/endpoint-groups"],
  "openstack:vpnaas/ikePolicy:IkePolicy": ["network", "/v2.0/vpn/ikepolicies"],
  "openstack:vpnaas/ipSecPolicy:IpSecPolicy": ["network", "/v2.0/vpn/ipsecpolicies"],
  "openstack:firewall/policyV2:PolicyV2": ["network", "/v2.0/fwaas/firewall_policies"],
  "openstack:firewall/ruleV2:RuleV2": ["network", "/v2.0/fwaas/firewall_rules"],
  "openstack:identity/user:User": ["identity", "/v3/users"],
  "openstack:identity/groupV3:GroupV3": ["identity", "/v3/groups"],
};

/** How an object is deleted; undefined for a type that nobody has taught us. */
export function deletionOf(object: SeenObject): Deletion | undefined {
  const simple = SIMPLE[object.type];
  if (simple === undefined) return SPECIAL[object.type]?.(object);
  const [service, folder, waits] = simple;
  const path = `${folder}/${encodeURIComponent(object.id)}`;
  // Cinder finds another project's volume for an administrator, whatever project the address names.
  return { service, look: waits && path, run: (session) => session.request(service, "DELETE", path, nothing) };
}

const SPECIAL: Record<string, (object: SeenObject) => Deletion> = {
  "openstack:compute/keypair:Keypair": ({ id, userId }) => {
    const path = `/os-keypairs/${encodeURIComponent(id)}`;
    return {
      service: "compute",
      look: undefined,
      // Another user's needs the version that knows whose it is; one's own needs no right to name users.
      run: (session) =>
        userId === undefined || userId === session.scope.userId
          ? session.request("compute", "DELETE", path, nothing)
          : session.request("compute", "DELETE", `${path}?user_id=${userId}`, nothing, { microversion: "2.10" }),
    };
  },
  "openstack:compute/aggregateV2:AggregateV2": ({ id }) => ({
    service: "compute",
    look: undefined,
    run: async (session) => {
      const path = `/os-aggregates/${id}`;
      const schema = z.object({ aggregate: z.object({ hosts: z.array(z.string()) }) });
      const { aggregate } = await session.request("compute", "GET", path, schema);
      for (const host of aggregate.hosts)
        await session.request("compute", "POST", `${path}/action`, nothing, { body: { remove_host: { host } } });
      await session.request("compute", "DELETE", path, nothing);
    },
  }),
  "openstack:networking/routerInterface:RouterInterface": ({ id, partOf = "", port }) => ({
    service: "network",
    look: `/v2.0/ports/${id}`,
    run: (session) =>
      session.request("network", "PUT", `/v2.0/routers/${port?.deviceId ?? partOf}/remove_router_interface`, nothing, {
        body: { port_id: id },
      }),
  }),
  "openstack:firewall/groupV2:GroupV2": ({ id }) => {
    const path = `/v2.0/fwaas/firewall_groups/${id}`;
    return {
      service: "network",
      look: path,
      run: async (session) => {
        // One that guards ports is in use.
        await session.request("network", "PUT", path, nothing, { body: { firewall_group: { ports: [] } } });
        await session.request("network", "DELETE", path, nothing);
      },
    };
  },
  "openstack:loadbalancer/loadBalancer:LoadBalancer": ({ id }) => {
    const path = `/v2/lbaas/loadbalancers/${id}`;
    return {
      service: "load-balancer",
      look: path,
      run: (session) => session.request("load-balancer", "DELETE", `${path}?cascade=true`, nothing),
    };
  },
  "openstack:loadbalancer/member:Member": ({ id, partOf = "" }) => {
    const path = `/v2/lbaas/pools/${partOf}/members/${id}`;
    return {
      service: "load-balancer",
      look: path,
      run: (session) => session.request("load-balancer", "DELETE", path, nothing),
    };
  },
  "openstack:objectstorage/container:Container": ({ id, projectId }) => swift(encodeURIComponent(id), projectId),
  "openstack:objectstorage/containerObject:ContainerObject": ({ name, partOf = "", projectId }) =>
    swift(`${encodeURIComponent(partOf)}/${name.split("/").map(encodeURIComponent).join("/")}`, projectId),
  "openstack:identity/project:Project": ({ id }) => ({
    service: "identity",
    look: undefined,
    run: async (session) => {
      // Nobody finds them any more once the project is gone.
      await deleteProjectLeftovers(session, id);
      await session.request("identity", "DELETE", `/v3/projects/${id}`, nothing);
    },
  }),
};

function swift(path: string, projectId: string | undefined): Deletion {
  const options: RequestOptions = projectId === undefined ? {} : { projectId };
  return {
    service: "object-store",
    look: undefined,
    run: (session) => session.request("object-store", "DELETE", `/${path}`, nothing, options),
  };
}

/** Whether an object whose deletion was asked for is still there, and what its service says of it. */
export async function stillThere(
  session: Session,
  { service, look }: Deletion,
): Promise<{ status: string; fault: string } | undefined> {
  if (look === undefined) return undefined;
  const found = await unlessGone(session.request(service, "GET", look, bodySchema));
  if (found === undefined || found.status === "DELETED") return undefined;
  return found;
}

/** `{"server": {"status": …, "fault": {"message": …}}}`, or the same without the wrapping name. */
const statusShape = z.object({
  status: z.string().optional(),
  provisioning_status: z.string().optional(),
  fault: z.object({ message: z.string().default("") }).optional(),
});
const bodySchema = z.record(z.string(), z.unknown()).transform((body) => {
  const [only] = Object.values(body);
  const { status, provisioning_status, fault } = statusShape.catch({}).parse(only);
  return { status: provisioning_status ?? status ?? "", fault: fault?.message ?? "" };
});
