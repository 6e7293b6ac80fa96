import { Command } from "commander";
import { runMain } from "../terminal/runMain.ts";
import { exportLine } from "../terminal/shellQuoted.ts";
import { runCommand } from "./commands.ts";
import { pulumiEnv } from "./pulumi.ts";
import { remove } from "./remove.ts";
import { start } from "./start.ts";

const program = new Command("quickstart").description("A real classroom stack on a real OpenStack on this machine.");

program
  .command("start")
  .description("set everything up, bring the dev stack up and prove that it works; run again at any time")
  .action(start);
program
  .command("stop")
  .description("stop the local cloud and keep it; `npm start` brings it back with its instances")
  .action(() => runCommand("stopping the local cloud", "node", ["local-cloud/main.ts", "down"]));
program
  .command("remove")
  .description("remove the local cloud and the state of the stacks on it, and the API-only cloud")
  .option("--purge", "remove the toolchain and every cache too")
  .action(remove);
program
  .command("env")
  .description('print the settings for pulumi; use it as: eval "$(npm run --silent env)"')
  .action(async () => {
    for (const [key, value] of Object.entries(await pulumiEnv())) console.log(exportLine(key, value));
  });
program
  .command("test-cloud")
  .description("bring toolchain and local cloud up and run the tests that need them, as root")
  .argument("[filters...]", "only test files whose path contains one of these")
  .action(async (filters: string[]) => {
    await testOnCloud("cloud", [], filters);
    // Filters name files of the one kind or the other.
    if (filters.length === 0) await testOnApiOnlyCloud(QUICK_CLASS_TESTS);
  });
program
  .command("test-services")
  .description(
    "the same for both clouds' own life, their optional services, and classes whose state lies on S3 or Postgres",
  )
  .argument("[filters...]", "only test files whose path contains one of these")
  .action((filters: string[]) => testOnCloud("services", [], filters));
program
  .command("test-class")
  .description("the same for the commands that work on a class, on the API-only cloud; no root")
  .argument("[filters...]", "only test files whose path contains one of these")
  .option("--thirty", "only a rehearsal with thirty students, which takes seven minutes and tells times and memory")
  .action((filters: string[], { thirty = false }: { thirty?: boolean }) =>
    thirty ? testOnApiOnlyCloud(["thirty"], { CLASS_TEST_THIRTY: "1" }) : testOnApiOnlyCloud(filters),
  );
program
  .command("test-faults")
  .description("the same while the cloud fails, the command is killed or the disk is full, at many points")
  .argument("[filters...]", "only test files whose path contains one of these")
  .option("--quick", "a few points of each sweep", false)
  .option("--all", "every point of each sweep; takes hours, and goes on where it was broken off", false)
  .option("--points <points>", "so many points of each sweep, or some of those, for several machines: 40, 40..80")
  .option("--peer", "only the comparison with OpenTofu, which is built first", false)
  .option("--report", "only write docs/reliability.md from what the tests of all kinds have shown so far", false)
  .action(async (filters: string[], { quick, all, points, peer, report }: FaultOptions) => {
    if (report) return runCommand("the report", "node", ["tests/faults/report.ts"]);
    const wanted = points ?? (quick ? "3" : all ? "all" : undefined);
    const sample: Record<string, string> = wanted === undefined ? {} : { FAULT_POINTS: wanted };
    await bringUp(["--api-only"]);
    if (peer)
      return runCommand("the comparison", "node", ["tests/faults/peerSweep.ts"], { ...(await pulumiEnv()), ...sample });
    await runTests("faults", filters, sample);
  });
program
  .command("test-labs")
  .description("the same for the ready labs, with every service that they need: what they promise, observed")
  .argument("[filters...]", "only test files whose path contains one of these")
  .action((filters: string[]) =>
    testOnCloud("labs", ["--with", "cinder,swift,vpn,fwaas,octavia,novnc,horizon"], filters),
  );

interface FaultOptions {
  quick: boolean;
  all: boolean;
  points?: string;
  peer: boolean;
  report: boolean;
}

/** Killed runs, sabotage, secrets, tenancy and more take another quarter of an hour: `npm run test:class`. */
const QUICK_CLASS_TESTS = ["badRosters", "classLife"];

async function testOnCloud(tests: string, services: string[], filters: string[]): Promise<void> {
  await bringUp(services);
  await runTests(tests, filters, await pulumiEnv());
}

/** A course has its state in its own folder, as a teacher's has. */
async function testOnApiOnlyCloud(filters: string[], env: Record<string, string> = {}): Promise<void> {
  await bringUp(["--api-only"]);
  await runTests("class", filters, env);
}

async function bringUp(options: string[]): Promise<void> {
  await runCommand("the toolchain", "node", ["toolchain/main.ts", "install"]);
  await runCommand("the local cloud", "node", ["local-cloud/main.ts", "up", ...options]);
}

async function runTests(tests: string, filters: string[], env: Record<string, string>): Promise<void> {
  const config = ["--config", `tests/${tests}/vitest.config.ts`];
  await runCommand(`the tests of the ${tests}`, "vitest", ["run", ...config, ...filters], env);
}

await runMain(async () => {
  await program.parseAsync();
});
