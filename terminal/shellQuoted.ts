/** One word of a POSIX shell, whatever is in it. */
export function shellQuoted(word: string): string {
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A line for `eval`, after which programs see the variable. */
export function exportLine(name: string, value: string): string {
  return `export ${name}=${shellQuoted(value)}`;
}
