/**
 * Whether a version such as `3.259.0` is the other or a later one. A missing part counts as 0; what follows the numbers
 * (`-rc1`, `+nodelay`) is left out of the comparison.
 */
export function isAtLeast(version: string, oldest: string): boolean {
  const [a, b] = [numbers(version), numbers(oldest)];
  for (const [index, wanted] of b.entries()) {
    const has = a[index] ?? 0;
    if (has !== wanted) return has > wanted;
  }
  return true;
}

/** The first number: versions that differ in it promise nothing to each other. */
export function majorOf(version: string): number {
  return numbers(version)[0] ?? 0;
}

function numbers(version: string): number[] {
  return /^[\d.]*/.exec(version)?.[0].split(".").map(Number) ?? [];
}
