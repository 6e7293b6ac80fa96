import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Marks a version of the OpenStack plugin that has the fix. Build metadata: semver ignores it when comparing versions. */
export const DELAY_FIX_SUFFIX = "+nodelay";

/**
 * The provider (terraform-provider-openstack 1.54.1) sleeps 5 or 10 s before it looks for the first time whether what it
 * has created is there, and then 3 s or more between looks. Later releases have removed the sleeps
 * (https://github.com/terraform-provider-openstack/terraform-provider-openstack/pull/1893). All of them go through one
 * function of the plugin SDK, which is where we remove them: look at once, then after 0.5 s, doubling up to what the
 * provider wanted as its shortest wait.
 */
const CHANGES = [
  { from: "case <-time.After(conf.Delay):", to: "case <-time.After(0):" },
  {
    from: `				if wait < conf.MinTimeout {
					wait = conf.MinTimeout
				} else if wait > 10*time.Second {
					wait = 10 * time.Second
				}`,
    to: `				longest := conf.MinTimeout
				if longest == 0 {
					longest = 10 * time.Second
				}
				wait = min(max(wait, 500*time.Millisecond), longest)`,
  },
] as const;

/** Copies the plugin SDK out of the module cache and changes the copy. */
export async function copyWithoutDelay(sdk: string, copy: string): Promise<void> {
  await cp(sdk, copy, { recursive: true });
  const file = join(copy, "helper", "retry", "state.go");
  await writeFile(file, withoutDelay(await readFile(file, "utf8")));
}

/**
 * The source of helper/retry/state.go with the waits shortened.
 *
 * @throws Error when it is not the source that this fix was made for: better no build than one without the fix
 */
export function withoutDelay(source: string): string {
  return CHANGES.reduce((text, { from, to }) => {
    if (text.split(from).length !== 2)
      throw new Error(`the delay fix does not fit this terraform-plugin-sdk: expected once in state.go:\n${from}`);
    return text.replace(from, to);
  }, source);
}
