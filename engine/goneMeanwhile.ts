import { stripVTControlCharacters } from "node:util";

/**
 * Whether Pulumi failed because something was there when it listed it and gone when it read it: a lock whose holder has ended in between,
 * a stack that somebody removed. It asks again for neither. The words are those of the library through which it keeps its state in
 * folders, buckets and databases: https://github.com/google/go-cloud/blob/v0.46.0/blob/blob.go
 */
export function wasGoneMeanwhile(output: string): boolean {
  return /\bcode=NotFound\b|^\s*\d+\) NotFound\s*$/m.test(stripVTControlCharacters(output));
}
