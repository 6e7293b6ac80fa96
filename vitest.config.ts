import { defineConfig } from "vitest/config";
import { ResultsReporter } from "./tests/support/resultsReporter.ts";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // They need a running cloud: `npm run test:cloud`, `test:services`, `test:class`, `test:faults` and `test:labs` give them one.
    exclude: ["tests/cloud/**", "tests/services/**", "tests/class/**", "tests/faults/**", "tests/labs/**"],
    // Property tests on a busy machine: how long they take says nothing of what they test.
    testTimeout: 60_000,
    reporters: ["default", new ResultsReporter("unit")],
  },
});
