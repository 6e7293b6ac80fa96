import { defineConfig } from "vitest/config";
import { ResultsReporter } from "../support/resultsReporter.ts";

/** Both clouds' own life, their optional services, and classes whose state lies on them: file after file. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["tests/services/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 15 * 60_000,
    hookTimeout: 15 * 60_000,
    reporters: ["default", new ResultsReporter("services")],
  },
});
