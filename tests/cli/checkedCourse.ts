import { parseCourse } from "../../course/parseCourse.ts";
import { LAB, labOf } from "../lab/aLab.ts";

/** One instance, one router and one floating IP of the cloud's own network for each. */
export const TEXT = LAB.replace(
  / {2}providerNetworks:[\s\S]*? {2}flavors:/,
  "  providerNetworks: { public: { existing: campus } }\n  flavors:",
)
  .replace(/ {2}images:\n.*\n/, "  images: { debian: { existing: debian-12 } }\n")
  .replace("    router2: { gateway: public, interfaces: [other] }\n", "");
export const COURSE = "course: net101\nlab: ./lab.yaml\n";
const course = () => {
  const parsed = parseCourse(COURSE);
  if (!parsed.ok) throw new Error("the course of the test is wrong");
  return parsed.course;
};
const students = (count: number) =>
  Array.from({ length: count }, (_, seat) => ({
    id: `s${seat}`,
    name: `S ${seat}`,
    line: seat + 2,
    seat,
    pageName: `S ${seat}`,
  }));
/** A course with so many students. */
export const loaded = (count: number, text = TEXT) => ({
  ...{ course: course(), lab: labOf(text), labFile: "lab.yaml", students: students(count), warnings: [] },
});
/** Nobody is there yet. */
export const THERE = {
  "GET /network/v2.0/ports?tags=course%3Anet101%2Cmanaged-by%3Aclassroom&fields=tags&fields=device_id": () => ({
    body: { ports: [] },
  }),
  "GET /network/v2.0/networks?tags=course%3Anet101%2Cmanaged-by%3Aclassroom&fields=tags": () => ({
    body: { networks: [] },
  }),
};
