import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { WebProfile } from "../cloud-init/userData.ts";
import type { DockerOptions } from "../cloud-init/docker.ts";
import { tagMetadata } from "../lab/identity.ts";
import type { FloatingIpArgs } from "./floatingIpArgs.ts";
import { createFloatingIp } from "./instanceFloatingIp.ts";
import { createPort, fixedIpOf, type NetworkPlace } from "./instancePorts.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { loginUserOf } from "./loginUser.ts";
import { waitUntilReady, type ReadinessArgs } from "./readiness.ts";
import { instanceNameOf, userDataOf, webServerInstanceProblems } from "./webServerInstanceChecks.ts";

/** What an instance is made from, where it is on the networks and what it serves. */
export interface WebServerInstanceArgs extends NetworkPlace, FloatingIpArgs {
  /** Name of the instance in OpenStack; Nova derives the guest's host name from it. @default the logical name */
  instanceName?: string;
  /** Further networks, by a name that stays the same; each gets a port, in this order. Another set is another instance. @default {} */
  additionalNetworks?: Record<string, NetworkPlace>;
  /** Key pair, by name, of who may log in. Another one is another instance. */
  keyPairName: pulumi.Input<string>;
  /** Id of the image. Another one is another instance, and its disk is lost. */
  imageId: pulumi.Input<string>;
  /** Name of the image, from which the login user follows. */
  imageName: string;
  /** Login user of the image. @default by the image's name: cirros, debian, ubuntu, rocky… */
  loginUser?: string;
  /** Size of the instance. Another one resizes it: it is down for a while. */
  flavorId: pulumi.Input<string>;
  /** Zone whose hosts may run it. Another zone is another instance. @default Nova chooses */
  availabilityZone?: pulumi.Input<string>;
  /** Boot from a volume of this size in GiB made from the image and deleted with the instance. @default from the flavor's own disk */
  bootVolumeSizeGiB?: number;
  /** Boot from this bootable volume, which outlives the instance; `imageName` then says what is on it. Not with `bootVolumeSizeGiB`. */
  bootFromVolumeId?: pulumi.Input<string>;
  /** What it serves, installed at first boot. @default nothing is installed */
  web?: WebProfile;
  /** Name on the page. @default the instance's name */
  studentName?: string;
  /** The container, with `web: "docker"`. @default Docker's official httpd:2.4 */
  docker?: DockerOptions;
  /**
   * Mirror to install from on CentOS 7, whose own are gone: the URL under which `os/`, `updates/` and `extras/` lie, e.g.
   * `"http://mirror.example.org/centos/7"`. Required there with a web profile, refused elsewhere.
   */
  packageMirror?: string;
  /** Own user data instead of a web profile, at most 65,535 bytes. */
  userData?: string;
  /** Port that the floating IP leads to, to lend it to another instance for a while. @default this instance's own */
  floatingIpPortId?: pulumi.Input<string>;
  /** Waits until the instance answers at its floating IP. @default no waiting */
  readiness?: ReadinessArgs;
  /** Whole minutes until a create or delete that does not end counts as failed. @default 15 */
  timeoutMinutes?: number;
  /** Neutron tags of ports and floating IP, metadata of the instance. @default [] */
  tags?: string[];
}

/**
 * An instance on explicit ports, with a floating IP and, if asked, a web server installed by cloud-init at first boot.
 * The ports and the floating IP outlive a replaced instance, so it comes back at the same addresses.
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const network = new SelfServiceNetwork("kim", { cidr: "10.0.7.0/24" });
 * const web1 = new WebServerInstance("web1", {
 *   networkId: network.networkId,
 *   subnetId: network.subnetId,
 *   ...{ imageId: "image-id", imageName: "debian-12", flavorId: "flavor-id", keyPairName: "kim" },
 *   web: "apache",
 * });
 * export const address = web1.fixedIp;
 */
