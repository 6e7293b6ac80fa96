import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { logicalNameOf, registeredOptions, type RegisteredOptions } from "./registeredOptions.ts";

export type Inputs = Record<string, unknown>;

/** What the program registered, as the engine would see it. */
export interface MockCloud {
  registrations: { type: string; name: string; inputs: Inputs; options: RegisteredOptions }[];
  /** The provider functions that were called, each with the provider that was passed. */
  calls: { token: string; provider: string | undefined }[];
  /** Inputs of the one resource of a type; throws when there is none or more than one. */
  only: (type: string) => Inputs;
  /** Inputs of the resource with this type and logical name; throws when there is none. */
  named: (type: string, name: string) => Inputs;
  /** Waits until everything is registered, so that nothing leaks into the next test. */
  drain: () => Promise<void>;
}

export interface MockCloudOptions {
  /** Answers to provider functions by token; a call without one throws. */
  calls?: Record<string, Inputs>;
  /** Outputs of other stacks, by their full names. */
  stackOutputs?: Record<string, Inputs>;
}

/** What the cloud adds to a resource's inputs. */
const CLOUD_OUTPUTS: Partial<Record<string, (name: string) => Inputs>> = {
  "openstack:networking/port:Port": (name) => ({ allFixedIps: [`fixed IP of ${name}`] }),
  "openstack:compute/volumeAttach:VolumeAttach": () => ({ device: "/dev/vdb" }),
  "openstack:vpnaas/service:Service": (name) => ({ externalV4Ip: `external IP of ${name}` }),
  "openstack:loadbalancer/loadBalancer:LoadBalancer": (name) => ({
    vipAddress: `VIP of ${name}`,
    vipPortId: `VIP port of ${name}`,
  }),
  "openstack:networking/floatingIp:FloatingIp": () => ({ address: "172.24.4.99" }),
  "command:local:Command": (name) => ({ stdout: `printed by ${name}\n` }),
};

/** Replaces the engine and the providers. A resource's id is `<logical name>-id`. */
export async function mockCloud({ calls = {}, stackOutputs = {} }: MockCloudOptions = {}): Promise<MockCloud> {
  const registrations: MockCloud["registrations"] = [];
  const called: MockCloud["calls"] = [];
  const options = new Map<string, RegisteredOptions>();
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }: { type: string; name: string; inputs: Inputs }) {
        registrations.push({ type, name, inputs, options: options.get(`${type} ${name}`) ?? {} });
        if (type === "pulumi:pulumi:StackReference")
          return { id: name, state: { ...inputs, outputs: stackOutputs[name] ?? {}, secretOutputNames: [] } };
        return { id: `${name}-id`, state: { ...inputs, ...CLOUD_OUTPUTS[type]?.(name) } };
      },
      call({ token, provider = "" }) {
        called.push({ token, provider: logicalNameOf(provider) });
        const answer = calls[token];
        if (answer === undefined) throw new Error(`no answer for provider function ${token}`);
        return answer;
      },
    },
    "classroom",
    "dev",
    false,
  );
  recordOptions(options);
  const only = (matching: (registration: { type: string; name: string }) => boolean, what: string): Inputs => {
    const [found, ...more] = registrations.filter(matching);
    if (found === undefined || more.length > 0)
      throw new Error(
        `${found === undefined ? "no" : `${more.length + 1} of`} ${what} among ${registrations.map(({ type, name }) => `${type} ${name}`).join(", ")}`,
      );
    return found.inputs;
  };
  return {
    registrations,
    calls: called,
    only: (type) => only((one) => one.type === type, type),
    named: (type, name) => only((one) => one.type === type && one.name === name, `${type} ${name}`),
    drain: () => pulumi.runtime.disconnect(),
  };
}

/** Pulumi's mocks are not told a resource's options: they are in the request that the engine would get. */
function recordOptions(options: Map<string, RegisteredOptions>): void {
  const monitor: unknown = pulumi.runtime.getMonitor();
  if (!(monitor instanceof MockMonitor)) throw new Error("Pulumi has another monitor under mocks than before");
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) => {
    options.set(`${request.getType()} ${request.getName()}`, registeredOptions(request));
    return register(request, callback);
  };
}

/** The value of an output. Never assert inside a bare `apply`: the test is over before the assertion runs. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => {
      resolve(value);
    });
  });
}

export const TYPES = {
  network: "openstack:networking/network:Network",
  subnet: "openstack:networking/subnet:Subnet",
  subnetRoute: "openstack:networking/subnetRoute:SubnetRoute",
  router: "openstack:networking/router:Router",
  routerInterface: "openstack:networking/routerInterface:RouterInterface",
  port: "openstack:networking/port:Port",
  floatingIp: "openstack:networking/floatingIp:FloatingIp",
  securityGroup: "openstack:networking/secGroup:SecGroup",
  securityGroupRule: "openstack:networking/secGroupRule:SecGroupRule",
  keyPair: "openstack:compute/keypair:Keypair",
  instance: "openstack:compute/instance:Instance",
  volume: "openstack:blockstorage/volume:Volume",
  volumeAttachment: "openstack:compute/volumeAttach:VolumeAttach",
  container: "openstack:objectstorage/container:Container",
  containerObject: "openstack:objectstorage/containerObject:ContainerObject",
  ikePolicy: "openstack:vpnaas/ikePolicy:IkePolicy",
  ipSecPolicy: "openstack:vpnaas/ipSecPolicy:IpSecPolicy",
  endpointGroup: "openstack:vpnaas/endpointGroup:EndpointGroup",
  vpnService: "openstack:vpnaas/service:Service",
  siteConnection: "openstack:vpnaas/siteConnection:SiteConnection",
  firewallGroup: "openstack:firewall/groupV2:GroupV2",
  firewallPolicy: "openstack:firewall/policyV2:PolicyV2",
  firewallRule: "openstack:firewall/ruleV2:RuleV2",
  loadBalancer: "openstack:loadbalancer/loadBalancer:LoadBalancer",
  listener: "openstack:loadbalancer/listener:Listener",
  pool: "openstack:loadbalancer/pool:Pool",
  member: "openstack:loadbalancer/member:Member",
  monitor: "openstack:loadbalancer/monitor:Monitor",
  command: "command:local:Command",
} as const;
