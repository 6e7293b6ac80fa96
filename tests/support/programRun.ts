import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { stringify } from "yaml";
import { fakeOpenStack, OFFERS, type FakeOpenStack } from "./fakeOpenStack.ts";
import type { SoloOutputs } from "../../stacks/soloStack.ts";
import { mockCloud, type MockCloud, type MockCloudOptions } from "./mockCloud.ts";
import { PUBLIC_KEY } from "./publicKey.ts";

const standardFlavor = (name: string) => ({ id: `flavor-${name}`, name, vcpus: 1, ram: 512, disk: 1 });

/** The program of one student with the class part against a fake cloud and without an engine. */
export interface ProgramRun {
  folder: string;
  openstack: FakeOpenStack;
  cloud: MockCloud;
  /**
   * Runs the program as the engine would.
   *
   * @param lab a document, or a ready lab's name
   * @param login changes to the OS_* variables, by what follows `OS_`; undefined takes one away
   */
  run: (lab: object | string, change?: object, login?: Record<string, string | undefined>) => Promise<SoloOutputs>;
  /** `Type name` of everything registered, in order of the alphabet. */
  registered: () => string[];
  /** Other answers of providers from now on. */
  mock: (options: MockCloudOptions) => Promise<void>;
  close: () => Promise<void>;
}

export async function programRun(): Promise<ProgramRun> {
  const folder = mkdtempSync(join(tmpdir(), "index-"));
  writeFileSync(join(folder, "key.pub"), PUBLIC_KEY);
  const openstack = await fakeOpenStack({
    flavors: [...OFFERS.flavors, ...["m1.tiny", "m1.small", "m1.medium", "m1.large", "m1.xlarge"].map(standardFlavor)],
    answers: {
      "GET /identity/v3/roles": () => ({
        body: { roles: ["member", "reader", "admin"].map((name) => ({ id: `role-${name}`, name, domain_id: null })) },
      }),
      "GET /network/v2.0/extensions": () => ({ body: { extensions: [{ alias: "fwaas_v2" }] } }),
      "GET /compute/os-services?binary=nova-compute": () => ({
        body: { services: [{ host: "host1", zone: "nova", state: "up", status: "enabled" }] },
      }),
    },
  });
  const program: ProgramRun = {
    folder,
    openstack,
    cloud: await mockCloud(),
    async run(lab, change = {}, login = {}) {
      const file = join(folder, "lab.yaml");
      if (typeof lab === "object") writeFileSync(file, stringify(lab));
      const config = { course: "dev", student: { id: "kim", name: "Kim Minji" }, sshKeyFile: join(folder, "key") };
      const values = { ...config, lab: typeof lab === "string" ? lab : file, ...change };
      pulumi.runtime.setAllConfig(
        Object.fromEntries(
          Object.entries(values).map(([key, value]) => [
            `classroom:${key}`,
            typeof value === "string" ? value : JSON.stringify(value),
          ]),
        ),
      );
      vi.stubEnv("CLASSROOM_PASSWORD_SEED_FILE", undefined);
      const teacher = { AUTH_URL: openstack.authUrl, USERNAME: "teacher", PASSWORD: "right", PROJECT_NAME: "class" };
      for (const [key, value] of Object.entries({ CLOUD: undefined, ...teacher, ...login }))
        vi.stubEnv(`OS_${key}`, value);
      const { soloProgram } = await import("../../stacks/soloProgram.ts");
      return soloProgram();
    },
    registered: () =>
      program.cloud.registrations.map(({ type, name }) => `${type.replace(/^openstack:\w+\/\w+:/, "")} ${name}`).sort(),
    async mock(options) {
      await program.cloud.drain();
      program.cloud = await mockCloud(options);
    },
    async close() {
      await program.cloud.drain();
      await openstack.close();
      vi.unstubAllEnvs();
      vi.resetModules();
      rmSync(folder, { recursive: true });
    },
  };
  return program;
}
