import type { SerializedError } from "vitest";
import type { Reporter, TestModule } from "vitest/node";

/** Prints `N passed, N failed` as the last line: tests, plus files that failed to load and errors outside of tests. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        if (state === "failed") failed += 1;
      }
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
    }
    console.log(`${String(passed)} passed, ${String(failed)} failed`);
  }
}
