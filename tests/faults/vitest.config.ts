import { defineConfig } from "vitest/config";
import { ResultsReporter } from "../support/resultsReporter.ts";

/** A class through the proxy that makes its cloud fail: file after file, because the machine is one. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["tests/faults/**/*.test.ts"],
    globalSetup: "tests/faults/soundClass.ts",
    fileParallelism: false,
    testTimeout: 30 * 60_000,
    hookTimeout: 15 * 60_000,
    reporters: ["default", new ResultsReporter("faults")],
  },
});
