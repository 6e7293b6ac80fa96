import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prefixOf } from "../student.ts";
import type { Phase, Variant } from "../variant.ts";

const CLIENT = join(import.meta.dirname, "heat/stack.ts");

const OPERATIONS: Record<Phase, string> = {
  create: "apply",
  "no-op": "apply",
  preview: "preview",
  "add-one": "apply",
  destroy: "delete",
};

const seedFile = (folder: string) => join(folder, "seed");

/**
 * Heat: one stack, a resource group of nested stacks, one for each student. Its work is done by the cloud's own heat-engine, so its CPU
 * is the cloud's and not the client's.
 *
 * A stack makes its resources in the project that it is made in, so the networks and instances of all students are in the
 * administrator's. Project, user, role and quotas are each student's own. It leaves Neutron's security group `default` of each project.
 */
export const heat: Variant = {
  name: "heat",
  title: "Heat, a group of nested stacks; networks and instances all in the administrator's project",
  inOneProject: true,
  prepare(folder) {
    writeFileSync(seedFile(folder), randomBytes(16).toString("hex"), { mode: 0o600 });
    return Promise.resolve();
  },
  command: (phase, size, folder) => ({
    file: process.execPath,
    args: [CLIENT, OPERATIONS[phase], prefixOf("heat"), String(size), readFileSync(seedFile(folder), "utf8")],
    env: {},
    cwd: folder,
  }),
};
