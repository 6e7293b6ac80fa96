import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Phase } from "../variant.ts";
import type { Results } from "./cells.ts";

const SHOWN: readonly Phase[] = ["create", "destroy", "no-op", "add-one"];
/** Told apart also by those who see few colours: https://jfly.uni-koeln.de/color/ */
const COLOURS = [
  "#000000",
  "#d55e00",
  "#0072b2",
  "#56b4e9",
  "#009e73",
  "#7fcf9f",
  "#cc79a7",
  "#e69f00",
  "#999999",
  "#8c6d31",
];

interface Mark {
  phase: Phase;
  variant: string;
  students: number;
  seconds: number;
  least: number;
  most: number;
}

/**
 * Times over the size of the class, a picture for each phase; both axes are logarithmic, so that what costs twice as much for twice the
 * class rises at 45 degrees. @returns SVG
 */
export async function plotOf(results: Results): Promise<string> {
  const marks = SHOWN.flatMap((phase) => results.variants.flatMap((variant) => marksOf(results, phase, variant)));
  const view = new View(parse(compile(specOf(marks, results)).spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function marksOf(results: Results, phase: Phase, variant: string): Mark[] {
  return results.sizes.flatMap((students) => {
    const wall = results.cell(variant, students, phase)?.wall;
    if (wall === undefined) return [];
    return [{ phase, variant, students, seconds: wall.median, least: wall.least, most: wall.most }];
  });
}

function specOf(marks: readonly Mark[], results: Results): TopLevelSpec {
  const axis = { grid: true, gridColor: "#e4e4e4", domain: false, ticks: false, labelPadding: 6 };
  const x = {
    ...{ field: "students", type: "quantitative" as const, title: "students" },
    scale: { type: "log" as const, nice: false, padding: 14 },
    axis: { ...axis, values: [...results.sizes] },
  };
  const y = (title: string | null) => ({
    ...{ field: "seconds", type: "quantitative" as const, title },
    scale: { type: "log" as const, nice: true },
    axis: { ...axis, values: TICKS, format: "~g" },
  });
  const color = {
    ...{ field: "variant", type: "nominal" as const, title: null },
    scale: { domain: [...results.variants], range: COLOURS },
    legend: {
      symbolType: "stroke",
      symbolStrokeWidth: 3,
      symbolOpacity: 1,
      labelFontSize: 12,
      labelLimit: 260,
      rowPadding: 6,
    },
  };
  const panels = SHOWN.filter((phase) => marks.some((mark) => mark.phase === phase)).map((phase, index) => ({
    ...{ title: { text: phase, anchor: "start" as const, fontSize: 14, offset: 8 }, width: 340, height: 250 },
    data: { values: marks.filter((mark) => mark.phase === phase) },
    layer: [
      {
        mark: { type: "rule" as const, strokeWidth: 1.2, opacity: 0.7 },
        encoding: { x, y: { ...y("seconds"), field: "least" }, y2: { field: "most" }, color },
      },
      {
        mark: { type: "line" as const, strokeWidth: 2, point: { size: 36, filled: true } },
        encoding: { x, y: y(index % 2 === 0 ? "seconds" : null), color },
      },
    ],
  }));
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 16,
    config: { font: "sans-serif", view: { stroke: null } },
    concat: panels,
    columns: 2,
    spacing: { row: 88, column: 64 },
    bounds: "flush",
  };
}

const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
