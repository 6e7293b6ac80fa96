/** What a test changes in the lab. */
export interface LabOptions {
  /** The instance has a page that names the student. @default none */
  web?: "apache";
  /** User data of the instance; another one makes Nova build it anew. @default none */
  userData?: string;
  /** @default "m1.nano" */
  flavor?: string;
  /** @default true */
  withInstance?: boolean;
}

/** Every kind of thing that a student has, one of each: small enough to be made a hundred times. */
export function tinyLab(course: string, { web, userData, flavor = "m1.nano", withInstance = true }: LabOptions = {}) {
  const outside = `${course}-net`;
  return {
    lab: "tiny",
    title: "One tiny instance each",
    class: {
      providerNetworks: {
        [outside]: {
          // The API-only cloud takes any.
          physicalNetwork: outside,
          cidr: "172.24.9.0/24",
          gateway: "172.24.9.1",
          pools: ["172.24.9.20-172.24.9.220"],
          dns: ["172.24.9.1"],
        },
      },
    },
    student: {
      project: {},
      networks: { lan: { cidr: "192.168.10.0/24", dns: ["172.24.9.1"] } },
      routers: { router: { gateway: outside, interfaces: ["lan"] } },
      securityGroups: { web: ["all-icmp", { allow: "ssh", from: outside }] },
      instances: withInstance
        ? {
            web1: {
              ...{ image: "cirros", flavor, network: "lan", floatingIp: outside },
              ...(web === undefined ? {} : { web, image: "debian-12", flavor: "ds512M" }),
              ...(userData === undefined ? {} : { userData }),
            },
          }
        : {},
    },
  };
}
