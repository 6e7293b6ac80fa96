import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../lab/problem.ts";
import { publicKeyProblems } from "../lab/publicKey.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { physicalNameProblems } from "./physicalName.ts";

/** The public half of a key pair. */
export interface KeyPairArgs {
  /**
   * One line in OpenSSH's format, e.g. `"ssh-ed25519 AAAA… kim"`. Always given: if Nova made the pair, the private key would lie in the
   * stack's state.
   */
  publicKey: string;
  /** Name of the key pair in OpenStack, which is one's own among the user's. @default the logical name */
  keyPairName?: string;
}

/**
 * A key pair known to Nova by its public half, for an instance's `keyPair`.
 * https://docs.openstack.org/nova/latest/user/launch-instances.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const key = new KeyPair("kim-key", { publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… kim" });
 * export const keyPairName = key.keyPairName;
 */
export class KeyPair extends pulumi.ComponentResource {
  /** For an instance's `keyPair`. */
  readonly keyPairName: pulumi.Output<string>;

  constructor(name: string, args: KeyPairArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`KeyPair "${name}"`, keyPairProblems(args));
    super("classroom:index:KeyPair", name, {}, opts);

    const { publicKey, keyPairName = name } = args;
    // A key pair cannot be edited and its name is unique, so a new one needs the old one gone.
    const keyPair = new openstack.compute.Keypair(
      `${name}-keypair`,
      { name: keyPairName, publicKey: publicKey.trim() },
      { parent: this, deleteBeforeReplace: true },
    );

    this.keyPairName = keyPair.name;
    this.registerOutputs({ keyPairName: this.keyPairName });
  }
}

/** Everything wrong with the arguments of a {@link KeyPair}. */
function keyPairProblems({ publicKey, keyPairName }: KeyPairArgs): Problem[] {
  return [...physicalNameProblems("keyPairName", keyPairName), ...publicKeyProblems("publicKey", publicKey)];
}
