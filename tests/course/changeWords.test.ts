import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  changeDetails,
  classLine,
  classStackLine,
  leftRosterLine,
  losses,
  stackDetails,
  type StudentStackChange,
} from "../../course/changeWords.ts";
import type { PlannedStep } from "../../course/plannedStep.ts";
import { classifySteps } from "../../course/studentChange.ts";
import { aStep, INSTANCE, looked, replaced, STACK, VOLUME } from "./aStep.ts";

const bold = (text: string) => `**${text}**`;

function student(name: string, steps: PlannedStep[] = []): StudentStackChange {
  return { student: name.toLowerCase(), name, change: classifySteps(steps) };
}

const isNew = [aStep("create", STACK), aStep("create", INSTANCE)];
const userData = replaced(INSTANCE, { changed: ["userData"] });
const image = replaced(INSTANCE, { changed: ["imageId"] });
const flavor = [aStep("update", INSTANCE, { changed: ["flavorId"] })];
const many = Array.from({ length: 27 }, (_, index) => student(`S${index}`));

describe("classLine", () => {
  it("sums up a class, the gravest last", () => {
    const changes = [student("Park", userData), ...many, student("Kim", isNew), student("Lee", isNew)];
    expect(classLine(changes, { bold })).toBe(
      "27 unchanged · 2 new: Kim, Lee · 1 rebuilt, **disk lost**: Park (user data changed)",
    );
    expect(classLine(changes)).toBe("27 unchanged · 2 new: Kim, Lee · 1 rebuilt, disk lost: Park (user data changed)");
  });

  it("puts those together to whom the same happens for the same cause", () => {
    const changes = [student("A", userData), student("B", image), student("C", userData), student("D", flavor)];
    expect(classLine(changes)).toBe(
      "1 restarted: D (flavor changed) · 2 rebuilt, disk lost: A, C (user data changed) · 1 rebuilt, disk lost: B (image changed)",
    );
  });

  it.each<[string, PlannedStep[], string]>([
    ["nothing", [], "1 unchanged"],
    [
      "deleted by hand",
      [looked(INSTANCE, { gone: true }), aStep("create", INSTANCE)],
      "1 set right: Kim (instance web1 was deleted by hand)",
    ],
    ["more", [aStep("create", INSTANCE)], "1 extended: Kim (instance web1 is made)"],
    [
      "less",
      [aStep("delete", INSTANCE), aStep("delete", VOLUME, { name: "data" })],
      "1 reduced, **disk and volume lost**: Kim (instance web1 is no longer in the lab; volume data is no longer in the lab)",
    ],
    [
      "all of it",
      [
        aStep("delete", INSTANCE),
        aStep("delete", "openstack:identity/project:Project", { component: "StudentProject" }),
        aStep("delete", STACK),
      ],
      "1 removed, **everything in it lost**: Kim",
    ],
    ["asked for", replaced(INSTANCE), "1 rebuilt, **disk lost**: Kim (asked for)"],
    [
      "an unknown type",
      [aStep("update", "openstack:foo/bar:Bar", { name: "x", role: "bar", changed: ["size"] })],
      "1 changed: Kim (size changed)",
    ],
    [
      "many causes",
      replaced(INSTANCE, { changed: ["userData", "imageId", "keyPair", "configDrive"] }),
      "1 rebuilt, **disk lost**: Kim (user data changed; image changed and 2 more)",
    ],
  ])("says what happens to one: %s", (_name, steps, line) => {
    expect(classLine([student("Kim", steps)], { bold })).toBe(line);
  });

  it("names no more students than can be read, and tells two of one name apart", () => {
    const names = Array.from({ length: 20 }, (_, index) => student(`S${index}`, isNew));
    expect(classLine(names)).toBe("20 new: S0, S1, S2, S3, S4, S5, S6, S7 and 12 more");
    expect(classLine(names.slice(0, 9))).toBe("9 new: S0, S1, S2, S3, S4, S5, S6, S7, S8");
    const twins = ["kim1", "kim2"].map((id) => ({ ...student("Kim", isNew), student: id }));
    expect(classLine(twins)).toBe("2 new: Kim (kim1), Kim (kim2)");
  });

  it("says nothing of nobody", () => {
    expect(classLine([])).toBe("");
  });

  it("counts every student once", () => {
    const kinds = [[], isNew, userData, image, flavor, [aStep("delete", VOLUME)]];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 60 }), (each) => {
        const line = classLine(each.map((steps, index) => student(`S${index}`, steps)));
        const counted = Array.from(line.matchAll(/(?:^| · )(\d+) /g), ([, count]) => Number(count));
        expect(counted.reduce((sum, count) => sum + count, 0)).toBe(each.length);
        expect(line.includes("lost")).toBe(each.some((steps) => classifySteps(steps).losesData));
      }),
    );
  });
});

