import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { listProcesses } from "../../local-cloud/processes.ts";
import { nothing } from "../../openstack/session.ts";
import { CLEAN } from "../class/classFixture.ts";
import { ended, familyOf, isPlugin, killAll } from "../class/killing.ts";
import { FaultClass } from "./faultClass.ts";
import { STUDENT } from "./soundClass.ts";

/** A class of two, one of whom has everything, on a cloud whose compute host stands still. */
describe("an instance", () => {
  let faulty: FaultClass;
  beforeAll(async () => {
    faulty = await FaultClass.open("flinst");
  });
  afterEach(() => {
    signalComputeHost("SIGCONT");
  });
  afterAll(() => faulty.close());

  const server = z.object({ server: z.object({ status: z.string() }) });
  const statusOf = async (id: string) =>
    (await faulty.fixture.session.request("compute", "GET", `/servers/${id}`, server)).server.status;
  const classOf = (...rows: string[]) => {
    faulty.fixture.writeRoster(`${STUDENT},Kim`, ...rows);
  };

  it("that is never built is given up and told, and nobody else is touched; the next run makes it good", async () => {
    const { fixture } = faulty;
    classOf();
    await fixture.up();
    const kim = fixture.fingerprint(STUDENT);
    const usual = fixture.variables;
    fixture.variables = { ...usual, CLASSROOM_PATIENCE_SECONDS: "20" };
    classOf("lee,Lee");
    signalComputeHost("SIGSTOP");
    const { students = [] } = await fixture.up([], 1);
    expect(students.map(({ student, ok }) => [student, ok])).toEqual([
      [STUDENT, true],
      ["lee", false],
    ]);
    expect(fixture.fingerprint(STUDENT)).toBe(kim);
    signalComputeHost("SIGCONT");
    fixture.variables = usual;
    await fixture.up();
    expect(await statusOf(await fixture.idOf("lee", "instance"))).toBe("ACTIVE");
    for (const student of [STUDENT, "lee"]) {
      expect(await fixture.audit(student)).toEqual(CLEAN);
      expect(await fixture.serversOf(student)).toHaveLength(1);
    }
    expect(await faulty.runAgain("destroy")).toEqual([]);
  });

  it("that a killed run left half built is waited for", async () => {
    const { fixture, proxy } = faulty;
    classOf();
    const run = fixture.start("up", "--yes");
    signalComputeHost("SIGSTOP");
    proxy.inject({
      ...{ method: "POST", path: /\/servers$/, when: { nth: 1 } },
      fault: { kind: "hold", accepted: true, until: () => killAll(familyOf(run.pid)) },
    });
    const family = familyOf(run.pid);
    await run;
    await ended(family.filter((each) => !isPlugin(each)));
    proxy.calm();
    const again = fixture.start("up", "--yes");
    const told = new Promise<void>((resolve) => {
      again.stderr.on("data", (chunk: Buffer) => {
        if (chunk.toString().includes("still being built")) resolve();
      });
    });
    await Promise.race([told, again]);
    signalComputeHost("SIGCONT");
    const { exitCode, stderr } = await again;
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("still being built")]);
    expect(await statusOf(await fixture.idOf(STUDENT, "instance"))).toBe("ACTIVE");
    expect(await faulty.check("up")).toEqual([]);
    expect(await faulty.runAgain("destroy")).toEqual([]);
  });

  it("that ran and is in error now is kept, also where its state is lost", async () => {
    const { fixture } = faulty;
    classOf();
    await fixture.up();
    const id = await fixture.idOf(STUDENT, "instance");
    const body = { "os-resetState": { state: "error" } };
    await fixture.session.request("compute", "POST", `/servers/${id}/action`, nothing, { body });
    for (const end of ["", ".bak", ".attrs"]) rmSync(`${fixture.stateFile(STUDENT)}${end}`, { force: true });
    await fixture.run("up", "--yes");
    expect(await fixture.serversOf(STUDENT)).toEqual([id]);
    expect(await fixture.audit(STUDENT)).toEqual(CLEAN);
    expect(await faulty.runAgain("destroy")).toEqual([]);
  });
});

/** Stopped, it takes no work and loses none; Nova notices after a minute. Of the API-only cloud that the tests use, no other. */
function signalComputeHost(signal: "SIGSTOP" | "SIGCONT"): void {
  const hosts = listProcesses().filter(
    ({ argv }) =>
      argv.some((word) => word.endsWith("/nova-compute-without-guests")) &&
      argv.some((word) => word.includes("/openstack-classroom-api-only/")),
  );
  expect(hosts).not.toEqual([]);
  for (const { pid } of hosts) process.kill(pid, signal);
}
