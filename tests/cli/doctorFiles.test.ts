import { chmodSync, copyFileSync, mkdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { doctorText } from "../../cli/commands/doctorText.ts";
import { deadPid, kims, stateText } from "./classFolder.ts";
import { examine, kimsFolder, told } from "./examined.ts";

const STACK = "./.classroom/state/.pulumi/stacks/classroom/net101.kim.json";

describe("classroom doctor, on the files of a course", () => {
  it("tells a torn state, an empty one and a lost one, with the newest copy that is whole", async () => {
    const folder = kimsFolder();
    folder.roster("kim", "lee", "park");
    const file = join(folder.stacks, "net101.kim.json");
    const backups = join(folder.hidden, "state", ".pulumi", "backups", "classroom", "net101.kim");
    mkdirSync(backups, { recursive: true });
    copyFileSync(file, `${file}.bak`);
    copyFileSync(file, join(backups, "net101.kim.1.json"));
    utimesSync(`${file}.bak`, 1000, 1000);
    utimesSync(join(backups, "net101.kim.1.json"), 2000, 2000);
    writeFileSync(join(backups, "net101.kim.2.json"), "torn, too");
    truncateSync(file, 500);
    writeFileSync(join(folder.stacks, "net101.lee.json"), "");
    writeFileSync(join(folder.stacks, "net101.park.json.bak"), stateText(kims()));
    const copy = "./.classroom/state/.pulumi/backups/classroom/net101.kim/net101.kim.1.json";
    const lee = STACK.replace("kim", "lee");
    const park = STACK.replace("kim", "park");
    const diagnosis = await examine(folder);
    expect(told(folder, diagnosis)).toEqual([
      `state-file | kim | cp ${copy} ${STACK} && classroom up --students kim`,
      `state-file | lee | rm -f ${lee} && classroom up --students lee`,
      `state-file | park | cp ${park}.bak ${park} && classroom up --students park`,
    ]);
    expect(diagnosis.findings.map(({ what }) => what)).toEqual([
      expect.stringContaining("is not a whole state"),
      "the state of net101.lee is empty",
      expect.stringContaining("is gone"),
    ]);
  });

  it("takes the copy that a removed stack leaves behind for what it is", async () => {
    const folder = kimsFolder();
    for (const stack of ["net101.lee", "net101._operation"])
      writeFileSync(
        join(folder.stacks, `${stack}.json.bak`),
        stateText({ stack, resources: [], pending: [], outputs: {} }),
      );
    expect((await examine(folder)).findings).toEqual([]);
  });

  it("tells that the stack which is only a lock is damaged, too", async () => {
    const folder = kimsFolder();
    writeFileSync(join(folder.stacks, "net101._operation.json"), "");
    expect(told(folder, await examine(folder))).toEqual([
      `state-file | course | rm -f ${STACK.replace("kim", "_operation")} && classroom up`,
    ]);
  });

  it("tells a state that is older than its copy, unless both are the same", async () => {
    const folder = kimsFolder();
    const file = join(folder.stacks, "net101.kim.json");
    copyFileSync(file, `${file}.bak`);
    utimesSync(file, 1000, 1000);
    expect((await examine(folder)).findings).toEqual([]);
    writeFileSync(`${file}.bak`, stateText(kims({ resources: [] })));
    expect(told(folder, await examine(folder))).toEqual([
      `state-file | kim | cp ${STACK}.bak ${STACK} && classroom up --students kim`,
    ]);
  });

  it("tells the locks of the dead, of other machines and of the living", async () => {
    const folder = kimsFolder();
    const dead = await deadPid();
    const lock = { username: "lee", hostname: hostname(), timestamp: "2026-01-01T00:00:00Z" };
    folder.lock("net101.kim", { ...lock, pid: dead });
    folder.lock("net101._operation", { ...lock, pid: 7, hostname: "elsewhere.invalid" });
    folder.lock("net101.lee", { ...lock, pid: process.pid });
    folder.lock("net102.kim", { ...lock, pid: dead });
    folder.lock("net101", {});
    const diagnosis = await examine(folder);
    const file = (stack: string) => `./.classroom/state/.pulumi/locks/organization/classroom/${stack}/0c34bd3b.json`;
    expect(told(folder, diagnosis)).toEqual([
      `foreign-lock | class | when nobody works on the course: rm ${file("net101")}`,
      `foreign-lock | course | on elsewhere.invalid: ps -p 7; when it is not there: rm ${file("net101._operation")}`,
      `dead-lock | kim | rm ${file("net101.kim")}`,
    ]);
    expect(diagnosis.findings[2]?.evidence).toBe(`lee on ${hostname()}, process ${dead}, since 2026-01-01T00:00:00Z`);
    expect(diagnosis.inWork).toContain(
      `net101.lee: lee on ${hostname()}, process ${process.pid}, since 2026-01-01T00:00:00Z`,
    );
    expect(doctorText(diagnosis)).toContain("At work, so not looked at: net101.lee");
  });

  it("tells what others can read, and what is missing", async () => {
    const folder = kimsFolder();
    chmodSync(folder.hidden, 0o755);
    chmodSync(join(folder.hidden, "keys/kim"), 0o644);
    rmSync(join(folder.hidden, "passphrase"));
    rmSync(join(folder.hidden, "password-seed"));
    expect(told(folder, await examine(folder))).toEqual([
      expect.stringMatching(/^secret-missing \| course \| put it back from a copy; /),
      expect.stringMatching(/^secret-missing \| course \| put it back from a copy; /),
      "private-file | course | chmod 700 ./.classroom",
      "private-file | course | chmod 600 ./.classroom/keys/kim",
    ]);
    rmSync(join(folder.hidden, "keys/kim"));
    expect((await examine(folder)).findings).toContainEqual(
      expect.objectContaining({ rule: "secret-missing", who: "kim", what: "the generated private key is missing" }),
    );
  });

  it("says that the place for state cannot be read", async () => {
    const folder = kimsFolder();
    rmSync(folder.stacks, { recursive: true });
    writeFileSync(folder.stacks, "not a folder");
    const diagnosis = await examine(folder);
    expect(told(folder, diagnosis)).toEqual(['state-unreadable | course | eval "$(classroom env)" && pulumi stack ls']);
    expect(diagnosis.findings[0]?.evidence).toContain("ENOTDIR");
  });
});