export class WebServerInstance extends pulumi.ComponentResource {
  /** For a volume's `attachTo`. */
  readonly instanceId: pulumi.Output<string>;
  /** For lending another instance's floating IP to this one. */
  readonly portId: pulumi.Output<string>;
  /** Its address on the first network. */
  readonly fixedIp: pulumi.Output<string>;
  /** Fixed IPs on the additional networks, by their names. */
  readonly additionalFixedIps: Record<string, pulumi.Output<string>>;
  /** Undefined when no floating IP was asked for. */
  readonly floatingIp: pulumi.Output<string> | undefined;
  /** Whom to log in as with the key pair. */
  readonly loginUser: string;

  constructor(name: string, args: WebServerInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`WebServerInstance "${name}"`, webServerInstanceProblems(name, args));
    super("classroom:index:WebServerInstance", name, {}, opts);
    const loginUser = args.loginUser ?? loginUserOf(args.imageName);
    if (loginUser === undefined) throw new Error(`WebServerInstance ${name} was not checked before it is built`);
    this.loginUser = loginUser;

    const { additionalNetworks = {}, floatingIpPortId, tags = [] } = args;
    const port = createPort(`${name}-port`, args, tags, this);
    const additional = Object.entries(additionalNetworks).map(
      ([label, place]) => [label, createPort(`${name}-${label}-port`, place, tags, this)] as const,
    );
    const instance = this.createInstance(name, args, [port, ...additional.map(([, one]) => one)]);
    this.floatingIp = createFloatingIp(name, args, floatingIpPortId ?? port.id, tags, this);
    this.waitForInstance(name, args, instance);

    this.instanceId = instance.id;
    this.portId = port.id;
    this.fixedIp = fixedIpOf(port);
    this.additionalFixedIps = Object.fromEntries(additional.map(([label, one]) => [label, fixedIpOf(one)]));
    this.registerOutputs({
      instanceId: this.instanceId,
      portId: this.portId,
      fixedIp: this.fixedIp,
      additionalFixedIps: this.additionalFixedIps,
      floatingIp: this.floatingIp,
      loginUser: this.loginUser,
    });
  }

  private createInstance(
    name: string,
    args: WebServerInstanceArgs,
    ports: readonly openstack.networking.Port[],
  ): openstack.compute.Instance {
    const { flavorId, keyPairName, availabilityZone, timeoutMinutes = 15, tags = [] } = args;
    return new openstack.compute.Instance(
      `${name}-instance`,
      {
        name: instanceNameOf(name, args),
        flavorId,
        ...disk(args),
        keyPair: keyPairName,
        availabilityZone,
        networks: ports.map(({ id }) => ({ port: id })),
        userData: userDataOf(name, args),
        metadata: tagMetadata(tags),
      },
      {
        parent: this,
        customTimeouts: { create: `${timeoutMinutes}m`, update: `${timeoutMinutes}m`, delete: `${timeoutMinutes}m` },
        // The provider calls a new image an update, but Nova wipes the disk: say what it is.
        replaceOnChanges: ["imageId"],
        // The port can be on one instance only.
        deleteBeforeReplace: true,
      },
    );
  }

  private waitForInstance(name: string, args: WebServerInstanceArgs, instance: openstack.compute.Instance): void {
    if (this.floatingIp === undefined || args.readiness === undefined || args.floatingIpPortId !== undefined) return;
    waitUntilReady(
      `${name}-ready`,
      {
        instanceId: instance.id,
        instanceName: instanceNameOf(name, args),
        address: this.floatingIp,
        web: args.web !== undefined,
      },
      args.readiness,
      { parent: this },
    );
  }
}

/** What the instance boots from: the image on the flavor's disk, a volume made from the image, or a volume that is there. */
function disk({ imageId, bootVolumeSizeGiB, bootFromVolumeId }: WebServerInstanceArgs) {
  const bootVolume = { destinationType: "volume", bootIndex: 0 };
  if (bootFromVolumeId !== undefined)
    return {
      blockDevices: [{ ...bootVolume, uuid: bootFromVolumeId, sourceType: "volume", deleteOnTermination: false }],
    };
  if (bootVolumeSizeGiB === undefined) return { imageId };
  return {
    blockDevices: [
      { ...bootVolume, uuid: imageId, sourceType: "image", volumeSize: bootVolumeSizeGiB, deleteOnTermination: true },
    ],
  };
}
