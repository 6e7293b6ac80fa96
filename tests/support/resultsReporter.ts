import type { Reporter, TestCase } from "vitest/node";
import { programVersion, readResults, type TestResults, writeResults } from "./testResults.ts";

/** A test that took so long is not to be in vain when the run is broken off. */
const LONG_MS = 2000;

/** Keeps how each test ended. What is skipped or left out keeps what was known of it. */
export class ResultsReporter implements Reporter {
  readonly #suite: string;
  readonly #version = programVersion();
  #new: TestResults = {};

  constructor(suite: string) {
    this.#suite = suite;
  }

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result();
    if (state !== "passed" && state !== "failed") return;
    const duration = test.diagnostic()?.duration ?? 0;
    const at = new Date().toISOString();
    this.#new[`${test.module.relativeModuleId} > ${test.fullName}`] = { state, version: this.#version, at };
    if (duration > LONG_MS) this.#write();
  }

  onTestRunEnd(): void {
    this.#write();
  }

  #write(): void {
    writeResults(this.#suite, { ...readResults(this.#suite), ...this.#new });
    this.#new = {};
  }
}
