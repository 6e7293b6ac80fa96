/** Of what was measured several times. */
export interface Spread {
  median: number;
  least: number;
  most: number;
  /** How often it was measured. */
  count: number;
}

/** Undefined when nothing was measured. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return undefined;
  const upper = Math.floor(sorted.length / 2);
  const middle = sorted.length % 2 === 1 ? [sorted[upper] ?? least] : sorted.slice(upper - 1, upper + 1);
  return { median: middle.reduce((sum, value) => sum + value, 0) / middle.length, least, most, count: sorted.length };
}

export interface Point {
  /** Students. */
  size: number;
  value: number;
}

/**
 * How a cost grows: 0 is the same at any size, 1 is in proportion to it, 2 is with its square. Slope between two sizes where both are
 * logarithms; undefined for fewer than two, or where something costs nothing.
 */
export function growthBetween(one: Point | undefined, other: Point | undefined): number | undefined {
  if (one === undefined || other === undefined || one.size === other.size) return undefined;
  if (Math.min(one.value, other.value) <= 0) return undefined;
  return Math.log(other.value / one.value) / Math.log(other.size / one.size);
}

/**
 * What it would cost at another size: the straight line through the two largest sizes that were measured.
 *
 * @returns undefined for fewer than two
 */
export function extrapolate(points: readonly Point[], size: number): number | undefined {
  const [last, before] = points.toSorted((one, other) => other.size - one.size);
  if (last === undefined || before === undefined || last.size === before.size) return undefined;
  const slope = (last.value - before.value) / (last.size - before.size);
  // Less at a larger size is an accident of measuring; it does not go on like that.
  return last.value + Math.max(0, slope) * (size - last.size);
}
