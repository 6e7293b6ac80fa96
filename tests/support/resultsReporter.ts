import type { Reporter, TestCase } from "vitest/node";
import { programVersion, readResults, writeResults } from "./testResults.ts";

/** Keeps how each test ended, at once, so that a run that is broken off has not been in vain. What is skipped keeps what was known of it. */
export class ResultsReporter implements Reporter {
  readonly #suite: string;
  readonly #version = programVersion();

  constructor(suite: string) {
    this.#suite = suite;
  }

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result();
    if (state !== "passed" && state !== "failed") return;
    writeResults(this.#suite, {
      ...readResults(this.#suite),
      [`${test.module.relativeModuleId} > ${test.fullName}`]: {
        ...{ state, version: this.#version, at: new Date().toISOString() },
        seconds: Math.round((test.diagnostic()?.duration ?? 0) / 100) / 10,
      },
    });
  }
}
