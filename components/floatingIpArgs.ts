import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../lab/problem.ts";

/** Where a floating IP comes from and by which way it is reached. */
export interface FloatingIpArgs {
  /** Name of the provider network a floating IP is allocated from. @default no floating IP */
  floatingIpPool?: pulumi.Input<string>;
  /** Router interface of the subnet: a floating IP can lead to the port only once it exists. Required with `floatingIpPool`. */
  routerInterfaceId?: pulumi.Input<string>;
}

/** What is wrong with {@link FloatingIpArgs}. */
export function floatingIpProblems(args: FloatingIpArgs): Problem[] {
  return (args.floatingIpPool === undefined) === (args.routerInterfaceId === undefined)
    ? []
    : [
        {
          path: "floatingIpPool",
          reason: "needs routerInterfaceId beside it, and the other way round: give both or neither",
        },
      ];
}
