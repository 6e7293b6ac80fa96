import { copyFileSync, renameSync } from "node:fs";
import type { EngineSettings } from "./engineSettings.ts";
import { brokenStateFiles } from "./stateFolder.ts";

/** A state that was damaged and is now as its newest good copy. */
export interface RestoredState {
  stack: string;
  how: "empty" | "damaged";
  /** The copy it was restored from. */
  from: string;
  /** Where the damaged file is kept. */
  kept: string;
}

/**
 * Puts the newest good copy in the place of state files that are empty or damaged, as a full disk or a power cut leaves them. What the copy
 * does not know yet has to be looked for in the cloud. A stack without a good copy stays as it is, and so does one whose file is gone: that
 * may be meant. Nobody else may work on these stacks meanwhile.
 *
 * @returns what was restored; nothing where the state is not kept in a folder
 */
export function restoreDamagedStates(
  settings: Pick<EngineSettings, "env">,
  wanted: (stack: string) => boolean,
): RestoredState[] {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, "-");
  return (brokenStateFiles(settings, wanted) ?? []).flatMap(({ stack, file, how, goodCopy }) => {
    if ((how !== "empty" && how !== "damaged") || goodCopy === undefined) return [];
    const kept = `${file}.damaged-${stamp}`;
    copyFileSync(file, kept);
    // Whole or not at all, so that it is tried again whenever this is cut off.
    const next = `${file}.restored`;
    copyFileSync(goodCopy, next);
    renameSync(next, file);
    return [{ stack, how, from: goodCopy, kept }];
  });
}
