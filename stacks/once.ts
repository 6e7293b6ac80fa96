/**
 * Builds each named thing when it is first asked for, so that the order follows from what needs what.
 *
 * @throws {Error} when something needs itself: the lab's rules refuse that before
 */
export function once<T>(build: (name: string) => T): (name: string) => T {
  const built = new Map<string, { value: T } | "being built">();
  return (name) => {
    const known = built.get(name);
    if (known === "being built") throw new Error(`${name} needs itself`);
    if (known !== undefined) return known.value;
    built.set(name, "being built");
    const value = build(name);
    built.set(name, { value });
    return value;
  };
}
