import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FolderFacts, MissingFile } from "../../course/folderInvariants.ts";
import { seedFile } from "../../stacks/courseCloud.ts";
import type { CourseStudent } from "../../stacks/courseFolder.ts";
import { generatedKeyFile } from "../../stacks/studentKey.ts";
import { backendUrl, passphraseFile } from "./courseEngine.ts";
import type { Documents } from "./readDocuments.ts";

type Where = Pick<Documents, "hidden"> & { course: NonNullable<Documents["course"]> };

/** What must be its owner's alone: the folder, where else the state is, secrets and private keys. */
export function openFiles({ hidden, course }: Where): FolderFacts["openFiles"] {
  const url = backendUrl({ hidden, course });
  const keys = join(hidden, "keys");
  const secrets = [passphraseFile(hidden) ?? "", seedFile({ hidden })];
  const privateKeys = existsSync(keys) ? readdirSync(keys).filter((name) => !name.endsWith(".pub")) : [];
  const folders = [hidden, ...(url.startsWith("file://") ? [fileURLToPath(url)] : [])];
  return [
    ...folders.map((file) => ({ file, isFolder: true })),
    ...[...secrets, ...privateKeys.map((name) => join(keys, name))].map((file) => ({ file, isFolder: false })),
  ].flatMap(({ file, isFolder }) => {
    const mode = statSync(file, { throwIfNoEntry: false })?.mode;
    return mode === undefined || (mode & 0o077) === 0 ? [] : [{ file, mode, isFolder }];
  });
}

/**
 * Secrets that stacks depend on and that are not there.
 *
 * @param withKey students whose key pair is in the cloud
 */
export function missingFiles(
  { hidden, course }: Where,
  withKey: readonly CourseStudent[],
  anyStack: boolean,
): MissingFile[] {
  const passphrase = passphraseFile(hidden);
  const files: MissingFile[] = [
    ...(anyStack && passphrase !== undefined
      ? [
          {
            ...{ file: passphrase, who: "course", is: "the passphrase of the state's secrets" },
            otherwise: `without it no stack of ${course.course} can be worked on: empty the cloud by hand and begin anew`,
          },
        ]
      : []),
    ...(anyStack
      ? [
          {
            ...{ file: seedFile({ hidden }), who: "course", is: "the seed that passwords are derived from" },
            otherwise: "without it everybody gets a new password: classroom up",
          },
        ]
      : []),
    ...withKey
      .filter(({ sshPublicKey }) => sshPublicKey === undefined)
      .map((student) => ({
        ...{ file: generatedKeyFile({ hidden }, student), who: student.id, is: "the generated private key" },
        otherwise: `without it nobody can log in: delete the .pub beside it, and classroom up --students ${student.id} --allow-data-loss makes a new pair and a new server`,
      })),
  ];
  return files.filter(({ file }) => !existsSync(file));
}
