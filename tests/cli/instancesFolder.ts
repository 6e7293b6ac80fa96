import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { PUBLIC_KEY } from "../support/publicKey.ts";
import type { FakeAnswer, FakeRequest } from "../support/fakeOpenStack.ts";
import { COURSE, TEXT } from "./checkedCourse.ts";

/** What a state says of one instance; the id is `<student>-<name>`. */
export interface InstanceInState {
  floatingIp?: string;
  loginUser?: string;
  /** As of a replacement that was cut off. */
  pendingReplacement?: boolean;
}

/** Resources of an instance of a student of net101, as Pulumi's state has them. */
export function instanceResources(
  student: string,
  name: string,
  { floatingIp, loginUser = "debian", pendingReplacement }: InstanceInState = {},
): object[] {
  const stack = `urn:pulumi:net101.${student}::classroom::`;
  const component = `${stack}classroom:index:WebServerInstance::net101-${student}-${name}`;
  const instanceId = `${student}-${name}`;
  return [
    {
      ...{ urn: component, type: "classroom:index:WebServerInstance" },
      outputs: { instanceId, fixedIp: "192.168.100.5", portId: `port-${instanceId}`, loginUser, floatingIp },
    },
    {
      urn: `${stack}classroom:index:WebServerInstance$openstack:compute/instance:Instance::net101-${student}-${name}-instance`,
      ...{ type: "openstack:compute/instance:Instance", custom: true, id: instanceId, parent: component },
      ...(pendingReplacement === true ? { pendingReplacement } : {}),
    },
  ];
}

/** The folder of the course net101 with kim, who has two instances, lee, who has one and an own key, and park, who is not up yet. */
export function instancesFolder({ course = "" } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "classroom-instances-"));
  const stacks = join(folder, ".classroom", "state", ".pulumi", "stacks", "classroom");
  mkdirSync(stacks, { recursive: true });
  mkdirSync(join(folder, ".classroom", "keys"));
  writeFileSync(join(folder, ".classroom", "keys", "kim"), "private", { mode: 0o600 });
  writeFileSync(join(folder, "course.yaml"), COURSE + course);
  writeFileSync(join(folder, "lab.yaml"), TEXT);
  writeFileSync(
    join(folder, "roster.csv"),
    `id,name,ssh_public_key,group\nkim,Kim,,a\nlee,Lee,${PUBLIC_KEY.trim()},a\npark,Park,,b\n`,
  );
  const keep = (student: string, resources: object[]) => {
    const stack = `net101.${student}`;
    const text = JSON.stringify({ version: 3, checkpoint: { stack, latest: { resources } } });
    writeFileSync(join(stacks, `${stack}.json`), text);
  };
  keep("kim", [...instanceResources("kim", "web1", { floatingIp: "172.24.4.11" }), ...instanceResources("kim", "db")]);
  keep("lee", instanceResources("lee", "web1", { floatingIp: "172.24.4.12" }));
  return folder;
}

type Answers = Record<string, (request: FakeRequest) => FakeAnswer>;

const AFTER: Record<string, string> = {
  "os-stop": "SHUTOFF",
  "os-start": "ACTIVE",
  shelve: "SHELVED_OFFLOADED",
  unshelve: "ACTIVE",
  reboot: "ACTIVE",
};

/** A Nova that has these servers and does at once what it is told; keeps what that was. */
export class FakeServers {
  readonly status: Record<string, string>;
  /** Console logs, by server. */
  readonly logs: Record<string, string> = {};
  /** `kim-db os-stop`, in order. */
  readonly actions: string[] = [];
  /** Happens while one is taken. */
  meanwhile: () => void = () => undefined;

  constructor(...ids: string[]) {
    this.status = Object.fromEntries(ids.map((id) => [id, "ACTIVE"]));
  }

  get answers(): Answers {
    return Object.fromEntries(
      Object.keys(this.status).flatMap((id): [string, Answers[string]][] => [
        [`GET /compute/servers/${id}`, () => ({ body: { server: { id, name: id, status: this.status[id] ?? "" } } })],
        [`POST /compute/servers/${id}/action`, ({ body }: FakeRequest) => this.#act(id, body)],
        [
          `POST /compute/servers/${id}/remote-consoles`,
          () => ({ body: { remote_console: { url: `http://cloud.example.org:6080/${id}?token=1` } } }),
        ],
      ]),
    );
  }

  #act(id: string, body: unknown): FakeAnswer {
    const [action = ""] = Object.keys(z.looseObject({}).parse(body));
    if (action === "os-getConsoleOutput") {
      const output = this.logs[id];
      return output === undefined
        ? { status: 404, body: { itemNotFound: { message: "no console" } } }
        : { body: { output } };
    }
    this.actions.push(`${id} ${action}${action === "reboot" ? ` ${JSON.stringify(body)}` : ""}`);
    this.status[id] = AFTER[action] ?? "ERROR";
    this.meanwhile();
    return { status: 202 };
  }
}
