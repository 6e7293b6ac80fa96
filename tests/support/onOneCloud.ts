import { defineConfig, type ViteUserConfig } from "vitest/config";
import { ResultsReporter } from "./resultsReporter.ts";

/** The tests of a folder that share a running cloud: file after file, because the machine is one, and time for guests under emulation. */
export const onOneCloud = (folder: string, more: ViteUserConfig["test"] = {}) =>
  defineConfig({
    test: {
      root: new URL("../..", import.meta.url).pathname,
      include: [`tests/${folder}/**/*.test.ts`],
      fileParallelism: false,
      testTimeout: 15 * 60_000,
      hookTimeout: 15 * 60_000,
      reporters: ["default", new ResultsReporter(folder)],
      ...more,
    },
  });
