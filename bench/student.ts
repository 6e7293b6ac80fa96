/** What every variant makes for each student, so that all make the same. Names of students' own things are in {@link studentName}'s project. */
export const STUDENT = {
  cidr: "192.168.10.0/24",
  /** Of the instance's port. */
  fixedIp: "192.168.10.10",
  dns: ["172.24.9.1"],
  image: "cirros",
  flavor: "m1.nano",
  /** Ingress from everywhere, beside the rules that Neutron gives every group. */
  rules: [
    { name: "ssh", protocol: "tcp", port: 22 },
    { name: "http", protocol: "tcp", port: 80 },
    { name: "icmp", protocol: "icmp" },
  ],
  computeQuota: { instances: 2, cores: 4, ramMiB: 4096 },
  networkQuota: {
    networks: 3,
    subnets: 3,
    routers: 2,
    ports: 20,
    floatingIps: 2,
    securityGroups: 5,
    securityGroupRules: 50,
  },
  /** Of the key pair; its private half was thrown away. */
  publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFAlsqI3BFJfiij88R7hNuMzPYL3T3k8Wkk2dTBpIuGt bench",
  /** Given to the user in the project. */
  role: "member",
} as const;

/** The provider network that all routers and floating IPs are on; the benchmark makes it before any clock starts. */
export const OUTSIDE = {
  name: "bn-outside",
  cidr: "172.24.0.0/20",
  gateway: "172.24.0.1",
  /** Two addresses a student, for a thousand students. */
  pool: { start: "172.24.0.20", end: "172.24.15.250" },
} as const;

/** Before every name that a variant gives: project and user of a student, and whatever the variant makes for itself. */
export function prefixOf(variant: string): string {
  return `bn-${variant}`;
}

/** Id of the nth student, from 1. */
export function studentId(index: number): string {
  return `s${String(index).padStart(4, "0")}`;
}

/** Name of the nth student's project and of their user, e.g. `bn-tofu-fast-p10-s0001`. */
export function studentName(variant: string, index: number): string {
  return `${prefixOf(variant)}-${studentId(index)}`;
}
