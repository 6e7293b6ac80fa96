import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** What the class's and the students' programs are written in, and what they are run with. */
const ROOMS = ["cloud-init", "components", "lab", "stacks"];
const FILES = ["package-lock.json", "toolchain/versions.json"];

/** The same as long as the programs are: two runs with the same input and the same digest ask for the same resources. */
export function programDigest(): string {
  const sources = ROOMS.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(room, file)),
  );
  const hash = createHash("sha256");
  for (const file of [...sources.sort(), ...FILES]) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}
