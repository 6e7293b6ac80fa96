import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { didYouMean } from "../lab/didYouMean.ts";
import type { Lab } from "../lab/labSchema.ts";
import { type ParsedLab, parseLab, type PlacedProblem, placedText } from "../lab/parseLab.ts";
import { expandHome } from "../terminal/expandHome.ts";
import { UserError } from "../terminal/userError.ts";

/** What a lab document is called in its folder. */
const DOCUMENT = "lab.yaml";

/** A lab is a few hundred lines; what is larger than this is another file. In bytes. */
const LARGEST = 1024 * 1024;

/** The labs that come with the project, by name. */
export function readyLabs(): string[] {
  return readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, DOCUMENT)))
    .map(({ name }) => name)
    .sort();
}

/**
 * The lab document that is meant: a ready lab by its name (`packstack`), or a file by its path, which has a slash or a dot in it.
 *
 * @throws {UserError} when there is no such file
 */
export function labFile(nameOrPath: string): string {
  const ready = readyLabs();
  if (ready.includes(nameOrPath)) return shortest(join(import.meta.dirname, nameOrPath, DOCUMENT));
  const list = `the ready labs are ${ready.join(", ")}`;
  if (nameOrPath === "") throw new UserError(`no lab is named: give a ready lab's name or the path of a file; ${list}`);
  const file = expandHome(nameOrPath);
  const found = kindOf(file);
  if (found === "file") return file;
  if (found === "folder") {
    const inside = join(file, DOCUMENT);
    throw new UserError(
      kindOf(inside) === "file"
        ? `${file} is a folder; did you mean "${inside}"?`
        : `${file} is a folder without a ${DOCUMENT}; name the lab document itself`,
    );
  }
  if (found === "something else") throw new UserError(`${file} is not a file; name a lab document`);
  throw new UserError(
    /[/\\.]/.test(nameOrPath)
      ? `there is no file ${file}${nearby(file)} (${list})`
      : `there is no ready lab "${nameOrPath}"${didYouMean(nameOrPath, ready)} (${list}; a file is named by its path, e.g. ./${DOCUMENT})`,
  );
}

/**
 * Reads and checks a lab document as it is at one step of its exercise.
 *
 * @param step name of the step; undefined or empty is the lab as it begins
 * @param changes made to the lab at that step, written like it: a JSON merge patch
 * @throws {UserError} when the file cannot be read; what is wrong with the document is in `parsed`
 */
export function parseLabFile(nameOrPath: string, step?: string, changes?: object): { file: string; parsed: ParsedLab } {
  const file = labFile(nameOrPath);
  return { file, parsed: parseLab(textOf(file), step, changes) };
}

/**
 * A lab that is right.
 *
 * @param step name of the step; undefined or empty is the lab as it begins
 * @param changes made to the lab at that step, written like it: a JSON merge patch
 * @throws {UserError} which names every problem of the document, each with line and column
 */
export function readLab(
  nameOrPath: string,
  step?: string,
  changes?: object,
): { file: string; lab: Lab; warnings: PlacedProblem[] } {
  const { file, parsed } = parseLabFile(nameOrPath, step, changes);
  if (parsed.ok) return { file, lab: parsed.lab, warnings: parsed.warnings };
  throw new UserError(labProblemText(file, parsed.problems));
}

/** A heading, and a line with file, line and column for each problem. */
export function labProblemText(file: string, problems: readonly PlacedProblem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return `${count} in the lab document:\n${placedText(file, problems)}`;
}

function textOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${reasonOf(error)}`);
  }
  if (bytes.length > LARGEST)
    throw new UserError(`${file} has ${bytes.length} bytes; a lab document has at most ${LARGEST}`);
  const text = decoded(bytes);
  if (text !== undefined) return text;
  // A line break is never part of another character in UTF-8.
  const line = bytes
    .toString("latin1")
    .split("\n")
    .findIndex((each) => decoded(Buffer.from(each, "latin1")) === undefined);
  throw new UserError(`${file}:${line + 1} is not UTF-8 text; save the file as UTF-8`);
}

/** undefined when it is not UTF-8. A byte order mark is left out. */
function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function kindOf(path: string): "file" | "folder" | "something else" | "nothing" {
  try {
    const stat = statSync(path);
    return stat.isFile() ? "file" : stat.isDirectory() ? "folder" : "something else";
  } catch {
    return "nothing";
  }
}

/** A file of almost that name in the same folder. */
function nearby(file: string): string {
  const [, folder = "", name = ""] = /^(.*[/\\])?(.*)$/.exec(file) ?? [];
  try {
    return didYouMean(
      name,
      readdirSync(folder === "" ? "." : folder).filter((each) => /\.ya?ml$/.test(each)),
    ).replace(/"(.*)"/, `"${folder}$1"`);
  } catch {
    return "";
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** As it is written from here, where it lies below. */
function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}
