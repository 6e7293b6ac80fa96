import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { labFile, parseLabFile, readLab, readyLabs } from "../../labs/readLab.ts";
import { UserError } from "../../terminal/userError.ts";
import { LAB } from "./aLab.ts";

const folder = mkdtempSync(join(tmpdir(), "labs-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const READY = "the ready labs are devstack, horizon-12-steps, packstack, two-networks";

describe("the ready labs", () => {
  it("are known by name", () => {
    expect(readyLabs()).toEqual(["devstack", "horizon-12-steps", "packstack", "two-networks"]);
    expect(labFile("packstack")).toBe("labs/packstack/lab.yaml");
    expect(labFile("labs/packstack/lab.yaml")).toBe("labs/packstack/lab.yaml");
  });

  it.each(readyLabs())("%s is right, as it begins and at every step, without a warning", (name) => {
    const { lab } = readLab(name);
    expect(lab.lab).toBe(name);
    for (const step of [undefined, ...lab.steps.map((each) => each.name)])
      expect(parseLabFile(name, step).parsed).toMatchObject({ ok: true, warnings: [] });
  });
});

describe("a lab's file", () => {
  it("is read with its name as it was written", () => {
    const path = file("right.yaml", LAB);
    expect(readLab(path, "more")).toMatchObject({ file: path, lab: { lab: "demo" }, warnings: [] });
  });

  it("has all of its problems told in one error", () => {
    const path = file("wrong.yaml", LAB.replace("lab: demo", "lab: Demo").replace("web: apache", "web: apach"));
    expect(() => readLab(path)).toThrow(UserError);
    expect(() => readLab(path)).toThrow(
      new UserError(
        `2 problems in the lab document:\n${path}:1:1 lab: "Demo" cannot be part of a host name; use lower-case letters, digits and dashes, with a letter first and no dash at the end\n${path}:34:7 student.instances.web1.web: "apach" is none of apache, docker; did you mean "apache"?`,
      ),
    );
  });

  mkdirSync(join(folder, "empty"));
  mkdirSync(join(folder, "full"));
  file("full/lab.yaml", LAB);
  const unreadable = file("unreadable.yaml", LAB);
  chmodSync(unreadable, 0);
  it.each([
    ["", `no lab is named: give a ready lab's name or the path of a file; ${READY}`],
    [
      "packstak",
      `there is no ready lab "packstak"; did you mean "packstack"? (${READY}; a file is named by its path, e.g. ./lab.yaml)`,
    ],
    [join(folder, "full"), `${folder}/full is a folder; did you mean "${folder}/full/lab.yaml"?`],
    [join(folder, "empty"), `${folder}/empty is a folder without a lab.yaml; name the lab document itself`],
    [
      join(folder, "full/lab.yml"),
      `there is no file ${folder}/full/lab.yml; did you mean "${folder}/full/lab.yaml"? (${READY})`,
    ],
    [join(folder, "no/such.yaml"), `there is no file ${folder}/no/such.yaml (${READY})`],
    ["/dev/null", "/dev/null is not a file; name a lab document"],
    [
      file("korean.yaml", Buffer.concat([Buffer.from("lab: a\ntitle: "), Buffer.from([0xb0, 0xa1, 0x0a])])),
      `${folder}/korean.yaml:2 is not UTF-8 text; save the file as UTF-8`,
    ],
    [
      file("large.yaml", `${"#".repeat(2 ** 20)}\n`),
      `${folder}/large.yaml has 1048577 bytes; a lab document has at most 1048576`,
    ],
  ])("%j is refused", (name, message) => {
    expect(() => labFile(name) && readLab(name)).toThrow(new UserError(message));
  });

  it.runIf(process.getuid?.() !== 0)("that may not be read is refused with the system's reason", () => {
    expect(() => readLab(unreadable)).toThrow(/unreadable\.yaml cannot be read: EACCES/);
  });

  it("may begin with a byte order mark", () => {
    expect(readLab(file("bom.yaml", `\uFEFF${LAB}`)).lab.lab).toBe("demo");
  });
});
