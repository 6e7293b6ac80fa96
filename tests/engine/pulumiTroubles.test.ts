import { readdirSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { adopt } from "../../engine/adopt.ts";
import { breakLock } from "../../engine/breakLock.ts";
import { runOperation } from "../../engine/runOperation.ts";
import { slimPulumi } from "../../engine/slimPulumi.ts";
import { UserError } from "../../terminal/userError.ts";
import { FakePulumi } from "./fakePulumi.ts";

/** The SDK keeps it to itself. */
type Run = (args: string[], cwd: string, env: Record<string, string>) => Promise<unknown>;
const runs = z.object({ run: z.custom<Run>((value) => typeof value === "function") });

const STACK = "net101.kim";
const made: FakePulumi[] = [];
const fakePulumi = (...cases: string[]) => {
  const fake = new FakePulumi(...cases);
  made.push(fake);
  return fake;
};
afterEach(() => {
  for (const fake of made.splice(0)) fake.remove();
});

it("leaves no spare stack behind when a lock cannot be broken", async () => {
  const pulumi = fakePulumi(
    `cancel*) echo "error: no stack named '${STACK}' found" >&2; exit 255 ;;`,
    `"stack init"*) touch "Pulumi.$4.yaml" ;;`,
    `"stack rename"*) exit 255 ;;`,
  );
  expect(await breakLock(pulumi.settings, STACK)).toBe(false);
  const spare = /unlock-\S+/.exec(pulumi.asked.join("\n"))?.[0] ?? "";
  expect(pulumi.asked).toEqual([
    `cancel --yes --stack ${STACK}`,
    `stack init --stack ${spare}`,
    `stack rename ${STACK} --stack ${spare}`,
    `stack rm --yes --stack ${spare}`,
  ]);
  expect(readdirSync(pulumi.settings.settingsFolder)).toEqual([]);
});

it.each(["", "no JSON", '{"version":3}'])("says whose state it is that cannot be read: %j", async (text) => {
  const pulumi = fakePulumi(`"stack export"*) echo '${text}' ;;`);
  const adopted = adopt(pulumi.settings, STACK, []);
  await expect(adopted).rejects.toBeInstanceOf(UserError);
  await expect(adopted).rejects.toThrow("the state of net101.kim cannot be read");
});

it("runs nothing on a stack that is not named", async () => {
  const pulumi = fakePulumi();
  const { signal } = new AbortController();
  const { run } = runs.parse(slimPulumi(pulumi.settings, { interrupt: signal, kill: signal }, false));
  await expect(run(["up", "--yes"], pulumi.folder, {})).rejects.toThrow("pulumi up --yes names no stack");
  expect(pulumi.asked).toEqual([]);
});

it.each([
  ["goes on where somebody else has just made the stack", "stack 'net101.kim' already exists", "done"],
  ["tells what Pulumi says where the stack cannot be made", "no space left on device", "failed"],
])("%s", async (_what, said, outcome) => {
  const pulumi = fakePulumi(`"stack init"*) echo "error: ${said}" >&2; exit 255 ;;`);
  const { signal } = new AbortController();
  const operation = { stack: STACK, action: "destroy", isNew: true } as const;
  const result = await runOperation(operation, pulumi.settings, { interrupt: signal, kill: signal }, () => undefined);
  const failed = {
    output: `error: ${said}`,
    errors: [{ message: `pulumi stack init ${STACK} failed:\nerror: ${said}` }],
  };
  expect(result).toMatchObject({ outcome, ...(outcome === "done" ? { errors: [] } : failed) });
});
