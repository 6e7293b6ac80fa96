import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { FaultClass } from "./faultClass.ts";
import { STUDENT } from "./soundClass.ts";

const isRoot = process.getuid?.() === 0;

describe("a state that", () => {
  let faulty: FaultClass;
  beforeAll(async () => {
    faulty = await FaultClass.open("flstate");
    expect(await faulty.runAgain("up")).toEqual([]);
  });
  afterAll(() => faulty.close());

  describe.each([
    { whose: "the student's", student: STUDENT },
    { whose: "the class's", student: undefined },
  ])("is $whose", ({ student }) => {
    it.each<{ how: string; harm: (bytes: Buffer) => Buffer }>([
      { how: "torn", harm: (bytes) => bytes.subarray(0, bytes.length / 2) },
      { how: "empty", harm: () => Buffer.alloc(0) },
      { how: "full of zeros", harm: (bytes) => Buffer.alloc(bytes.length) },
      { how: "bit-flipped where JSON breaks", harm: (bytes) => flipped(bytes, bytes.indexOf('"resources"')) },
    ])("and $how is restored from the last good copy, and what that does not know from the cloud", async ({ harm }) => {
      const file = faulty.fixture.stateFile(student);
      const damaged = harm(readFileSync(file));
      writeFileSync(file, damaged);
      const { exitCode, stderr } = await faulty.fixture.run("up", "--yes");
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining("restored")]);
      expect(await faulty.check("up")).toEqual([]);
      // What was there is kept for whoever wants to look into it.
      expect(damagedCopies(file).map((copy) => readFileSync(copy))).toContainEqual(damaged);
    });
  });

  it.each([STUDENT, undefined])(
    "has attributes that a killed writer left empty, so that Pulumi does not read it, is read again (%s)",
    async (student) => {
      writeFileSync(`${faulty.fixture.stateFile(student)}.attrs`, "");
      // Otherwise nobody would read it: it is known to be as it should.
      expect(await faulty.fixture.run("up", "--yes", "--refresh")).toMatchObject({ exitCode: 0 });
      expect(await faulty.check("up")).toEqual([]);
    },
  );

  it("has another id in it than the cloud, by a flipped bit, is put right from the cloud", async () => {
    const file = faulty.fixture.stateFile(STUDENT);
    const text = readFileSync(file, "utf8");
    const network = (await faulty.fixture.stateOf(STUDENT)).resources.find(({ type }) => type.endsWith(":Subnet"));
    const id = network?.id ?? "none";
    expect(text).toContain(id);
    // One bit of one digit of the id: "a" is "c" then.
    const other = id.replace(/[0-9a-f]$/, (digit) => (digit === "1" ? "3" : "1"));
    const changed = text.replaceAll(new RegExp(`("id": ?)"${id}"`, "g"), `$1"${other}"`);
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    expect(await faulty.runAgain("up")).toEqual([]);
  });

  it("was encrypted with another passphrase is refused, and stays as it was", async () => {
    const passphrase = faulty.fixture.hidden("passphrase");
    const right = readFileSync(passphrase);
    const states = [undefined, STUDENT].map((student) => faulty.fixture.fingerprint(student));
    for (const wrong of ["wrong", undefined]) {
      if (wrong === undefined) rmSync(passphrase);
      else writeFileSync(passphrase, wrong);
      for (const command of ["up", "destroy"] as const) {
        // Where there is nothing to do, nothing is opened either.
        const { exitCode, stderr } = await faulty.fixture.run(
          command,
          "--yes",
          ...(command === "up" ? ["--refresh"] : []),
        );
        expect([exitCode, stderr]).toEqual([2, expect.stringContaining("passphrase")]);
      }
      expect([undefined, STUDENT].map((student) => faulty.fixture.fingerprint(student))).toEqual(states);
      expect(existsSync(passphrase)).toBe(wrong !== undefined);
    }
    writeFileSync(passphrase, right);
    expect(await faulty.check("up")).toEqual([]);
    expect(await faulty.runAgain("destroy")).toEqual([]);
  });
});

function damagedCopies(file: string): string[] {
  const [folder, name] = [join(file, ".."), file.split("/").at(-1) ?? ""];
  return execFileSync("ls", [folder])
    .toString()
    .split("\n")
    .filter((other) => other.startsWith(`${name}.damaged-`))
    .map((other) => join(folder, other));
}

/** With one bit of one byte the other way around: a quotation mark is "#" then. */
function flipped(bytes: Buffer, index: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(index) ^ 1, index);
  return copy;
}

describe.skipIf(!isRoot)("a place for state (a file system of its own takes root)", () => {
  let faulty: FaultClass;
  beforeAll(async () => {
    faulty = await FaultClass.open("fldisk");
  });
  afterEach(async () => {
    execFileSync("umount", ["--lazy", folder()]);
    await faulty.startOver();
  });
  afterAll(() => faulty.close());

  const folder = () => faulty.fixture.hidden("state");
  const remount = (options: string) => {
    execFileSync("mount", ["-o", `remount,${options}`, folder()]);
  };
  function mount(options: string): void {
    rmSync(folder(), { recursive: true, force: true });
    mkdirSync(folder(), { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder()]);
  }

  it.each([60, 150])(
    "that is full after %i kB ends the run, and nothing is lost when there is room again",
    async (kB) => {
      mount("size=16m");
      // As much is left as it takes to get somewhere: a tmpfs gives out whole pages.
      const { bavail, bsize } = statfsSync(folder());
      writeFileSync(join(folder(), "others"), Buffer.alloc(bavail * bsize - kB * 1024));
      const { exitCode, stderr } = await faulty.fixture.run("up", "--yes");
      expect([exitCode === 0, stderr]).toEqual([false, expect.stringMatching(/no space left|ENOSPC/i)]);
      rmSync(join(folder(), "others"));
      expect([...(await faulty.runAgain("up")), ...(await faulty.runAgain("destroy"))]).toEqual([]);
    },
  );

  it("that is read-only is refused before anything is made", async () => {
    mount("size=16m,ro");
    const { exitCode, stderr } = await faulty.fixture.run("up", "--yes");
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/read-only/i)]);
    expect(await faulty.fixture.traces()).toEqual([]);
    remount("rw");
    expect([...(await faulty.runAgain("up")), ...(await faulty.runAgain("destroy"))]).toEqual([]);
  });
});
