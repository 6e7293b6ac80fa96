import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { OUTSIDE, prefixOf, STUDENT, studentId } from "../student.ts";
import type { Phase, Variant } from "../variant.ts";

const NAME = "classroom";
const PROGRAM = join(import.meta.dirname, "../../cli/classroom.mjs");

/** This project, as a teacher uses it: a stack per student, at its own parallelism. */
export const classroom: Variant = {
  name: NAME,
  title: "classroom up: a Pulumi stack per student",
  // eslint-disable-next-line @typescript-eslint/require-await -- others build something here
  async prepare(folder) {
    const course = { course: prefixOf(NAME), lab: "./lab.yaml", waitUntilReady: false, cloud: process.env["OS_CLOUD"] };
    writeFileSync(join(folder, "course.yaml"), stringify(course));
    writeFileSync(join(folder, "lab.yaml"), stringify(lab()));
  },
  command(phase, size, folder) {
    const rows = Array.from({ length: size }, (_, index) => `${studentId(index + 1)},Student ${index + 1}`);
    writeFileSync(join(folder, "roster.csv"), ["id,name", ...rows, ""].join("\n"));
    // The plugin would prefer the cloud of OS_CLOUD to a student's own login.
    const env = { OS_CLOUD: "" };
    return { file: process.execPath, args: [PROGRAM, ...WORDS[phase], "--course", folder], env, cwd: folder };
  },
};

const WORDS: Record<Phase, readonly string[]> = {
  create: ["up", "--yes"],
  "no-op": ["up", "--yes"],
  preview: ["preview"],
  "add-one": ["up", "--yes"],
  destroy: ["destroy", "--yes"],
};

/** The student that all variants make, as a lab. */
function lab(): object {
  return {
    lab: "bench",
    title: "One instance each",
    class: { providerNetworks: { outside: { existing: OUTSIDE.name } } },
    student: {
      project: {
        // Its user is named like it, with the role "member".
        quotas: { ...STUDENT.computeQuota, ...STUDENT.networkQuota },
      },
      networks: { lan: { cidr: STUDENT.cidr, dns: STUDENT.dns } },
      routers: { router: { gateway: "outside", interfaces: ["lan"] } },
      securityGroups: { web: [{ allow: "ssh", from: "anywhere" }, "http", "all-icmp"] },
      instances: {
        web1: {
          ...{ image: STUDENT.image, flavor: STUDENT.flavor, network: "lan" },
          ...{ fixedIp: STUDENT.fixedIp, floatingIp: "outside" },
        },
      },
    },
  };
}
