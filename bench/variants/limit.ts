import { join } from "node:path";
import type { Variant } from "../variant.ts";

const PROGRAM = join(import.meta.dirname, "../limit/main.ts");

/** What can be had at all: see limit/main.ts. */
export const limit: Variant = {
  name: "limit",
  title: "limit program: direct API calls, as few and as parallel as can be",
  prepare: () => Promise.resolve(),
  command(phase, size, folder) {
    if (phase === "no-op" || phase === "preview") return undefined;
    const students = phase === "destroy" ? 0 : size;
    const args = [PROGRAM, String(students), join(folder, "state.json")];
    return { file: process.execPath, args, env: {}, cwd: folder };
  },
};
