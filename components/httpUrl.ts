import type { Problem } from "../lab/problem.ts";

/** What is wrong with an address that something is fetched from. @param example what a right one looks like */
export function httpUrlProblems(path: string, url: string, example: string): Problem[] {
  return /^https?:\/\/\S+$/.test(url) && URL.canParse(url)
    ? []
    : [{ path, reason: `"${url}" is not an http:// or https:// URL; write one like "${example}"` }];
}
