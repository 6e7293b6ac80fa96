/** A resource as Pulumi's state has it; secrets are encrypted. */
export interface KnownResource {
  readonly urn: string;
  /** Pulumi's type token. */
  readonly type: string;
  /** The cloud's id; empty for a component. */
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Why it never came up as asked. */
  readonly initErrors: readonly string[];
  /** Its replacement was made, and it waits to be deleted. */
  readonly delete?: boolean;
}

/** What Pulumi knows of one stack. */
export interface KnownStack {
  readonly stack: string;
  readonly resources: readonly KnownResource[];
  /** What an update that was killed had begun: `creating`, `updating`, `deleting`. */
  readonly pending: readonly { readonly resource: KnownResource; readonly type: string }[];
  /** Of the program; empty when it never ended well. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** One thing in the cloud, as far as a course asks about it. `openstack/inventory.ts` lists what has this shape. */
export interface CloudThing {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  /** Whose it is; undefined for what the whole class shares. */
  readonly student?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Id of what it goes with. */
  readonly partOf?: string;
  /** Made by the cloud itself. */
  readonly automatic: boolean;
  /** How it is known to be the course's; `name` is the weakest. */
  readonly because: string;
  readonly status?: string;
  /** What Nova is about with an instance, e.g. `powering-off`. */
  readonly task?: string;
  /** Why it is in error, in Nova's words. */
  readonly fault?: string;
  readonly instance?: { readonly imageId?: string; readonly flavorId?: string; readonly keyPairName?: string };
  readonly port?: {
    readonly deviceId: string;
    readonly fixedIps: readonly { readonly address: string }[];
    readonly securityGroupIds?: readonly string[];
  };
  readonly floatingIp?: { readonly address: string; readonly portId?: string };
}

/** Everything of a course that was found in the cloud. */
export interface CloudView {
  readonly all: readonly CloudThing[];
  /** Key pairs and containers are known by their names, which two students may share. */
  byId(type: string, id: string, student?: string): CloudThing | undefined;
  /** Undefined when it cannot be told. */
  has(type: string, id: string, student?: string): boolean | undefined;
}

/** What a thing is called for people: `instance web1 (6ee1…)`. */
export type Describe = (thing: Pick<CloudThing, "type" | "id" | "name">) => string;
