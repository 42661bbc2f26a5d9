import type { CheckResult } from "@dl/testing";
import type { BackendFactory } from "@dl/tensor";
import { backendOfModule } from "../backend-module.js";
import { EXIT, InterruptedError } from "../errors.js";
import { print, printJson, widthOf, type Io } from "../io.js";
import { factoryOf } from "../names.js";
import { grouped } from "../terminal/format.js";
import { progressLine } from "../terminal/progress.js";
import { wrap } from "../terminal/table.js";
import { threadsOf } from "../threads.js";
import type { DoctorFlags } from "./doctor.js";

/** What the author of a backend publishes. */
export interface ConformanceReport {
  readonly backend: string;
  readonly dtypes: readonly string[];
  readonly threads: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  readonly checks: readonly CheckResult[];
}

const count = (checks: readonly CheckResult[], outcome: CheckResult["outcome"]): number => checks.filter((check) => check.outcome === outcome).length;

async function runSuite(factory: BackendFactory, io: Io): Promise<ConformanceReport> {
  const { eachResult, testBackend } = await import("@dl/testing");
  const began = performance.now();
  const backend = await factory.create();
  const checks = await testBackend(() => backend, { skip: factory.gaps ?? [] });
  const line = progressLine(io);
  const results: CheckResult[] = [];
  for await (const result of eachResult(checks)) {
    results.push(result);
    const rate = results.length / ((performance.now() - began) / 1000);
    line.update(backend.name, results.length, checks.length, `${grouped(results.length)} of ${grouped(checks.length)}  ${grouped(rate)}/s  ${Math.ceil((checks.length - results.length) / rate)} s left`);
    if (io.interrupted.aborted) break;
  }
  line.clear();
  if (io.interrupted.aborted) throw new InterruptedError("stopped before the suite ended");
  const [passed, failed, skipped] = (["passed", "failed", "skipped"] as const).map((outcome) => count(results, outcome));
  const seconds = Math.round(performance.now() - began) / 1000;
  return { backend: backend.name, dtypes: backend.capabilities.dtypes, threads: threadsOf(backend), passed, failed, skipped, seconds, checks: results };
}

/** Skipped checks by their reason, failed ones with what they found. */
function render({ backend, dtypes, threads, passed, failed, skipped, seconds, checks }: ConformanceReport, width: number): string {
  const lines = [`${backend}: ${dtypes.join(", ")}; ${threads === 1 ? "1 thread" : `${threads} threads`}`];
  const reasons = new Map<string, number>();
  for (const { outcome, message } of checks) if (outcome === "skipped") reasons.set(message, (reasons.get(message) ?? 0) + 1);
  for (const [reason, times] of reasons) lines.push(wrap(`skipped ${times}: ${reason}`.split(" "), width));
  for (const { outcome, name, message } of checks) if (outcome === "failed") lines.push(wrap(`failed ${name}: ${message}`.split(/\s+/), width));
  return [...lines, `${grouped(passed)} passed, ${grouped(failed)} failed, ${grouped(skipped)} skipped in ${seconds.toFixed(1)} s`].join("\n");
}

/** Runs a backend's conformance suite and prints its report. The exit code says whether all passed. */
export async function conformance(name: string, { json = false }: DoctorFlags, io: Io): Promise<number> {
  const report = await runSuite(factoryOf(name) ?? (await backendOfModule(name)), io);
  if (json) printJson(io, report);
  else print(io.stdout, render(report, widthOf(io.stdout)));
  return report.failed === 0 ? EXIT.ok : EXIT.failure;
}
