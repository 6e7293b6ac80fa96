/** Builds each named thing when it is first asked for, so that the order follows from what needs what. */
export function once<T>(build: (name: string) => T): (name: string) => T {
  const built = new Map<string, { value: T }>();
  return (name) => {
    const known = built.get(name);
    if (known !== undefined) return known.value;
    const value = build(name);
    built.set(name, { value });
    return value;
  };
}
