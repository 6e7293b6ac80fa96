import { haproxyUserData, type HaproxyConfiguration, type HealthMonitor } from "../cloud-init/haproxy.ts";
import { MOST_USER_DATA_BYTES, userDataBytes } from "../cloud-init/userData.ts";
import { addressProblems } from "../lab/ipv4.ts";
import { under, type Problem } from "../lab/problem.ts";
import { floatingIpProblems } from "./floatingIpArgs.ts";
import { installationProblems, loginUserProblems } from "./instanceImage.ts";
import type { InstanceBackend, LoadBalancerArgs, LoadBalancerMember } from "./loadBalancerArgs.ts";
import { loginUserOf, packageFamilyOf } from "./loginUser.ts";
import { physicalNameProblems } from "./physicalName.ts";
import { portProblems } from "./ports.ts";
import { patienceProblems } from "./timeouts.ts";

const SSH_PORT = 22;
/** Octavia's own limit: https://docs.openstack.org/api-ref/load-balancer/v2/#create-health-monitor */
const MOST_RETRIES = 10;

/** The arguments that can be checked before anything exists. */
type CheckedLoadBalancerArgs = Omit<LoadBalancerArgs, "vipNetworkId" | "vipSubnetId" | "securityGroupIds">;

/** Everything wrong with the arguments of a load balancer. */
export function loadBalancerProblems(name: string, args: CheckedLoadBalancerArgs): Problem[] {
  const { vipAddress, listener, members, monitor, backend, loadBalancerName } = args;
  const problems = [
    ...physicalNameProblems("loadBalancerName", loadBalancerName),
    ...(vipAddress === undefined ? [] : addressProblems("vipAddress", vipAddress)),
    ...portProblems("listener.port", listener.port),
    ...Object.entries(members).flatMap(([member, one]) => under(`members.${member}`, memberProblems(member, one))),
    ...(monitor === undefined ? [] : under("monitor", monitorProblems(monitor))),
    ...floatingIpProblems(args),
    ...(backend.kind === "octavia" ? [] : under("backend", instanceProblems(name, args, backend))),
  ];
  if (Object.keys(members).length === 0)
    problems.push({ path: "members", reason: "names no member; there is nothing to balance" });
  return problems;
}

function memberProblems(name: string, { address, port }: LoadBalancerMember): Problem[] {
  return [
    ...(/^[A-Za-z0-9._-]+$/.test(name)
      ? []
      : [{ path: "", reason: "a member's name has only letters, digits, dots, dashes and underscores; rename it" }]),
    ...(typeof address === "string" ? addressProblems("address", address) : []),
    ...portProblems("port", port),
  ];
}

function monitorProblems({ type, delaySeconds, timeoutSeconds, maxRetries, path }: HealthMonitor): Problem[] {
  const problems = Object.entries({ delaySeconds, timeoutSeconds })
    .filter(([, seconds]) => !Number.isInteger(seconds) || seconds < 1)
    .map(([key, seconds]) => ({ path: key, reason: `${seconds} is not a whole number of seconds above 0` }));
  if (timeoutSeconds > delaySeconds)
    problems.push({
      path: "timeoutSeconds",
      reason: `${timeoutSeconds} is longer than the ${delaySeconds} s between two questions; shorten it or ask less often`,
    });
  if (!Number.isInteger(maxRetries) || maxRetries < 1 || maxRetries > MOST_RETRIES)
    problems.push({ path: "maxRetries", reason: `${maxRetries} is not a whole number from 1 to ${MOST_RETRIES}` });
  if (path !== undefined && type === "TCP")
    problems.push({ path: "path", reason: 'TCP asks for no path; leave it out, or set type to "HTTP"' });
  // No quotes, backslashes, # or $: they mean something in haproxy.cfg.
  if (path !== undefined && !/^\/[A-Za-z0-9._~/?=&%+-]*$/.test(path))
    problems.push({ path: "path", reason: `"${path}" is not the path of a page; write one like "/health"` });
  return problems;
}

function instanceProblems(name: string, args: CheckedLoadBalancerArgs, backend: InstanceBackend): Problem[] {
  const problems = [
    ...loginUserProblems(backend),
    ...installationProblems("imageName", "haproxy", backend),
    ...patienceProblems(backend),
  ];
  if (!/^[A-Za-z0-9._-]+$/.test(name))
    problems.push({
      path: "",
      reason: `the logical name "${name}" goes into haproxy.cfg; use letters, digits, dots, dashes and underscores`,
    });
  if (args.listener.port === SSH_PORT)
    problems.push({
      path: "kind",
      reason: "the instance's own SSH server is on port 22; choose another listener port",
    });
  if (backend.readiness !== undefined && args.floatingIpPool === undefined)
    problems.push({ path: "readiness", reason: "can only wait at a floating IP; set floatingIpPool, or leave it out" });
  // No address is longer than this one.
  const longest = Object.entries(args.members).map(([member, { port }]) => ({
    name: member,
    address: "255.255.255.255",
    port,
  }));
  const bytes = userDataBytes(balancerUserData(name, args, backend, longest));
  if (bytes > MOST_USER_DATA_BYTES)
    problems.push({
      path: "kind",
      reason: `${longest.length} members make ${bytes} bytes of user data, and Nova takes at most ${MOST_USER_DATA_BYTES}; use fewer, or shorter names`,
    });
  return problems;
}

/** User data of the instance with HAProxy, once the addresses are known. */
export function balancerUserData(
  name: string,
  args: CheckedLoadBalancerArgs,
  { imageName, loginUser = loginUserOf(imageName) ?? "" }: InstanceBackend,
  members: HaproxyConfiguration["members"],
): string {
  const { listener, algorithm = "ROUND_ROBIN", monitor } = args;
  const packageFamily = packageFamilyOf(loginUser);
  return haproxyUserData({ instanceName: name, listener, algorithm, members, monitor, packageFamily });
}
