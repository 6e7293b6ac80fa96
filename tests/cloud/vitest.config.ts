import { defineConfig } from "vitest/config";
import { ResultsReporter } from "../support/resultsReporter.ts";

/** One cloud for all: file after file, and time for guests under emulation. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["tests/cloud/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 15 * 60_000,
    hookTimeout: 15 * 60_000,
    reporters: ["default", new ResultsReporter("cloud")],
  },
});
