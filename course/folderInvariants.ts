import { type CommandWords, command, type Finding } from "./finding.ts";
import { classStackName, lockStackName, studentOfStack } from "./stackNames.ts";

/** What was found in a course's folder and where its state is kept. */
export interface FolderFacts extends CommandWords {
  /** Files of stacks that are not as Pulumi leaves them. */
  stateFiles: readonly StateFile[];
  /** Stacks that cannot be read for another reason, in a sentence. */
  unreadable: readonly { stack: string; reason: string }[];
  locks: readonly LockFact[];
  /** What must be its owner's alone, and is not. */
  openFiles: readonly { file: string; mode: number; isFolder: boolean }[];
  missing: readonly MissingFile[];
  /** A path as a shell takes it. */
  quoted: (path: string) => string;
}

export interface StateFile {
  stack: string;
  file: string;
  /** `behind`: the copy that Pulumi makes before it writes is newer and different. `attributes`: only the file with its attributes is not whole. */
  how: "missing" | "empty" | "damaged" | "behind" | "attributes";
  /** The newest copy that can be read. */
  goodCopy?: string;
  /** With `attributes`: the file that they are in. */
  attributes?: string;
}

/** One lock of a stack. */
export interface LockFact {
  stack: string;
  file: string;
  lock?: { owner: string; host: string; pid: number; since: string };
  holder: "alive" | "dead" | "elsewhere";
}

/** A file that what is in the state depends on. */
export interface MissingFile {
  file: string;
  who: string;
  /** e.g. `the passphrase of the state's secrets`. */
  is: string;
  /** What is to be done without a copy. */
  otherwise: string;
}

/** Everything that is not as it should be in the files of a course. */
export function folderFindings(facts: FolderFacts): Finding[] {
  return [
    ...facts.missing.map((each) => missingFinding(each)),
    ...facts.openFiles.map((each) => openFinding(facts, each)),
    ...facts.stateFiles.map((each) => stateFileFinding(facts, each)),
    ...facts.unreadable.map(({ stack, reason }) => ({
      ...{ rule: "state-unreadable" as const, who: whoOf(facts, stack), what: `the state of ${stack} cannot be read` },
      ...{ evidence: reason, mend: `eval "$(${command(facts, "env")})" && pulumi stack export -s ${stack}` },
    })),
    ...facts.locks.flatMap((each) => lockFinding(facts, each)),
  ];
}

function missingFinding({ file, who, is, otherwise }: MissingFile): Finding {
  return {
    ...{ rule: "secret-missing", who, what: `${is} is missing` },
    ...{ evidence: `there is no ${file}`, mend: `put it back from a copy; ${otherwise}` },
  };
}

function openFinding({ quoted }: FolderFacts, { file, mode, isFolder }: FolderFacts["openFiles"][number]): Finding {
  return {
    ...{ rule: "private-file", who: "course", what: `${file} is open to other users of this machine` },
    evidence: `mode ${(mode & 0o777).toString(8).padStart(4, "0")}`,
    mend: `chmod ${isFolder ? "700" : "600"} ${quoted(file)}`,
  };
}

const HOW: Record<StateFile["how"], string> = {
  missing: "is gone, and only a copy is there",
  empty: "is empty",
  damaged: "is not a whole state: a writer was stopped in the middle, or it was edited",
  attributes:
    "is whole, but its attributes are not, so that Pulumi does not read it: a writer was stopped in the middle",
  behind: "is older than the copy that is made before it is written, and different from it",
};

function stateFileFinding(facts: FolderFacts, { stack, file, how, goodCopy, attributes }: StateFile): Finding {
  const who = whoOf(facts, stack);
  const again = command(facts, who === "class" || who === "course" ? "up" : `up --students ${who}`);
  const found = { rule: "state-file" as const, who, what: `the state of ${stack} ${HOW[how]}` };
  if (attributes !== undefined)
    return { ...found, evidence: attributes, mend: `rm -f ${facts.quoted(attributes)} && ${again}` };
  return {
    ...found,
    evidence: goodCopy === undefined ? `${file}; no copy of it can be read` : `${file}; ${goodCopy} can be read`,
    // What was made after the copy is then found in the cloud. Without any copy a lost state is found by the student's project.
    mend:
      goodCopy === undefined
        ? `rm -f ${facts.quoted(file)} && ${again}`
        : `cp ${facts.quoted(goodCopy)} ${facts.quoted(file)} && ${again}`,
  };
}

function lockFinding(facts: FolderFacts, { stack, file, lock, holder }: LockFact): Finding[] {
  if (holder === "alive") return [];
  const who = whoOf(facts, stack);
  const seen =
    lock === undefined
      ? `${file} cannot be read`
      : `${lock.owner} on ${lock.host}, process ${lock.pid}, since ${lock.since}`;
  const remove = `rm ${facts.quoted(file)}`;
  if (holder === "dead")
    return [
      {
        ...{ rule: "dead-lock", who, what: `${stack} is locked by a process that is dead` },
        ...{ evidence: seen, mend: remove },
      },
    ];
  return [
    {
      ...{
        rule: "foreign-lock",
        who,
        what: `${stack} is locked, and from here nobody can tell whether its holder still works`,
      },
      evidence: seen,
      mend: `${lock === undefined ? "when nobody works on the course" : `on ${lock.host}: ps -p ${lock.pid}; when it is not there`}: ${remove}`,
    },
  ];
}

function whoOf({ course }: CommandWords, stack: string): string {
  // No student's: it is only there to be locked.
  if (stack === lockStackName(course)) return "course";
  return stack === classStackName(course) ? "class" : (studentOfStack(course, stack) ?? "course");
}
