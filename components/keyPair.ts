import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { physicalNameProblems } from "./physicalName.ts";

/** Key types that current OpenSSH still accepts: https://www.openssh.com/releasenotes.html (ssh-dss and small RSA keys are gone). */
const KEY_TYPES = ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"];

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
export function keyPairProblems({ publicKey, keyPairName }: KeyPairArgs): Problem[] {
  return [...physicalNameProblems("keyPairName", keyPairName), ...publicKeyProblems("publicKey", publicKey)];
}

/** What is wrong with a text that must be one public key. The text itself is never shown: it may be a private key by mistake. */
export function publicKeyProblems(path: string, text: string): Problem[] {
  const key = text.trim();
  if (key.includes("PRIVATE KEY"))
    return [
      { path, reason: "is a private key; give the public one, the file that ends in .pub, and keep this one secret" },
    ];
  if (key.includes("\n")) return [{ path, reason: "has more than one line; give exactly one public key" }];
  const [type = "", base64 = ""] = key.split(/\s+/);
  if (!KEY_TYPES.includes(type))
    return [
      { path, reason: `is not a public key in OpenSSH's format; it must begin with one of ${KEY_TYPES.join(", ")}` },
    ];
  // The key blob repeats its type as a length-prefixed string: https://datatracker.ietf.org/doc/html/rfc4253#section-6.6
  const blob = Buffer.from(base64, "base64");
  const repeated = blob.length > 4 ? blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1") : "";
  return repeated === type
    ? []
    : [{ path, reason: `is damaged: what follows ${type} is not such a key; copy the whole line again` }];
}
