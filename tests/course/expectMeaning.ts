import { expect } from "vitest";
import type { PlannedStep } from "../../course/plannedStep.ts";
import { classifySteps } from "../../course/studentChange.ts";

/** Steps, the kind of the whole, its sentences, and what is lost, e.g. `disk,volume`. */
export type MeaningCase = [name: string, steps: PlannedStep[], kind: string, texts: string[], loses?: string];

export function expectMeaning(...[, steps, kind, texts, loses = ""]: MeaningCase): void {
  const change = classifySteps(steps);
  expect(change.effects.map(({ text }) => text)).toEqual(texts);
  expect(change.kind).toBe(kind);
  const lost = new Set(change.effects.flatMap((effect) => effect.loses ?? []));
  expect([...lost].sort().join(",")).toBe(loses);
  expect(change.losesData).toBe(loses !== "");
}
