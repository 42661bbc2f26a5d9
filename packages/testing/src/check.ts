import { DLError } from "@dl/registry";

/** One thing that a suite looks at. Suites are lists of these: a test runner binds them, a program prints them. */
export interface Check {
  readonly name: string;
  /** Why the check is left out; it is reported with this reason and does not run. */
  readonly skip?: string;
  /** Throws, or rejects, when the subject is at fault. */
  run(): void | Promise<void>;
}

/** A check found a fault. The message says where, what, and what to mend. */
export class CheckError extends DLError {}

export interface CheckResult {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** What was thrown, or the reason for the skip. */
  readonly message: string;
}

async function runCheck(check: Check): Promise<CheckResult> {
  const { name, skip } = check;
  if (skip !== undefined) return { name, outcome: "skipped", message: skip };
  try {
    await check.run();
    return { name, outcome: "passed", message: "" };
  } catch (error) {
    return { name, outcome: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs checks one after the other, without a test runner: for `dl doctor` and scripts that show how far they are. */
export async function* eachResult(checks: readonly Check[]): AsyncGenerator<CheckResult, void> {
  for (const check of checks) yield await runCheck(check);
}

/** The results of all checks. */
export async function runChecks(checks: readonly Check[]): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for await (const result of eachResult(checks)) results.push(result);
  return results;
}
