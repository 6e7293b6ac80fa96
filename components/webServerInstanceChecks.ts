import { MOST_USER_DATA_BYTES, userDataBytes, webUserData } from "../cloud-init/userData.ts";
import type { DockerOptions } from "../cloud-init/docker.ts";
import { addressProblems } from "../lab/ipv4.ts";
import { under, type Problem } from "../lab/problem.ts";
import { floatingIpProblems } from "./floatingIpArgs.ts";
import { httpUrlProblems } from "./httpUrl.ts";
import { installationProblems, loginUserProblems, packageMirrorProblems } from "./instanceImage.ts";
import type { NetworkPlace } from "./instancePorts.ts";
import { loginUserOf, packageFamilyOf } from "./loginUser.ts";
import { physicalNameProblems } from "./physicalName.ts";
import { patienceProblems } from "./timeouts.ts";
import type { WebServerInstanceArgs } from "./webServerInstance.ts";

// Without Pulumi's SDK, which takes half a second to load: whoever checks a lab needs none of it.

/** Docker's official Apache image and where it serves from: https://hub.docker.com/_/httpd */
const HTTPD: DockerOptions = { image: "httpd:2.4", documentRoot: "/usr/local/apache2/htdocs", insecureRegistries: [] };

/** The arguments that can be checked before anything exists. */
export type CheckedArgs = Omit<
  WebServerInstanceArgs,
  "networkId" | "subnetId" | "securityGroupIds" | "keyPairName" | "imageId" | "flavorId" | "availabilityZone"
>;

/** Everything wrong with the arguments of a {@link WebServerInstance}. */
export function webServerInstanceProblems(name: string, args: CheckedArgs): Problem[] {
  const { instanceName, bootVolumeSizeGiB, fixedIp, web, additionalNetworks = {} } = args;
  const problems = [
    ...physicalNameProblems("instanceName", instanceName),
    ...loginUserProblems(args),
    ...(web === undefined ? [] : installationProblems("web", web, args)),
    ...packageMirrorProblems(args),
    ...(args.docker === undefined ? [] : under("docker", dockerProblems(args.docker))),
    ...userDataProblems(name, args),
    ...(fixedIp === undefined ? [] : addressProblems("fixedIp", fixedIp)),
    ...additionalNetworksProblems(additionalNetworks),
    ...floatingIpProblems(args),
    ...patienceProblems(args),
  ];
  if (bootVolumeSizeGiB !== undefined && (!Number.isInteger(bootVolumeSizeGiB) || bootVolumeSizeGiB < 1))
    problems.push({ path: "bootVolumeSizeGiB", reason: `${bootVolumeSizeGiB} is not a whole number of GiB above 0` });
  if (bootVolumeSizeGiB !== undefined && args.bootFromVolumeId !== undefined)
    problems.push({
      path: "bootFromVolumeId",
      reason: "is a volume already, and bootVolumeSizeGiB asks for a new one; leave out one of the two",
    });
  if (args.floatingIpPortId !== undefined && args.floatingIpPool === undefined)
    problems.push({ path: "floatingIpPortId", reason: "there is no floating IP to lend; set floatingIpPool too" });
  if (args.readiness !== undefined && args.floatingIpPool === undefined)
    problems.push({ path: "readiness", reason: "can only wait at a floating IP; set floatingIpPool, or leave it out" });
  return problems;
}

function userDataProblems(name: string, args: CheckedArgs): Problem[] {
  const problems: Problem[] = [];
  if (args.web !== undefined && args.userData !== undefined)
    problems.push({ path: "userData", reason: "a web profile is user data already; leave out one of the two" });
  const userData = userDataOf(name, args);
  if (userData !== undefined && userDataBytes(userData) > MOST_USER_DATA_BYTES)
    problems.push({
      path: "userData",
      reason: `has ${userDataBytes(userData)} bytes; Nova takes at most ${MOST_USER_DATA_BYTES}: fetch the rest at first boot`,
    });
  return problems;
}

/** What `docker` would refuse, or take for something else, when the instance first boots. */
function dockerProblems({ image, documentRoot, registryMirror }: DockerOptions): Problem[] {
  const problems: Problem[] = [];
  if (!/^[^\s-]\S*$/.test(image))
    problems.push({
      path: "image",
      reason: `"${image}" is empty, has a space or begins with "-"; write an image like "httpd:2.4"`,
    });
  // What comes after a colon are options of the mount.
  if (!/^\/[^:]+$/.test(documentRoot))
    problems.push({
      path: "documentRoot",
      reason: `"${documentRoot}" is not an absolute path below "/" without a colon; write one like "/usr/local/apache2/htdocs"`,
    });
  return registryMirror === undefined
    ? problems
    : [...problems, ...httpUrlProblems("registryMirror", registryMirror, "https://mirror.example.org")];
}

/** What is wrong with the networks beside the first one, by their labels. */
function additionalNetworksProblems(networks: Record<string, Pick<NetworkPlace, "fixedIp">>): Problem[] {
  return Object.entries(networks).flatMap(([label, { fixedIp }]) =>
    under(`additionalNetworks.${label}`, fixedIp === undefined ? [] : addressProblems("fixedIp", fixedIp)),
  );
}

export function userDataOf(name: string, args: CheckedArgs): string | undefined {
  const instanceName = instanceNameOf(name, args);
  const { web, studentName = instanceName, docker = HTTPD, imageName, packageMirror } = args;
  const { loginUser = loginUserOf(imageName) ?? "" } = args;
  if (web === undefined) return args.userData;
  const packageFamily = packageFamilyOf(loginUser);
  return webUserData({ web, studentName, instanceName, docker, packageFamily, packageMirror });
}

export function instanceNameOf(
  name: string,
  { instanceName = name }: Pick<WebServerInstanceArgs, "instanceName">,
): string {
  return instanceName;
}
