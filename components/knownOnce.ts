import * as pulumi from "@pulumi/pulumi";

/**
 * The same value, known only once `others` are: whoever gets it waits for them, too, and is deleted before them. Pulumi orders resources
 * by the outputs they are given. What OpenStack needs beyond that is said here, once, by whoever makes the parts, instead of in a
 * `dependsOn` of everybody who uses them.
 *
 * @example
 * // A router that knew the network alone would get a gateway without an address.
 * this.networkId = knownOnce(network.id, [subnet.id]);
 */
export function knownOnce(value: pulumi.Input<string>, others: pulumi.Input<string>[]): pulumi.Output<string> {
  return pulumi.all([value, pulumi.all(others)]).apply(([known]) => known);
}
