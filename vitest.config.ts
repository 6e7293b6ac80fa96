import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // They need a running cloud: `npm run test:cloud`, `test:class` and `test:labs` give them one.
    exclude: ["tests/cloud/**", "tests/class/**", "tests/labs/**"],
  },
});
