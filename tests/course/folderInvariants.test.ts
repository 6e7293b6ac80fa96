import { describe, expect, it } from "vitest";
import { folderFindings, type FolderFacts } from "../../course/folderInvariants.ts";
import { quotaFindings, type QuotaFacts } from "../../course/quotaFindings.ts";
import { studentDemand } from "../../lab/demand.ts";
import { labOf, LAB } from "../lab/aLab.ts";
import { cloudOf, cloudWithout, inCloud, kimsStack, kimsThings } from "./kimsThings.ts";

const words = { course: "net101", suffix: "", client: "openstack" };
const told = (change: Partial<FolderFacts>) =>
  folderFindings({
    ...{
      ...words,
      stateFiles: [],
      unreadable: [],
      locks: [],
      openFiles: [],
      missing: [],
      quoted: (path) => `'${path}'`,
    },
    ...change,
  }).map(({ rule, who, mend }) => [rule, who, mend].join(" | "));

describe("what is not as it should be in a course's files", () => {
  const lock = { owner: "kim", host: "vm", pid: 7, since: "2026-01-01T00:00:00Z" };
  const stack = "net101.kim";
  it.each<[string, Partial<FolderFacts>, string[]]>([
    ["nothing", {}, []],
    [
      "a file that others can read",
      {
        openFiles: [
          { file: "keys/kim", mode: 0o100644, isFolder: false },
          { file: ".classroom", mode: 0o40755, isFolder: true },
        ],
      },
      ["private-file | course | chmod 600 'keys/kim'", "private-file | course | chmod 700 '.classroom'"],
    ],
    [
      "a torn state with a copy",
      { stateFiles: [{ stack, file: "s.json", how: "damaged", goodCopy: "s.json.bak" }] },
      ["state-file | kim | cp 's.json.bak' 's.json' && classroom up --students kim"],
    ],
    [
      "a torn state without one: the project is found again",
      { stateFiles: [{ stack: "net101", file: "s.json", how: "empty" }] },
      ["state-file | class | rm -f 's.json' && classroom up"],
    ],
    [
      "a state whose attributes a killed writer left empty",
      { stateFiles: [{ stack, file: "s.json", how: "attributes", attributes: "s.json.attributes" }] },
      ["state-file | kim | rm -f 's.json.attributes' && classroom up --students kim"],
    ],
    [
      "a state that cannot be read otherwise",
      { unreadable: [{ stack, reason: "403" }] },
      ['state-unreadable | kim | eval "$(classroom env)" && pulumi stack export -s net101.kim'],
    ],
    [
      "the lock of the dead",
      { locks: [{ stack, file: "l.json", lock, holder: "dead" }] },
      ["dead-lock | kim | rm 'l.json'"],
    ],
    ["the lock of the living", { locks: [{ stack, file: "l.json", lock, holder: "alive" }] }, []],
    [
      "a lock from another machine",
      { locks: [{ stack: "net101._operation", file: "l.json", lock, holder: "elsewhere" }] },
      ["foreign-lock | course | on vm: ps -p 7; when it is not there: rm 'l.json'"],
    ],
    [
      "a lock that cannot be read",
      { locks: [{ stack: "net101", file: "l.json", holder: "elsewhere" }] },
      ["foreign-lock | class | when nobody works on the course: rm 'l.json'"],
    ],
    [
      "a lost secret",
      { missing: [{ file: "passphrase", who: "course", is: "the passphrase", otherwise: "begin anew" }] },
      ["secret-missing | course | put it back from a copy; begin anew"],
    ],
  ])("%s", (_what, change, expected) => {
    expect(told(change)).toEqual(expected);
  });
});

describe("a project's quota", () => {
  const lab = labOf(
    LAB.replace("    router2: { gateway: public, interfaces: [other] }\n", "").replace(/ {4}other:\n.*\n/, ""),
  );
  const demand = studentDemand(lab, () => ({ vcpus: 1, ramMiB: 512 }));
  const full = Object.fromEntries(
    Object.entries({
      instances: 1,
      cores: 1,
      ramMiB: 512,
      networks: 1,
      routers: 1,
      floatingIps: 1,
      securityGroups: 2,
    }).map(([name, used]) => [name, { limit: used, used }]),
  );
  const check = (change: Partial<QuotaFacts>) =>
    quotaFindings({
      ...{
        ...words,
        student: "kim",
        stack: kimsStack(),
        cloud: cloudOf(kimsThings()),
        quotas: full,
        demand,
        ofLab: {},
      },
      ...change,
    });

  it("may be used up to the last by what the lab gives", () => {
    expect(check({})).toEqual([]);
  });

  it("has no room for what is to be made again", () => {
    const quotas = {
      ...full,
      instances: { limit: 1, used: 1 },
      cores: { limit: -1, used: 1 },
      ramMiB: { limit: 600, used: 512 },
    };
    expect(check({ quotas, cloud: cloudWithout("instance") })).toEqual([
      {
        ...{ rule: "quota", who: "kim", what: "the project's quota has no room for what the lab gives" },
        evidence: "instances: 1 of 1 used, 1 still to be made; ramMiB: 512 of 600 used, 512 still to be made",
        mend: "openstack quota set --instances 2 --ram 1024 kim-project",
      },
    ]);
  });

  it("was set below what is there", () => {
    const quotas = { ...full, routers: { limit: 0, used: 1 } };
    expect(check({ quotas })[0]?.mend).toBe("openstack quota set --routers 1 kim-project");
    // Where the lab sets it, an update does.
    expect(check({ quotas, ofLab: { routers: 1 } })[0]?.mend).toBe("classroom up --students kim");
  });

  it("is not counted twice for what students made", () => {
    const more = cloudOf([...kimsThings(), inCloud("router", "mine", { tags: {} })]);
    expect(check({ quotas: { ...full, routers: { limit: 2, used: 2 } }, cloud: more })).toEqual([]);
  });
});
