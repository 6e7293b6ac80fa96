import { copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import type { EngineSettings } from "./engineSettings.ts";
import { attributesOf, brokenStateFiles } from "./stateFolder.ts";
import { copyWhole } from "./wholeFiles.ts";

/** A state that was damaged and is now as its newest good copy, or put aside. */
export interface RestoredState {
  stack: string;
  how: "empty" | "damaged";
  /** The copy it was restored from; undefined when there is none, and the stack is one whose state is lost. */
  from: string | undefined;
  /** Where the damaged file is kept. */
  kept: string;
}

/**
 * Puts the newest good copy in the place of state files that are empty or damaged, as a full disk or a power cut leaves them. What the copy
 * does not know yet has to be looked for in the cloud. Attributes that are not whole are removed: nothing is lost with them. A stack whose file is gone stays so: that may be meant. Nobody else may work on these
 * stacks meanwhile.
 *
 * @param isRecovered whether what was made is taken from the cloud where there is no good copy either, as Pulumi leaves it on a full disk:
 * the file is put aside then; otherwise it stays as it is
 * @returns what was restored; nothing where the state is not kept in a folder
 */
export function restoreDamagedStates(
  settings: Pick<EngineSettings, "env">,
  wanted: (stack: string) => boolean,
  isRecovered: boolean,
): RestoredState[] {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, "-");
  return (brokenStateFiles(settings, wanted) ?? []).flatMap(({ stack, file, how, goodCopy }): RestoredState[] => {
    if (how === "attributes") rmSync(attributesOf(file));
    if ((how !== "empty" && how !== "damaged") || (goodCopy === undefined && !isRecovered)) return [];
    const kept = `${file}.damaged-${stamp}`;
    // They are another file's then.
    rmSync(attributesOf(file), { force: true });
    if (goodCopy === undefined) {
      const copy = `${file}.bak`;
      if (existsSync(copy)) renameSync(copy, `${copy}.damaged-${stamp}`);
      renameSync(file, kept);
      return [{ stack, how, from: undefined, kept }];
    }
    copyFileSync(file, kept);
    // Whole or not at all, so that it is tried again whenever this is cut off.
    copyWhole(goodCopy, file);
    return [{ stack, how, from: goodCopy, kept }];
  });
}
