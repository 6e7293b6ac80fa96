import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { examineCourse } from "../../cli/commands/doctor.ts";
import { emulationNote, locksElsewhere, readVirtualisation } from "../../cli/commands/doctorNotes.ts";
import { doctorText } from "../../cli/commands/doctorText.ts";
import { teacherSettings } from "../support/teacherSession.ts";
import { cloudOf, examine, kimsFolder } from "./examined.ts";

describe("readVirtualisation", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "machine-"));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it.each([
    ["flags\t\t: fpu vmx sse", "vmx"],
    ["processor\t: 0\nflags\t\t: fpu svm\n", "svm"],
    ["flags\t\t: fpu svm_lock\nvmx flags\t: vnmi\n", undefined],
    ["Features\t: fp asimd", undefined],
  ])("reads the processor's flag: %j", (text, flag) => {
    writeFileSync(join(dir, "cpuinfo"), text);
    expect(readVirtualisation(join(dir, "cpuinfo"), join(dir, "kvm"))).toEqual({ flag, kvm: "missing" });
  });

  // Root may open everything.
  it.runIf(process.getuid?.() !== 0)("tells a device that this account may not open", () => {
    writeFileSync(join(dir, "kvm"), "");
    chmodSync(join(dir, "kvm"), 0);
    expect(readVirtualisation(join(dir, "cpuinfo"), join(dir, "kvm"))).toEqual({ flag: undefined, kvm: "closed" });
  });

  it("tells a device that it may open", () => {
    writeFileSync(join(dir, "kvm"), "");
    expect(readVirtualisation(join(dir, "cpuinfo"), join(dir, "kvm"))).toEqual({ flag: undefined, kvm: "usable" });
  });
});

describe("emulationNote", () => {
  it.each([
    [{ flag: undefined, kvm: "usable" }, "no vmx or svm in /proc/cpuinfo; /dev/kvm can be opened", "nested virtual"],
    [{ flag: "vmx", kvm: "missing" }, "vmx in /proc/cpuinfo; there is no /dev/kvm", "modprobe kvm_intel"],
    [{ flag: "svm", kvm: "missing" }, "svm in /proc/cpuinfo; there is no /dev/kvm", "modprobe kvm_amd"],
    [{ flag: "svm", kvm: "closed" }, "svm in /proc/cpuinfo; /dev/kvm may not be opened", "the group kvm"],
    [{ flag: "vmx", kvm: "usable" }, "vmx in /proc/cpuinfo; /dev/kvm can be opened", "could use it as it is"],
  ] as const)("of %j", (machine, seen, mend) => {
    const note = emulationNote(machine, 600);
    expect(note.what).toContain("virt_type = qemu");
    expect(note.evidence).toBe(`this machine's processor shows ${seen}`);
    expect(note.mend).toContain("readinessTimeoutSeconds in course.yaml, 600 now");
    expect(note.mend).toContain(mend);
  });
});

describe("classroom doctor", () => {
  it("notes on the local cloud that guests are emulated, and finds nothing for it", async () => {
    const folder = kimsFolder({ course: "cloud: local\nreadinessTimeoutSeconds: 1800\n" });
    const virtualisation = { flag: undefined, kvm: "missing" } as const;
    const settings = teacherSettings(await cloudOf());
    const diagnosis = await examineCourse({ course: folder.path, settings, virtualisation });
    expect(diagnosis).toMatchObject({ findings: [], notes: [emulationNote(virtualisation, 1800)] });
    expect(doctorText(diagnosis)).toMatch(
      /^note: guests of the local cloud are emulated.*\n {2}seen: .*\n {2}mend: .*1800 now.*\n\nnet101: nothing is wrong\.$/,
    );
    expect((await examine(kimsFolder({ course: "cloud: campus\n" }))).notes).toEqual([]);
  });
});

describe("locksElsewhere", () => {
  it("names the commands that tell and remove locks, and what that costs", () => {
    const text = locksElsewhere({ course: "net101", suffix: " --course ~/net101", client: "openstack" });
    expect(text).toContain("classroom up --course ~/net101 is refused within seconds");
    expect(text).toContain(
      'eval "$(classroom env --course ~/net101)" && pulumi cancel --yes --stack net101._operation',
    );
    expect(text).toContain("removes every lock of the stack and stops nobody");
  });
});
