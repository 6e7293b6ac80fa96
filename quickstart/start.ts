import { type InstanceOutput, instancesSchema } from "../course/studentOutputs.ts";
import { runSteps } from "../terminal/steps.ts";
import { UserError } from "../terminal/userError.ts";
import { runCommand } from "./commands.ts";
import { devStack, readDevConfig } from "./devConfig.ts";
import type { Preview } from "./preview.ts";
import { pulumiEnv, Stack } from "./pulumi.ts";
import { printReport } from "./report.ts";
import { ensureSshKey } from "./sshKey.ts";
import { verifyPage, verifySsh } from "./verify.ts";

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

async function applyDevStack(): Promise<Record<string, InstanceOutput>> {
  const { sshKeyFile } = readDevConfig();
  if ((await ensureSshKey(sshKeyFile)) === "made") console.log(`made the key pair ${sshKeyFile}`);
  const stack = new Stack(devStack, await pulumiEnv());
  await stack.select();
  return applyStack(stack);
}

/**
 * Brings a stack to what the program says and tells what is done, where and as whom.
 *
 * @returns its instances
 * @throws {UserError} when something would be lost
 */
export async function applyStack(
  stack: Pick<Stack, "preview" | "up" | "outputs">,
): Promise<Record<string, InstanceOutput>> {
  const { promise: previewed, resolve } = Promise.withResolvers<Preview>();
  await runSteps([
    {
      title: "compare with the cloud",
      run: async () => {
        resolve(await stack.preview());
      },
    },
  ]);
  const { changes, losses, notes } = await previewed;
  for (const note of notes) console.log(note);
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
  return (await stack.outputs(instancesSchema)).instances;
}

/** A newcomer's second `npm start` must not cost them their server. */
function refuseLoss(losses: readonly string[]): void {
  if (losses.length === 0) return;
  throw new UserError(
    `the stack ${devStack} would delete or rebuild ${losses.join(", ")}. ` +
      `npm start never does; look at the change and agree to it yourself:\n  eval "$(npm run --silent env)"\n  pulumi up --stack ${devStack}`,
  );
}

async function verify(instances: Record<string, InstanceOutput>): Promise<void> {
  const { studentName, reach } = readDevConfig();
  await runSteps(
    Object.entries(instances).flatMap(([name, instance]) => {
      const { url } = instance;
      return [
        ...(url === null
          ? []
          : [
              {
                title: `${name}: ${url} shows ${studentName}'s page`,
                run: () => verifyPage(url, studentName, reach),
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
