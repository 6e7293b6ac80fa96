/** Says every command about the API-only cloud instead. */
export const apiOnlyFlag = "--api-only";

/** Carries the flag to cloudKind.ts. */
export const cloudVariable = "CLASSROOM_CLOUD";

/**
 * Whether the command line has the flag. Asked before commander reads it, and as commander does: what follows "--", or the name of the
 * command that `exec` runs, is not ours.
 */
export function asksForApiOnly(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  const ours = end === -1 ? words : words.slice(0, end);
  if (ours[0] !== "exec") return ours.includes(apiOnlyFlag);
  const command = ours.findIndex((word, index) => index > 0 && !word.startsWith("-"));
  return ours.slice(0, command === -1 ? undefined : command).includes(apiOnlyFlag);
}
