import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { runSteps } from "../terminal/steps.ts";
import { UserError } from "../terminal/userError.ts";
import { projectRoot, runCommand } from "./commands.ts";
import { pulumiEnv, Stack } from "./pulumi.ts";
import { printReport } from "./report.ts";
import { devKeyFile, ensureSshKey } from "./sshKey.ts";
import { outputsSchema, verifyPage, verifySsh, type InstanceOutputs } from "./verify.ts";

const STACK = "dev";

/** What of Pulumi.dev.yaml the verification needs. */
const devConfigSchema = z.object({
  config: z.object({
    "classroom:student": z.object({ id: z.string(), name: z.string().optional() }),
    "classroom:reachCommand": z.string().default(""),
  }),
});

/**
 * From nothing to a page that answers: toolchain, local cloud, key pair, the real `pulumi up` of the dev stack, verification, table.
 * Safe to interrupt and run again: every phase keeps what is there. It makes and updates, but never deletes or rebuilds.
 */
export async function start(): Promise<void> {
  const began = performance.now();
  const phases: [name: string, seconds: number][] = [];
  const phase = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    console.log(`\n== ${name}`);
    const result = await work();
    phases.push([name, (performance.now() - from) / 1000]);
    return result;
  };

  // A machine that cannot carry the cloud is told so before the toolchain takes its minutes.
  await phase("Machine", () => runCommand("the machine check", "node", ["local-cloud/main.ts", "check"]));
  await phase("Toolchain", () => runCommand("the toolchain", "node", ["toolchain/main.ts", "install"]));
  await phase("Local cloud", () => runCommand("the local cloud", "node", ["local-cloud/main.ts", "up"]));
  const instances = await phase("Stack dev", applyDevStack);
  await phase("Verification", () => verify(instances));
  phases.push(["All", (performance.now() - began) / 1000]);
  printReport(instances, phases);
}

async function applyDevStack(): Promise<Record<string, InstanceOutputs>> {
  const key = await ensureSshKey(devKeyFile);
  if (key === "made") console.log(`made the key pair ${devKeyFile}`);
  const stack = new Stack(STACK, await pulumiEnv());
  await stack.select();
  const { changes, losses } = await stack.preview();
  refuseLoss(losses);
  const { same = 0, refresh: _refreshed, ...others } = changes;
  if (Object.keys(others).length === 0) console.log(`nothing to change: ${same} resources are as they should be`);
  else {
    console.log(
      `to do: ${Object.entries(others)
        .map(([operation, count]) => `${operation} ${count}`)
        .join(", ")}`,
    );
    await stack.up();
  }
  return (await stack.outputs(outputsSchema)).instances;
}

/** A newcomer's second `npm start` must not cost them their server. */
function refuseLoss(losses: readonly string[]): void {
  if (losses.length === 0) return;
  throw new UserError(
    `the stack ${STACK} would delete or rebuild ${losses.join(", ")}. ` +
      `npm start never does; look at the change and agree to it yourself:\n  eval "$(npm run --silent env)"\n  pulumi up --stack ${STACK}`,
  );
}

async function verify(instances: Record<string, InstanceOutputs>): Promise<void> {
  const { config } = devConfigSchema.parse(parse(readFileSync(join(projectRoot, `Pulumi.${STACK}.yaml`), "utf8")));
  const student = config["classroom:student"];
  const reach = config["classroom:reachCommand"].split(" ").filter((word) => word !== "");
  await runSteps(
    Object.entries(instances).flatMap(([name, instance]) => {
      const { url } = instance;
      return [
        ...(url === null
          ? []
          : [
              {
                title: `${name}: ${url} shows ${student.name ?? student.id}'s page`,
                run: () => verifyPage(url, student.name ?? student.id, reach),
              },
            ]),
        ...(instance.sshCommand === null
          ? []
          : [
              {
                title: `${name}: the ssh command logs in`,
                run: async (report: (line: string) => void) => {
                  report(await verifySsh(instance));
                },
              },
            ]),
      ];
    }),
  );
}
