import { z } from "zod";
import { InvalidArgsError } from "../components/invalidArgsError.ts";
import { idProblems } from "../lab/identity.ts";
import { SHORTEST_SEED } from "../lab/passwords.ts";
import type { Problem } from "../lab/problem.ts";
import { schemaProblems } from "../lab/schemaProblems.ts";

const stackSchema = z.strictObject({
  lab: z.string().regex(/\S/, "is empty; name a ready lab or the path of a lab document"),
  step: z.string().default(""),
  changes: z.record(z.string(), z.unknown()).default({}),
  course: z.string().regex(/\S/, "is empty; name the course"),
  student: z.strictObject({ id: z.string(), name: z.string().optional() }),
  sshKeyFile: z.string().regex(/\S/, "is empty; name the student's private key file"),
  passwordSeed: z.string().optional(),
  waitUntilReady: z.boolean().default(true),
  readinessTimeoutSeconds: z.int().min(1).default(600),
  reachCommand: z.string().default(""),
});

/** How a lab is put up for one student, as the stack's configuration says it. The keys are described in Pulumi.yaml. */
export type StackConfig = z.output<typeof stackSchema>;

/** Every key, as declared in Pulumi.yaml. */
export const STACK_CONFIG_KEYS = Object.keys(stackSchema.shape);

/** Said wherever a seed is needed and there is none. */
export const SEED_COMMAND = 'pulumi config set --secret passwordSeed "$(openssl rand -hex 32)"';

/**
 * @param raw the configuration values by key, undefined where not set
 * @throws {InvalidArgsError} naming everything that is wrong, before anything is registered or the cloud is asked.
 */
export function parseStackConfig(raw: Record<string, unknown>): StackConfig {
  const parsed = stackSchema.safeParse(raw, { reportInput: true });
  const problems = [
    ...schemaProblems(stackSchema, parsed.error?.issues ?? []),
    ...ruleProblems(parsed.data ?? soundConfig(raw)),
  ];
  if (!parsed.success || problems.length > 0) throw new InvalidArgsError("The stack's configuration", problems);
  return parsed.data;
}

/** What is right by itself, so that what follows from it is checked although another key is wrong. */
export function soundConfig(raw: Record<string, unknown>): Partial<StackConfig> {
  const wrong = stackSchema.safeParse(raw).error?.issues.map(({ path }) => path[0]) ?? [];
  const sound = STACK_CONFIG_KEYS.filter((key) => !wrong.includes(key)).map((key): [string, unknown] => [
    key,
    raw[key],
  ]);
  return stackSchema.partial().parse(Object.fromEntries(sound));
}

function ruleProblems({ course, student, passwordSeed }: Partial<StackConfig>): Problem[] {
  const seed =
    passwordSeed !== undefined && passwordSeed.length < SHORTEST_SEED
      ? [{ path: "passwordSeed", reason: `has fewer than ${SHORTEST_SEED} characters; make one with: ${SEED_COMMAND}` }]
      : [];
  return [
    ...(course === undefined ? [] : idProblems("course", course)),
    ...(student === undefined ? [] : idProblems("student.id", student.id)),
    ...seed,
  ];
}
