import type * as pulumi from "@pulumi/pulumi";
import { InstanceSecurityGroup } from "../components/instanceSecurityGroup.ts";
import { KeyPair } from "../components/keyPair.ts";
import { ProviderNetwork } from "../components/providerNetwork.ts";
import { RouterWithGateway } from "../components/routerWithGateway.ts";
import { SelfServiceNetwork } from "../components/selfServiceNetwork.ts";
import { WebServerInstance } from "../components/webServerInstance.ts";
import { ownerTags } from "../lab/identity.ts";
import { instanceOutputs, type InstanceOutputs } from "./outputs.ts";
import type { SoloChoices } from "./soloChoices.ts";
import type { SoloConfig } from "./soloConfig.ts";

/** What cannot be written in the configuration. */
export interface SoloSurroundings {
  choices: SoloChoices;
  /** The one line of the public key file. */
  publicKey: string;
  /** Entry of clouds.yaml, for the commands in the outputs; undefined with OS_* variables. */
  cloudName: string | undefined;
}

export interface SoloOutputs {
  instances: Record<string, InstanceOutputs>;
  networks: Record<string, { networkId: pulumi.Output<string>; cidr: string | undefined }>;
}

/** The class part and one student in one stack: provider network, self-service networks, router, security group, key pair, instances. */
export function soloStack(config: SoloConfig, { choices, publicKey, cloudName }: SoloSurroundings): SoloOutputs {
  const owner = { course: config.course, student: config.student.id };
  const prefix = `${owner.course}-${owner.student}`;
  const tags = ownerTags(owner);

  const { existing, name: providerName = `${prefix}-provider`, ...made } = config.providerNetwork;
  const { existingNetworkId } = choices;
  const providerNetwork = new ProviderNetwork(
    providerName,
    existing === undefined || existingNetworkId === undefined ? { ...made, tags } : { existingNetworkId },
  );
  const networks = mapValues(
    config.selfServiceNetworks,
    (name, args) => new SelfServiceNetwork(`${prefix}-${name}`, { ...args, tags }),
  );
  const router = new RouterWithGateway(`${prefix}-router`, {
    externalNetworkId: providerNetwork.networkId,
    subnetIds: mapValues(networks, (_name, { subnetId }) => subnetId),
    tags,
  });
  const securityGroup = new InstanceSecurityGroup(`${prefix}-web`, { ...config, tags });
  const keyPair = new KeyPair(`${prefix}-key`, { publicKey });

  const built: Record<string, WebServerInstance> = {};
  for (const [name, { network, image, flavor, floatingIp, floatingIpTo, ...args }] of lendersLast(config)) {
    const place = networks[network];
    const choice = choices.instances[name];
    const routerInterfaceId = router.routerInterfaceIds[network];
    const borrower = floatingIpTo === undefined ? undefined : built[floatingIpTo];
    if (place === undefined || choice === undefined || routerInterfaceId === undefined)
      throw new Error(`instance ${name} (${image}) was not checked before it is built`);
    built[name] = new WebServerInstance(`${prefix}-${name}`, {
      ...args,
      ...choice,
      networkId: place.networkId,
      subnetId: place.subnetId,
      securityGroupIds: [securityGroup.securityGroupId],
      keyPairName: keyPair.keyPairName,
      studentName: config.student.name ?? config.student.id,
      ...(floatingIp ? { floatingIpPool: providerNetwork.networkName, routerInterfaceId } : {}),
      ...(borrower === undefined ? {} : { floatingIpPortId: borrower.portId }),
      ...(floatingIp && config.waitUntilReady ? { readiness: readiness(config, cloudName) } : {}),
      tags,
    });
  }
  return {
    instances: instanceOutputs(config, built, cloudName),
    networks: {
      [providerName]: { networkId: providerNetwork.networkId, cidr: config.providerNetwork.cidr },
      ...mapValues(networks, (name, { networkId }) => ({ networkId, cidr: config.selfServiceNetworks[name]?.cidr })),
    },
  };
}

/** An instance that lends its floating IP needs the other one's port first. A borrower cannot lend, so two groups are enough. */
function lendersLast({ instances }: SoloConfig) {
  const entries = Object.entries(instances);
  return [
    ...entries.filter(([, { floatingIpTo }]) => floatingIpTo === undefined),
    ...entries.filter(([, { floatingIpTo }]) => floatingIpTo !== undefined),
  ];
}

function readiness({ readinessTimeoutSeconds, reachCommand }: SoloConfig, cloudName: string | undefined) {
  const cloud = cloudName === undefined ? "" : `--cloud ${cloudName} `;
  return {
    timeoutSeconds: readinessTimeoutSeconds,
    reachCommand,
    consoleLogCommand: `node openstack/main.ts ${cloud}console-log`,
  };
}

function mapValues<A, B>(record: Record<string, A>, change: (key: string, value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(key, value)]));
}
