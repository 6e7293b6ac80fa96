import type { Effect } from "./effect.ts";
import { type ChangeKind, gravestOf, type StackChange } from "./studentChange.ts";

/** What an operation does to one student's stack. */
export interface StudentStackChange {
  /** Id of the student. */
  student: string;
  /** As the roster has it; the id where it has none. */
  name: string;
  change: StackChange;
}

/** Something that is lost for good. */
export interface Loss {
  /** Id of the student; absent for the class stack. */
  student?: string;
  name: string;
  /** For example `instance web1`. */
  thing: string;
  /** What is lost: `disk`, `volume`, `snapshot`, `objects`, `object`, `project`, or `data` where it is not known. */
  loses: string;
  /** The whole sentence with its cause. */
  text: string;
}

export interface WordsOptions {
  /** Marks what must not be overlooked, e.g. with a terminal's bold letters. @default nothing is marked */
  bold?: (text: string) => string;
  /** Names that are listed before "and 12 more". @default 8 */
  mostNames?: number;
}

/** Words for a number of students of each kind, in the order in which they are told. */
const KINDS: Record<ChangeKind, string> = {
  unchanged: "unchanged",
  new: "new",
  added: "extended",
  mended: "set right",
  changed: "changed",
  interrupted: "interrupted",
  restarted: "restarted",
  reduced: "reduced",
  rebuilt: "rebuilt",
  removed: "removed",
};
const ORDER = Object.keys(KINDS);
/** Causes that are told of one group. */
const MOST_CAUSES = 2;

/**
 * The class in one line, for example `27 unchanged · 2 new: Kim, Lee · 1 rebuilt, disk lost: Park (user data changed)`. Students to whom
 * the same happens for the same cause stand together.
 */
export function classLine(changes: readonly StudentStackChange[], options: WordsOptions = {}): string {
  const groups = Map.groupBy(changes, ({ change }) =>
    JSON.stringify([change.kind, lossWords(change), headline(change)]),
  );
  return Array.from(groups, ([, members]) => members)
    .sort((left, right) => rankOf(left) - rankOf(right))
    .map((members) => groupWords(members, options))
    .join(" · ");
}

/** The gravest last, where it is read. */
function rankOf([first]: readonly StudentStackChange[]): number {
  return first === undefined ? 0 : 2 * ORDER.indexOf(first.change.kind) + (first.change.losesData ? 1 : 0);
}

function groupWords(members: readonly StudentStackChange[], options: WordsOptions): string {
  const [first] = members;
  if (first === undefined) return "";
  const count = `${members.length} ${kindWords(first.change, options)}`;
  if (first.change.kind === "unchanged") return count;
  const cause = headline(first.change);
  return `${count}: ${namesOf(members, options)}${cause === "" ? "" : ` (${cause})`}`;
}

/** For example `rebuilt, disk lost`. */
function kindWords(change: StackChange, { bold = (text) => text }: WordsOptions): string {
  const loss = lossWords(change);
  return loss === "" ? KINDS[change.kind] : `${KINDS[change.kind]}, ${bold(loss)}`;
}

/** For example `disk lost`; empty when nothing is. */
function lossWords({ effects, kind }: StackChange): string {
  const lost = [...new Set(effects.flatMap(({ loses }) => loses ?? []))].sort();
  if (lost.length === 0) return "";
  // With its project everything is gone; no need to count it up.
  return lost.includes("project") || kind === "removed" ? "everything in it lost" : `${lost.join(" and ")} lost`;
}

/** The cause in short: of what is lost, else of the gravest; without a cause, what happens. */
function headline({ kind, effects }: StackChange): string {
  if (kind === "new" || kind === "removed" || kind === "unchanged") return "";
  const losing = effects.filter(({ losesData }) => losesData);
  const gravest = gravestOf(effects);
  const telling = losing.length > 0 ? losing : effects.filter(({ impact }) => impact === gravest);
  return shortList([...new Set(telling.flatMap(causeInShort))], MOST_CAUSES, "; ");
}

