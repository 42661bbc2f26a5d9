import { UnknownNameError, ValueError, nearMatches } from "@dl/registry";
import type { EpochRecord, Scores } from "./types.js";

/** Whether smaller or larger values of a number are better. */
export type MonitorMode = "min" | "max";

const named = (prefix: string, name: string): string => `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const flat = (prefix: string, scores: Scores | null): (readonly [string, number])[] =>
  Object.entries(scores ?? {}).map(([name, value]) => [named(prefix, name), value]);

/** An epoch's numbers by the names that `monitor` options take: `trainLoss`, `valLoss`, `valAccuracy`, … */
export const flatScores = ({ train, validation }: Pick<EpochRecord, "train" | "validation">): Readonly<Record<string, number>> =>
  Object.fromEntries([...flat("train", train), ...flat("val", validation)]);

/** The names that `flatScores` gives for these metrics. */
export function monitorNames(metricNames: readonly string[], validates: boolean): string[] {
  const names = [...metricNames, "loss"];
  return [...names.map((name) => named("train", name)), ...(validates ? names.map((name) => named("val", name)) : [])];
}

/** @throws UnknownNameError that lists the known names */
export function checkMonitor(where: string, monitor: string, known: readonly string[]): void {
  if (known.includes(monitor)) return;
  const near = nearMatches(monitor, known).at(0);
  const withoutValidation = monitor.startsWith("val") && !known.some((name) => name.startsWith("val"));
  const fix = withoutValidation ? "Pass fit validation data" : near === undefined ? "Choose one of these" : `Did you mean "${near}"?`;
  throw new UnknownNameError(where, `unknown metric "${monitor}"; known are ${[...known].sort().join(", ")}`, fix, { monitor, known });
}

/** @throws ValueError when nobody said what is better, and the name does not tell */
export function modeFor(where: string, monitor: string, mode: MonitorMode | undefined): MonitorMode {
  const given: string | undefined = mode;
  if (given === "min" || given === "max") return given;
  if (given !== undefined) throw new ValueError(where, `mode is "${given}"`, 'Give "min" or "max"', { mode });
  if (/loss$/i.test(monitor)) return "min";
  throw new ValueError(where, `it is not known whether a small or a large ${monitor} is good`, 'Give mode: "min" or mode: "max"', { monitor });
}

/** Whether `value` is better than `best` by more than `minDelta`; NaN never is. */
export const isBetter = (mode: MonitorMode, value: number, best: number, minDelta = 0): boolean =>
  mode === "min" ? value < best - minDelta : value > best + minDelta;

/** What every value is better than. */
export const worst = (mode: MonitorMode): number => (mode === "min" ? Infinity : -Infinity);