describe("changeDetails", () => {
  it("says it sentence by sentence, and leaves out those to whom nothing happens", () => {
    const changes = [
      student("Kim"),
      student("Lee", isNew),
      student("Park", [
        ...userData,
        aStep("update", VOLUME, { name: "data", changed: ["size"], from: { size: 1 }, to: { size: 2 } }),
      ]),
    ];
    expect(changeDetails(changes, { bold })).toEqual([
      "Lee (lee): everything is made",
      "Park (park):",
      "  - **instance web1 is rebuilt: its disk is lost (user data changed)**",
      "  - volume data grows from 1 to 2 GiB; its data stay",
    ]);
  });

  it("tells what was changed by hand, though nothing is done about it", () => {
    const steps = [looked(INSTANCE, { changed: ["description"] })];
    expect(changeDetails([{ ...student("kim", steps), student: "kim" }])).toEqual([
      "kim:",
      "  - instance web1 was changed by hand (description), and stays as it is",
    ]);
  });
});

describe("the class stack", () => {
  it("is said in a line and in sentences", () => {
    const flavors = { name: "flavors", component: "FlavorCatalog", from: { name: "small" }, changed: ["ram"] };
    const change = classifySteps(replaced("openstack:compute/flavor:Flavor", flavors), { of: "class" });
    expect(classStackLine(change)).toBe("class stack: restarted (memory of the flavor changed)");
    expect(stackDetails("class stack", change)).toEqual([
      "class stack:",
      "  - flavor small is made anew (memory of the flavor changed)",
      "  - every student's instance of flavor small is resized by its own stack's update: it is down for a while, its disk stays (memory of the flavor changed)",
    ]);
    expect(classStackLine(classifySteps([]))).toBe("class stack: unchanged");
  });
});

describe("losses", () => {
  it("lists everything that is lost, so that it can be agreed to", () => {
    const changes = [student("Kim"), student("Park", [...userData, aStep("delete", VOLUME, { name: "data" })])];
    expect(losses(changes)).toEqual([
      {
        student: "park",
        name: "Park",
        thing: "instance web1",
        loses: "disk",
        text: "instance web1 is rebuilt: its disk is lost (user data changed)",
      },
      {
        student: "park",
        name: "Park",
        thing: "volume data",
        loses: "volume",
        text: "volume data is deleted: its data are lost",
      },
    ]);
  });

  it("says the class stack's without a student", () => {
    const images = { name: "images", component: "ImageCatalog", from: { name: "lab" }, changed: ["properties"] };
    const change = classifySteps(replaced("openstack:images/image:Image", images), { of: "class" });
    expect(losses([{ name: "class stack", change }])).toMatchObject([{ name: "class stack", loses: "disk" }]);
    expect(losses([{ name: "class stack", change }])[0]).not.toHaveProperty("student");
  });
});

describe("leftRosterLine", () => {
  it("promises to keep them", () => {
    expect(leftRosterLine(["park"])).toEqual(["no longer in the roster: park (kept; --prune removes it)"]);
    expect(leftRosterLine(["lee", "park"])).toEqual([
      "no longer in the roster: lee, park (kept; --prune removes them)",
    ]);
    expect(leftRosterLine([])).toEqual([]);
  });
});
