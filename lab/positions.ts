import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node } from "yaml";

export interface Position {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/**
 * Finds where the key of a path stands: in the changes of a step or of one before it, or else in the document that they change. Of what
 * is not there, it is the nearest that is around it.
 */
export function positionsOf(
  document: Document,
  placeAt: (offset: number) => Position,
  step?: string,
): (path: string) => Position {
  const trees = treesOf(document.contents, step);
  return (path) => {
    const [nearest] = trees
      .map((tree) => deepest(document, tree, path))
      .filter((found) => found !== undefined)
      .sort((a, b) => a.left - b.left);
    return nearest === undefined ? { line: 1, column: 1 } : placeAt(nearest.offset);
  };
}

/** Line and column of an offset in the text; yaml's own LineCounter misses lines after some mistakes. */
export function placesIn(text: string): (offset: number) => Position {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  return (offset) => {
    const inside = Math.min(offset, text.length);
    const line = starts.findLastIndex((start) => start <= inside);
    return { line: line + 1, column: inside - (starts[line] ?? 0) + 1 };
  };
}

/** The changes of the steps, the latest first, and then the document. */
function treesOf(contents: Node | null, step: string | undefined): Node[] {
  if (!isMap(contents)) return [];
  const steps = contents.get("steps", true);
  const items = isSeq(steps) ? steps.items.filter(isMap) : [];
  const last = items.findIndex((item) => item.get("name") === step);
  return [...items.slice(0, last + 1).reverse(), contents];
}

interface Found {
  offset: number;
  /** How many characters of the path are not there. */
  left: number;
}

/** Names may have dots in them, so the path is followed by what the document has. */
function deepest(document: Document, node: unknown, path: string): Found | undefined {
  const found = entriesOf(document, node).flatMap(({ key, offset, value }): Found[] => {
    if (path === key) return [{ offset, left: 0 }];
    if (!path.startsWith(`${key}.`)) return [];
    const rest = path.slice(key.length + 1);
    return [deepest(document, value, rest) ?? { offset, left: rest.length }];
  });
  return found.sort((a, b) => a.left - b.left)[0];
}

function entriesOf(document: Document, node: unknown): { key: string; offset: number; value: unknown }[] {
  if (isAlias(node)) return entriesOf(document, node.resolve(document));
  if (isSeq(node))
    return node.items.map((value, index) => ({
      key: String(index),
      offset: (isNode(value) ? value.range?.[0] : undefined) ?? 0,
      value,
    }));
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    if (!isScalar(key)) return [];
    // What is merged in by `<<` stands where it comes from.
    if (key.value === "<<" || typeof key.value === "symbol") return entriesOf(document, value);
    return [{ key: String(key.value), offset: key.range?.[0] ?? 0, value }];
  });
}
