import { defineConfig } from "vitest/config";
import { ResultsReporter } from "../support/resultsReporter.ts";

/** The commands for a class, on the API-only cloud: file after file, because the machine is one. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["tests/class/**/*.test.ts"],
    // Half an hour for a rehearsal that says little that the others do not: `npm run test:class30`.
    exclude: process.env["CLASS_TEST_THIRTY"] === undefined ? ["tests/class/thirty.test.ts"] : [],
    fileParallelism: false,
    testTimeout: 30 * 60_000,
    hookTimeout: 15 * 60_000,
    reporters: ["default", new ResultsReporter("class")],
  },
});
