import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { examineCourse } from "../../cli/commands/doctor.ts";
import { doctorText } from "../../cli/commands/doctorText.ts";
import type { Offers } from "../support/fakeOpenStack.ts";
import { teacherSettings } from "../support/teacherSession.ts";
import { kims, KIMS_SERVER, kimsCloud, loginEnv } from "./classFolder.ts";
import { cloudOf, examine, kimsFolder, newFolder, told } from "./examined.ts";
import { known } from "../course/kimsThings.ts";

describe("classroom doctor", () => {
  it("finds nothing where all is well, and changes nothing", async () => {
    const folder = kimsFolder();
    const before = readdirSync(folder.path, { recursive: true });
    const cloud = await cloudOf();
    const diagnosis = await examineCourse({ course: folder.path, settings: teacherSettings(cloud) });
    expect(diagnosis).toMatchObject({ course: "net101", findings: [], inWork: [], notSeen: [] });
    expect(doctorText(diagnosis)).toBe("net101: nothing is wrong.");
    expect(cloud.requests.filter((request) => !request.startsWith("GET "))).toEqual(["POST /v3/auth/tokens"]);
    expect(readdirSync(folder.path, { recursive: true })).toEqual(before);
  });

  it("makes nothing where nothing is made yet", async () => {
    const folder = newFolder();
    folder.roster("kim", "lee");
    const answers = {
      ...kimsCloud(),
      "GET /identity/v3/projects?tags=course%3Anet101": () => ({ body: { projects: [] } }),
    };
    const diagnosis = await examine(folder, { answers });
    expect(told(folder, diagnosis)[0]).toBe("not-made | kim,lee | classroom up");
    expect(readdirSync(folder.path).sort()).toEqual(["course.yaml", "lab.yaml", "roster.csv"]);
  });

  it("tells what is wrong in the cloud, in three lines each", async () => {
    const folder = kimsFolder();
    const servers = [{ ...KIMS_SERVER, status: "ERROR", fault: { message: "No valid host was found.\nnova-compute" } }];
    const diagnosis = await examine(folder, {
      answers: kimsCloud({ servers, lists: { "security-groups": [], "security-group-rules": [] } }),
    });
    expect(doctorText(diagnosis)).toBe(
      [
        "kim: instance web1 (kim-vm) is in error",
        "  seen: No valid host was found.",
        "        nova-compute",
        `  mend: classroom reset kim --course ${folder.path}`,
        "",
        "kim: security group web (kim-group) was deleted by hand",
        "  seen: the state has SecGroup kim-group, the cloud has not",
        `  mend: classroom up --students kim --course ${folder.path}`,
        "",
        "net101: 2 findings; nothing was changed.",
      ].join("\n"),
    );
  });

  it("tells what a killed update had begun", async () => {
    const folder = kimsFolder();
    folder.keep(kims({ pending: [{ type: "creating", resource: known("port", "web1-port", "") }] }));
    expect((await examine(folder)).findings).toMatchObject([
      { rule: "interrupted", who: "kim", evidence: "interrupted while making port web1-port" },
    ]);
  });

  it("says what can be said when the cloud cannot be asked", async () => {
    const folder = kimsFolder();
    folder.roster("kim", "lee");
    const refused = { ...(await cloudOf({ password: "another" })) };
    const unreachable = { ...teacherSettings(refused), authUrl: "http://127.0.0.1:1/v3" };
    for (const settings of [teacherSettings(refused), unreachable]) {
      const diagnosis = await examineCourse({ course: folder.path, settings });
      expect(told(folder, diagnosis)).toEqual([
        expect.stringMatching(/^cloud-unreachable \| course \| openstack token issue /),
        "not-made | lee | classroom up --students lee",
      ]);
    }
  });

  it("says what can be said when a document is wrong", async () => {
    const folder = kimsFolder();
    const rest = "deleted | kim | classroom up --students kim";
    const answers = kimsCloud({ servers: [] });
    folder.write("roster.csv", "id,name\nkim,Kim\nkim,Kim\n");
    expect(told(folder, await examine(folder, { answers }))).toEqual([expect.stringMatching(/^document /), rest]);
    folder.roster("kim");
    folder.write("lab.yaml", "lab: x");
    expect(told(folder, await examine(folder, { answers }))).toEqual([expect.stringMatching(/^document /), rest]);
    folder.write("course.yaml", "course: NET");
    const diagnosis = await examine(folder, { answers });
    expect(told(folder, diagnosis)).toEqual([expect.stringMatching(/^document /)]);
    expect(doctorText(diagnosis)).toMatch(/\n\n1 finding; nothing was changed\.$/);
    rmSync(join(folder.path, "course.yaml"));
    await expect(examine(folder)).rejects.toThrow("there is no");
  });

  it("tells what the cloud no longer offers, a wrong clock and a full quota", async () => {
    const folder = kimsFolder();
    const quota = { quota_set: { instances: { limit: 1, in_use: 1 } } };
    const answers = {
      ...kimsCloud({ servers: [{ ...KIMS_SERVER, id: "mine", name: "mine", metadata: {} }] }),
      "GET /compute/os-quota-sets/project-kim/detail": () => ({ body: quota }),
    };
    const issuedAt = new Date(Date.now() - 3_600_000);
    const diagnosis = await examine(folder, { answers, issuedAt, images: [] });
    expect(told(folder, diagnosis)).toEqual([
      "clock | course | timedatectl set-ntp true",
      `not-offered | class | change it in ./course.yaml, or have it made; then: classroom check`,
      "quota | kim | openstack quota set --instances 2 project-kim",
      "deleted | kim | classroom up --students kim",
    ]);
  });

  it("says which services it could not look into", async () => {
    const folder = kimsFolder();
    const answers = { ...kimsCloud(), "GET /compute/os-server-groups?all_projects=true": () => ({ status: 500 }) };
    const diagnosis = await examine(folder, { answers });
    expect(diagnosis.findings).toEqual([]);
    expect(doctorText(diagnosis)).toMatch(/^Could not be looked at: compute: .* answers 500/);
  });
});

describe("the command", () => {
  it("ends with 0 when nothing is found and with 1 when something is", { timeout: 60_000 }, async () => {
    const folder = kimsFolder();
    const main = join(import.meta.dirname, "../../cli/main.ts");
    const run = async (answers: Offers["answers"], ...args: string[]) => {
      const env = { ...loginEnv((await cloudOf({ answers: answers ?? {} })).authUrl), HOME: folder.path };
      return execa(process.execPath, [main, "doctor", ...args], {
        cwd: folder.path,
        env,
        extendEnv: false,
        reject: false,
      });
    };
    const well = await run(kimsCloud());
    expect([well.exitCode, well.stdout]).toEqual([0, "net101: nothing is wrong."]);
    const ill = await run(kimsCloud({ servers: [] }), "--json");
    expect([ill.exitCode, JSON.parse(ill.stdout)]).toMatchObject([
      1,
      { course: "net101", findings: [{ rule: "deleted", who: "kim", mend: "classroom up --students kim" }] },
    ]);
  });
});
