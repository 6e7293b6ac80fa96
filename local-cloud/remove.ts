import { existsSync, rmSync } from "node:fs";
import { runSteps, type Step } from "../terminal/steps.ts";
import { apiOnly } from "./cloudKind.ts";
import { removeLocalCloud } from "./cloudsYaml.ts";
import { downSteps } from "./down.ts";
import { withLock } from "./lock.ts";
import { packagesInstalledByUs, removePolicy } from "./packages.ts";
import { cache, home } from "./paths.ts";

/** Ends the cloud for good. Debian packages stay: they may have come to be used by something else. */
export async function remove({ purge }: { purge: boolean }): Promise<void> {
  const packages = packagesInstalledByUs();
  const cacheStep: Step = {
    title: `cache (${cache})`,
    skip: () => (purge ? undefined : "kept, which makes the next installation faster; delete it too: remove --purge"),
    run: () => {
      rmSync(cache, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
  await withLock("remove", () =>
    runSteps([
      ...downSteps(),
      {
        title: `state (${home})`,
        run: () => {
          removePolicy();
          removeLocalCloud();
          rmSync(home, { recursive: true, force: true });
          return Promise.resolve();
        },
      },
      // It is the local cloud's alone.
      ...(apiOnly ? [] : [cacheStep]),
    ]),
  );
  if (existsSync(home)) rmSync(home, { recursive: true });
  if (packages.length > 0)
    console.log(
      [
        "",
        `${packages.length} Debian packages stay installed; none of them starts anything by itself. To remove them as well:`,
        `  sudo apt-get purge ${packages.join(" ")}`,
      ].join("\n"),
    );
}
