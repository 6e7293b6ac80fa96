import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { z } from "zod";
import type { Preview } from "../../quickstart/preview.ts";
import { pulumiEnv, Stack } from "../../quickstart/pulumi.ts";
import { ensureSshKey } from "../../quickstart/sshKey.ts";
import { type InstanceOutput, instancesSchema } from "../../course/studentOutputs.ts";
import { given } from "../cloud/testStack.ts";

const schema = instancesSchema.extend({
  networks: z.record(z.string(), z.object({ networkId: z.string(), cidr: z.string().optional() })),
  volumes: z.record(z.string(), z.object({ volumeId: z.string(), device: z.string().nullable() })),
  snapshots: z.record(z.string(), z.string()),
  objects: z.record(z.string(), z.record(z.string(), z.string())),
  loadBalancers: z.record(z.string(), z.object({ address: z.string(), floatingIp: z.string().nullable() })),
  project: z.object({
    authUrl: z.string(),
    projectId: z.string(),
    projectName: z.string(),
    userName: z.string(),
  }),
  password: z.string(),
  operatorFiles: z.record(z.string(), z.string()),
});
export type LabOutputs = z.infer<typeof schema>;

/** A ready lab on the local cloud, put up and taken through its steps as a teacher would. */
export class LabStack {
  readonly course: string;
  readonly #lab: string;
  readonly #stack: Stack;
  readonly #folder: string;
  #outputs: LabOutputs | undefined;

  private constructor(lab: string, course: string, stack: Stack, folder: string) {
    this.#lab = lab;
    this.course = course;
    this.#stack = stack;
    this.#folder = folder;
  }

  /** @param lab a ready lab's name, or a path; then the course is to be named too */
  static async open(lab: string, course = `t-${lab}`.slice(0, 20).replace(/-$/, "")): Promise<LabStack> {
    const folder = mkdtempSync(join(tmpdir(), `${course}-`));
    const stack = new Stack(course, await pulumiEnv(), join(folder, "Pulumi.yaml"));
    const opened = new LabStack(lab, course, stack, folder);
    await ensureSshKey(opened.keyFile);
    opened.configure();
    await stack.select();
    return opened;
  }

  get keyFile(): string {
    return join(this.#folder, "key");
  }

  /** A file of the test's own, gone with the stack. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  configure(step = "", changes: object = {}): void {
    const values: Record<string, unknown> = {
      ...{ lab: this.#lab, step, changes, course: this.course, student: { id: "kim", name: "Kim Minji" } },
      sshKeyFile: this.keyFile,
      reachCommand: "ip netns exec classroom",
      readinessTimeoutSeconds: 900,
    };
    const entries = Object.entries(values).map(([key, value]): [string, unknown] => [`classroom:${key}`, value]);
    writeFileSync(
      join(this.#folder, "Pulumi.yaml"),
      stringify({ config: { "openstack:cloud": "local", ...Object.fromEntries(entries) } }),
    );
  }

  /** Goes to a step of the exercise; "" is its beginning. */
  async goTo(step: string, changes?: object): Promise<LabOutputs> {
    this.configure(step, changes);
    await this.#stack.up();
    this.#outputs = await this.#stack.outputs(schema, "--show-secrets");
    return this.#outputs;
  }

  /** What going to a step would do, without what stays the same. */
  async preview(step: string, changes?: object): Promise<Preview> {
    this.configure(step, changes);
    const { changes: all, ...rest } = await this.#stack.preview();
    const { same: _same, refresh: _refreshed, ...others } = all;
    return { changes: others, ...rest };
  }

  get outputs(): LabOutputs {
    return given(this.#outputs, "outputs: the lab is not up yet");
  }

  instance(name: string): InstanceOutput {
    return given(this.outputs.instances[name], `instance ${name}`);
  }

  address(name: string): string {
    return given(this.instance(name).floatingIp, `floating IP of ${name}`);
  }

  /** The openstack client, logged in as the student. @returns what it prints; throws when it is refused */
  async asStudent(...command: string[]): Promise<string> {
    const { project, password } = this.outputs;
    const { stdout } = await execa("openstack", command, {
      env: {
        OS_AUTH_URL: project.authUrl,
        OS_USERNAME: project.userName,
        OS_PASSWORD: password,
        OS_PROJECT_ID: project.projectId,
        OS_USER_DOMAIN_NAME: "Default",
        OS_IDENTITY_API_VERSION: "3",
      },
    });
    return stdout;
  }

  /** Destroys what there is, and keeps the stack for another look. */
  async takeDown(): Promise<void> {
    await this.#stack.destroy();
  }

  async destroy(): Promise<void> {
    await this.takeDown();
    rmSync(this.#folder, { recursive: true });
  }
}

/** A command inside the local cloud's namespace, where floating IPs lead somewhere. */
export async function inside(...command: string[]): Promise<{ exitCode: number | undefined; stdout: string }> {
  const { exitCode, stdout, stderr } = await execa("ip", ["netns", "exec", "classroom", ...command], { reject: false });
  return { exitCode, stdout: stdout === "" ? stderr : stdout };
}

/** Whether anything answers on a TCP port within so many seconds. */
export async function answersOn(address: string, port: number, seconds: number): Promise<boolean> {
  const until = Date.now() + seconds * 1000;
  do {
    // The service may say nothing until it is asked, so that curl ends by its time limit: what counts is that it has connected.
    const { stdout } = await inside(
      ...["curl", "--silent", "--max-time", "3", "--noproxy", "*", "--output", "/dev/null"],
      ...["--write-out", "%{num_connects}", `telnet://${address}:${port}`],
    );
    if (stdout === "1") return true;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  } while (Date.now() < until);
  return false;
}
