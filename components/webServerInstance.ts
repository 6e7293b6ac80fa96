import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { MOST_USER_DATA_BYTES, userDataBytes, webUserData, type WebProfile } from "../cloud-init/userData.ts";
import type { DockerOptions } from "../cloud-init/docker.ts";
import { tagMetadata } from "../lab/identity.ts";
import { addressProblems } from "../lab/ipv4.ts";
import type { Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { loginUserOf, packageFamilyOf } from "./loginUser.ts";
import { waitUntilReady, type ReadinessArgs } from "./readiness.ts";
import { NETWORK_TIMEOUTS } from "./timeouts.ts";

/** Docker's official Apache image and where it serves from: https://hub.docker.com/_/httpd */
const HTTPD: DockerOptions = { image: "httpd:2.4", documentRoot: "/usr/local/apache2/htdocs", insecureRegistries: [] };

export interface WebServerInstanceArgs {
  networkId: pulumi.Input<string>;
  /** Subnet of the fixed IP. Always named, so that the port never comes up without an address. */
  subnetId: pulumi.Input<string>;
  /** Fixed IP inside the subnet. @default Neutron chooses; it stays for the life of the port */
  fixedIp?: string;
  /** Put on the port. @default [] – the project's `default` group */
  securityGroupIds?: pulumi.Input<string>[];
  keyPairName: pulumi.Input<string>;
  imageId: pulumi.Input<string>;
  /** Name of the image, from which the login user follows. */
  imageName: string;
  /** Login user of the image. @default by the image's name: cirros, debian, ubuntu, rocky… */
  loginUser?: string;
  flavorId: pulumi.Input<string>;
  /** Boot from a volume of this size in GiB made from the image and deleted with the instance. @default from the flavor's own disk */
  bootVolumeSizeGiB?: number;
  /** What it serves, installed at first boot. @default nothing is installed */
  web?: WebProfile;
  /** Name on the page. @default the instance's name */
  studentName?: string;
  /** The container, with `web: "docker"`. @default Docker's official httpd:2.4 */
  docker?: DockerOptions;
  /** Own user data instead of a web profile, at most 65,535 bytes. */
  userData?: string;
  /** Name of the provider network a floating IP is allocated from. @default no floating IP */
  floatingIpPool?: pulumi.Input<string>;
  /** Port that the floating IP leads to, to lend it to another instance for a while. @default this instance's own */
  floatingIpPortId?: pulumi.Input<string>;
  /** Router interface of the subnet: a floating IP can lead to the port only once it exists. Required with `floatingIpPool`. */
  routerInterfaceId?: pulumi.Input<string>;
  /** Private key file shown in the ssh command. @default none is named */
  privateKeyFile?: string;
  /** Waits until the instance answers at its floating IP. @default no waiting */
  readiness?: ReadinessArgs;
  /** Minutes until a create or delete that does not end counts as failed. @default 15 */
  timeoutMinutes?: number;
  /** Neutron tags of port and floating IP, metadata of the instance. @default [] */
  tags?: string[];
}

/**
 * An instance on an explicit port, with a floating IP and, if asked, a web server installed by cloud-init at first boot.
 * The port and the floating IP outlive a replaced instance, so it comes back at the same addresses.
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 */
export class WebServerInstance extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** For lending another instance's floating IP to this one. */
  readonly portId: pulumi.Output<string>;
  readonly fixedIp: pulumi.Output<string>;
  /** Undefined when no floating IP was asked for. */
  readonly floatingIp: pulumi.Output<string> | undefined;
  readonly loginUser: string;

  constructor(name: string, args: WebServerInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`WebServerInstance "${name}"`, webServerInstanceProblems(name, args));
    super("classroom:index:WebServerInstance", name, {}, opts);
    this.loginUser = args.loginUser ?? loginUserOf(args.imageName) ?? "";

    const port = this.createPort(name, args);
    const instance = this.createInstance(name, args, port);
    this.floatingIp = this.createFloatingIp(name, args, port, instance);

    this.instanceId = instance.id;
    this.portId = port.id;
    this.fixedIp = port.allFixedIps.apply(([first]) => first ?? "");
    this.registerOutputs({
      instanceId: this.instanceId,
      portId: this.portId,
      fixedIp: this.fixedIp,
      floatingIp: this.floatingIp,
      loginUser: this.loginUser,
    });
  }

  private createPort(name: string, args: WebServerInstanceArgs): openstack.networking.Port {
    const { networkId, subnetId, fixedIp, securityGroupIds, tags = [] } = args;
    return new openstack.networking.Port(
      `${name}-port`,
      {
        name: `${name}-port`,
        networkId,
        fixedIps: [{ subnetId, ipAddress: fixedIp }],
        securityGroupIds,
        tags,
      },
      { parent: this, customTimeouts: NETWORK_TIMEOUTS },
    );
  }

  private createInstance(
    name: string,
    args: WebServerInstanceArgs,
    port: openstack.networking.Port,
  ): openstack.compute.Instance {
    const { imageId, flavorId, keyPairName, bootVolumeSizeGiB, timeoutMinutes = 15, tags = [] } = args;
    const bootVolume = {
      uuid: imageId,
      sourceType: "image",
      destinationType: "volume",
      bootIndex: 0,
      deleteOnTermination: true,
    };
    return new openstack.compute.Instance(
      `${name}-instance`,
      {
        name,
        flavorId,
        ...(bootVolumeSizeGiB === undefined
          ? { imageId }
          : { blockDevices: [{ ...bootVolume, volumeSize: bootVolumeSizeGiB }] }),
        keyPair: keyPairName,
        networks: [{ port: port.id }],
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

  private createFloatingIp(
    name: string,
    args: WebServerInstanceArgs,
    port: openstack.networking.Port,
    instance: openstack.compute.Instance,
  ): pulumi.Output<string> | undefined {
    const { floatingIpPool, floatingIpPortId, routerInterfaceId, readiness, web, tags = [] } = args;
    if (floatingIpPool === undefined || routerInterfaceId === undefined) return undefined;
    const floatingIp = new openstack.networking.FloatingIp(
      `${name}-floating-ip`,
      { pool: floatingIpPool, tags },
      { parent: this, customTimeouts: NETWORK_TIMEOUTS },
    );
    const association = new openstack.networking.FloatingIpAssociate(
      `${name}-floating-ip-association`,
      {
        floatingIp: floatingIp.address,
        // The id of the interface is only waited for.
        portId: pulumi.all([floatingIpPortId ?? port.id, routerInterfaceId]).apply(([portId]) => portId),
      },
      { parent: this },
    );
    if (readiness !== undefined && floatingIpPortId === undefined)
      waitUntilReady(
        `${name}-ready`,
        { instanceId: instance.id, instanceName: name, address: association.floatingIp, web: web !== undefined },
        readiness,
        { parent: this },
      );
    return association.floatingIp;
  }
}

function userDataOf(name: string, args: CheckedArgs): string | undefined {
  const { web, studentName = name, docker = HTTPD, imageName, loginUser = loginUserOf(imageName) ?? "" } = args;
  if (web === undefined) return args.userData;
  return webUserData({ web, studentName, instanceName: name, docker, packageFamily: packageFamilyOf(loginUser) });
}

/** The arguments that can be checked before anything exists. */
type CheckedArgs = Omit<
  WebServerInstanceArgs,
  "networkId" | "subnetId" | "securityGroupIds" | "keyPairName" | "imageId" | "flavorId"
>;

/** Everything wrong with the arguments of a {@link WebServerInstance}. */
export function webServerInstanceProblems(name: string, args: CheckedArgs): Problem[] {
  const problems: Problem[] = [];
  const userData = userDataOf(name, args);
  const { imageName, loginUser = loginUserOf(imageName), bootVolumeSizeGiB, fixedIp, web } = args;
  if (loginUser === undefined)
    problems.push({
      path: "loginUser",
      reason: `the login user does not follow from the image name "${imageName}"; set it`,
    });
  if (web !== undefined && loginUser === "cirros")
    problems.push({
      path: "web",
      reason: `the image "${imageName}" has no cloud-init to install ${web}; choose e.g. a Debian image`,
    });
  if (web !== undefined && args.userData !== undefined)
    problems.push({ path: "userData", reason: "a web profile is user data already; leave out one of the two" });
  if (userData !== undefined && userDataBytes(userData) > MOST_USER_DATA_BYTES)
    problems.push({
      path: "userData",
      reason: `has ${userDataBytes(userData)} bytes; Nova takes at most ${MOST_USER_DATA_BYTES}: fetch the rest at first boot`,
    });
  if (bootVolumeSizeGiB !== undefined && (!Number.isInteger(bootVolumeSizeGiB) || bootVolumeSizeGiB < 1))
    problems.push({ path: "bootVolumeSizeGiB", reason: `${bootVolumeSizeGiB} is not a whole number of GiB above 0` });
  if (fixedIp !== undefined) problems.push(...addressProblems("fixedIp", fixedIp));
  if ((args.floatingIpPool === undefined) !== (args.routerInterfaceId === undefined))
    problems.push({
      path: "floatingIpPool",
      reason: "needs routerInterfaceId beside it, and the other way round: give both or neither",
    });
  if (args.floatingIpPortId !== undefined && args.floatingIpPool === undefined)
    problems.push({ path: "floatingIpPortId", reason: "there is no floating IP to lend; set floatingIpPool too" });
  if (args.readiness !== undefined && args.floatingIpPool === undefined)
    problems.push({ path: "readiness", reason: "can only wait at a floating IP; set floatingIpPool, or leave it out" });
  return problems;
}
