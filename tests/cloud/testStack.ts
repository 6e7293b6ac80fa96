import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { z } from "zod";
import { pulumiEnv, Stack } from "../../quickstart/pulumi.ts";
import { ensureSshKey } from "../../quickstart/sshKey.ts";
import { instancesSchema, type InstanceOutput } from "../../course/studentOutputs.ts";

/** Names of this course begin everything the test makes, so that its objects can be told from others on the same cloud. */
export const COURSE = "cloudtest";
/** Not ASCII, and not harmless in HTML. */
export const STUDENT_NAME = "김민지 <Kim>";
export const NETWORK_PREFIX = "172.24.4";
export const PROVIDER_NETWORK = `${COURSE}-public`;

/** A stack on another physical network than a newcomer's `dev`, so that it may be there too. */
export class TestStack {
  readonly stack: Stack;
  readonly #folder: string;
  readonly #configFile: string;

  private constructor(stack: Stack, folder: string, configFile: string) {
    this.stack = stack;
    this.#folder = folder;
    this.#configFile = configFile;
  }

  static async open(): Promise<TestStack> {
    const folder = mkdtempSync(join(tmpdir(), `${COURSE}-`));
    const configFile = join(folder, "Pulumi.yaml");
    const test = new TestStack(new Stack(COURSE, await pulumiEnv(), configFile), folder, configFile);
    await ensureSshKey(test.keyFile);
    test.configure({ instances: {} });
    await test.stack.select();
    return test;
  }

  get keyFile(): string {
    return join(this.#folder, "key");
  }

  /** Writes the stack's lab and configuration; what is not given is the same as in every test. */
  configure(student: Record<string, unknown>, config: Record<string, unknown> = {}): void {
    const lab = {
      lab: COURSE,
      title: "One student on the local cloud",
      class: {
        providerNetworks: {
          [PROVIDER_NETWORK]: {
            physicalNetwork: "public",
            cidr: `${NETWORK_PREFIX}.0/24`,
            gateway: `${NETWORK_PREFIX}.1`,
            pools: [`${NETWORK_PREFIX}.10-${NETWORK_PREFIX}.250`],
          },
        },
      },
      student: {
        // Addresses below the pool are free for a test to give away itself.
        networks: { private: { cidr: "192.168.50.0/24", pools: ["192.168.50.100-192.168.50.200"] } },
        routers: { router: { gateway: PROVIDER_NETWORK, interfaces: ["private"] } },
        securityGroups: { web: [] },
        ...student,
      },
    };
    const labFile = join(this.#folder, "lab.yaml");
    writeFileSync(labFile, stringify(lab));
    const values: Record<string, unknown> = {
      lab: labFile,
      course: COURSE,
      student: { id: "kim", name: STUDENT_NAME },
      sshKeyFile: this.keyFile,
      reachCommand: "ip netns exec classroom",
      readinessTimeoutSeconds: 900,
      ...config,
    };
    const entries = Object.entries(values).map(([key, value]): [string, unknown] => [`classroom:${key}`, value]);
    writeFileSync(
      this.#configFile,
      stringify({ config: { "openstack:cloud": "local", ...Object.fromEntries(entries) } }),
    );
  }

  async up(): Promise<Record<string, InstanceOutput>> {
    await this.stack.up();
    return (await this.stack.outputs(instancesSchema)).instances;
  }

  /** The changes an update would make, without what stays the same. */
  async changes(): Promise<Record<string, number>> {
    const { same: _same, refresh: _refreshed, ...changes } = (await this.stack.preview()).changes;
    return changes;
  }

  async destroy(): Promise<void> {
    await this.stack.destroy();
    rmSync(this.#folder, { recursive: true });
  }
}

/** What the openstack client prints for a listing. */
export async function openstackList(...command: string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await execa("openstack", ["--os-cloud", "local", ...command, "-f", "json"]);
  return z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(stdout));
}

export async function openstack(...command: string[]): Promise<string> {
  return (await execa("openstack", ["--os-cloud", "local", ...command])).stdout;
}

/** Whether one ping in so many seconds comes back, seen from the provider network's gateway. */
export async function pings(address: string, seconds: number): Promise<boolean> {
  const until = Date.now() + seconds * 1000;
  do {
    const { exitCode } = await execa("ip", ["netns", "exec", "classroom", "ping", "-c", "1", "-W", "1", address], {
      reject: false,
    });
    if (exitCode === 0) return true;
  } while (Date.now() < until);
  return false;
}

/** A required value: says what is missing instead of failing somewhere else. */
export function given<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}
