import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../terminal/userError.ts";

/** Where this machine gets Debian 12 from. */
export interface DebianMirror {
  /** Base address of the main archive, as in sources.list, without a slash at the end. */
  main: string;
  /** Base address of the security archive. */
  security: string;
}

/** What guests have in their sources.list: names that only the package cache knows, and maps to this machine's mirror. */
export const guestArchive: DebianMirror = {
  main: "http://debian.classroom.internal/debian",
  security: "http://debian.classroom.internal/debian-security",
};

/** One line of a sources.list, or one combination of a .sources file: an address and a suite. */
export interface Source {
  uri: string;
  suite: string;
}

/**
 * Reads /etc/apt as apt does. Both its formats are described in https://manpages.debian.org/bookworm/apt/sources.list.5.en.html.
 *
 * @throws {UserError} where it names no Debian 12 archive that the cache could reach (another release, a file: mirror).
 */
export function debianMirror(etcApt = "/etc/apt"): DebianMirror {
  const sources = sourceFiles(etcApt).flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return file.endsWith(".sources") ? parseDeb822(text) : parseClassic(text);
  });
  const addressOf = (suite: string) =>
    sources.find((source) => source.suite === suite && /^https?:/.test(source.uri))?.uri.replace(/\/+$/, "");
  const [main, security] = [addressOf("bookworm"), addressOf("bookworm-security")];
  if (main === undefined || security === undefined)
    throw new UserError(
      `${etcApt} names no http address for bookworm and bookworm-security; guests need both, add them there`,
    );
  return { main, security };
}

/** `deb [options] uri suite component…` */
export function parseClassic(text: string): Source[] {
  return text.split("\n").flatMap((line) => {
    const [, uri, suite] = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line) ?? [];
    return uri === undefined || suite === undefined ? [] : [{ uri, suite }];
  });
}

/** Paragraphs of `Field: value`, where a value may go on in lines that begin with a blank. */
export function parseDeb822(text: string): Source[] {
  const lines = text.replace(/^#.*\n?/gm, "").replace(/\n[ \t]+/g, " ");
  return lines.split(/\n\s*\n/).flatMap((paragraph) => {
    const fields = new Map(
      [...paragraph.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)].map(([, field = "", value = ""]) => [
        field.toLowerCase(),
        value.trim().split(/\s+/),
      ]),
    );
    if (fields.get("enabled")?.[0] === "no" || !(fields.get("types") ?? []).includes("deb")) return [];
    return (fields.get("uris") ?? []).flatMap((uri) => (fields.get("suites") ?? []).map((suite) => ({ uri, suite })));
  });
}

function sourceFiles(etcApt: string): string[] {
  const main = join(etcApt, "sources.list");
  const parts = join(etcApt, "sources.list.d");
  return [
    ...(existsSync(main) ? [main] : []),
    // Other names are ignored by apt, too.
    ...(existsSync(parts) ? readdirSync(parts) : [])
      .filter((name) => /^[\w.-]+\.(list|sources)$/.test(name))
      .sort()
      .map((name) => join(parts, name)),
  ];
}