function causeInShort({ thing, text, why, impact, byHand }: Effect): string[] {
  // What is done about it can be thought.
  if (impact === "mended" && byHand) return text.split(";").slice(0, 1);
  if (why.length > 0) return why;
  return [impact === "reduced" ? `${thing} is no longer in the lab` : text];
}

/** Names, with ids where two students have one name. */
function namesOf(members: readonly StudentStackChange[], { mostNames = 8 }: WordsOptions): string {
  const twins = new Set(members.map(({ name }) => name)).size < members.length;
  return shortList(
    members.map(({ name, student }) => (twins ? titleOf(student, name) : name)),
    mostNames,
    ", ",
  );
}

function titleOf(student: string, name: string): string {
  return name === student ? student : `${name} (${student})`;
}

function shortList(words: readonly string[], most: number, between: string): string {
  const rest = words.length - most;
  // "and 1 more" would take as much room as the one.
  return rest <= 1 ? words.join(between) : `${words.slice(0, most).join(between)} and ${rest} more`;
}

/** The class stack in one line, for example `class stack: rebuilt, disk lost (image file changed)`. */
export function classStackLine(change: StackChange, options: WordsOptions = {}): string {
  const cause = headline(change);
  return `class stack: ${kindWords(change, options)}${cause === "" ? "" : ` (${cause})`}`;
}

/** What happens to each student, sentence by sentence; students to whom nothing happens are left out. */
export function changeDetails(changes: readonly StudentStackChange[], options: WordsOptions = {}): string[] {
  return changes.flatMap(({ student, name, change }) => stackDetails(titleOf(student, name), change, options));
}

/** What happens in one stack, under a title: a student's, or `class stack`. Empty when nothing happens. */
export function stackDetails(title: string, { kind, effects }: StackChange, options: WordsOptions = {}): string[] {
  const { bold = (text: string) => text } = options;
  if (kind === "new") return [`${title}: everything is made`];
  const sentences = effects
    .filter(({ impact, byHand }) => impact !== "none" || byHand)
    .map(({ text, losesData }) => `  - ${losesData ? bold(text) : text}`);
  return sentences.length === 0 ? [] : [`${title}:`, ...sentences];
}

/** Everything that is lost, for the teacher to agree to or not. Nothing of it may happen without being asked for. */
export function losses(changes: readonly (Omit<StudentStackChange, "student"> & { student?: string })[]): Loss[] {
  return changes.flatMap(({ student, name, change }) =>
    change.effects.flatMap((effect) =>
      effect.loses === undefined
        ? []
        : [
            {
              ...(student === undefined ? {} : { student }),
              ...{ name, thing: effect.thing, loses: effect.loses, text: effect.text },
            },
          ],
    ),
  );
}

/** Students whose stack is there, but whose row is not: said, and nothing else. Empty when there is none. */
export function leftRosterLine(students: readonly string[]): string[] {
  if (students.length === 0) return [];
  const them = students.length === 1 ? "it" : "them";
  return [`no longer in the roster: ${students.join(", ")} (kept; --prune removes ${them})`];
}

/** What an update takes over from the cloud before it looks what is to be done. */
export interface StackToPutRight {
  stack: string;
  /** A run was cut off or failed; or there is no state of what is in the cloud. */
  why: "interrupted" | "lost";
}

/** What a preview cannot know; empty when it can. */
export function toPutRightLines(stacks: readonly StackToPutRight[]): string[] {
  const named = (why: StackToPutRight["why"]) => stacks.filter((each) => each.why === why).map(({ stack }) => stack);
  const [interrupted, lost] = [named("interrupted"), named("lost")];
  return [
    ...(interrupted.length === 0 ? [] : [`left by an interrupted run: ${interrupted.join(", ")}`]),
    ...(lost.length === 0 ? [] : [`in the cloud, but its state is lost: ${lost.join(", ")}`]),
    ...(stacks.length === 0 ? [] : ["up puts that right first; then less may be new or changed than is said here"]),
  ];
}
