import { checkChoice, ValueError } from "@dl/registry";
import type { Tallies } from "./tallies.js";
import { checkZeroDivision, ratio } from "./zero-division.js";
import type { ZeroDivision } from "./zero-division.js";

/** One class against the rest: true and false positives, true and false negatives. */
export interface BinaryCounts {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/** A share of one class's counts: numerator and denominator. */
export type Rate = (counts: BinaryCounts) => readonly [number, number];

export const precisionRate: Rate = ({ tp, fp }) => [tp, tp + fp];
export const recallRate: Rate = ({ tp, fn }) => [tp, tp + fn];
export const specificityRate: Rate = ({ tn, fp }) => [tn, tn + fp];
export const fallOutRate: Rate = ({ tn, fp }) => [fp, tn + fp];
export const jaccardRate: Rate = ({ tp, fp, fn }) => [tp, tp + fp + fn];

/** (1 + β²)·P·R / (β²·P + R), written in counts, so that one undefined P or R does no harm. */
export function fBetaRate(beta: number): Rate {
  const square = beta * beta;
  return ({ tp, fp, fn }) => [(1 + square) * tp, (1 + square) * tp + square * fn + fp];
}

/** How the classes' rates become one: of the positive class alone, none (all of them), their mean, of summed counts, their mean weighted by support. */
export type Average = "binary" | "none" | "macro" | "micro" | "weighted";

export const AVERAGES: readonly Average[] = ["binary", "none", "macro", "micro", "weighted"];

/** A list with one number per class for "none", else one number. */
export type Averaged<A extends Average> = A extends "none" ? number[] : number;

export interface AverageOptions<A extends Average> {
  /** Default "binary". The means leave out classes that are neither predicted nor there, and those whose rate is NaN. */
  readonly average?: A;
  /** The class that "binary" is about, 0 or 1. Default 1. */
  readonly positive?: number;
  /** What 0/0 is. Default 0. */
  readonly zeroDivision?: ZeroDivision;
}

export const AVERAGE_OPTIONS = ["average", "positive", "zeroDivision"] as const satisfies (keyof AverageOptions<Average>)[];

/** @throws ValueError for an unknown average, "binary" of more than two classes, a positive class other than 0 or 1, an unknown zeroDivision */
export function checkAverage(where: string, numClasses: number, { average = "binary", positive = 1, zeroDivision = 0 }: AverageOptions<Average>): void {
  checkChoice(where, "average", average, AVERAGES);
  checkZeroDivision(where, zeroDivision);
  if (average !== "binary") return;
  if (numClasses > 2) throw new ValueError(where, `average "binary" of ${numClasses} classes`, 'Give average: "macro", "micro", "weighted" or "none"', { numClasses });
  if (positive !== 0 && positive !== 1) throw new ValueError(where, `positive is ${positive}`, "Give 0 or 1", { positive });
}

export const countsOf = ({ count, hits, predicted, actual }: Tallies, label: number): BinaryCounts => ({
  tp: hits[label],
  fp: predicted[label] - hits[label],
  fn: actual[label] - hits[label],
  tn: count - predicted[label] - actual[label] + hits[label],
});

const pooled = (all: readonly BinaryCounts[]): BinaryCounts => {
  const total = (key: keyof BinaryCounts): number => all.reduce((sum, counts) => sum + counts[key], 0);
  return { tp: total("tp"), fp: total("fp"), tn: total("tn"), fn: total("fn") };
};

/** Σ weight·value / Σ weight over the values that are numbers; NaN when there are none. */
function weightedMean(values: readonly number[], weights: ArrayLike<number>): number {
  let [sum, weight] = [0, 0];
  values.forEach((value, i) => {
    if (Number.isNaN(value) || weights[i] === 0) return;
    sum += value * weights[i];
    weight += weights[i];
  });
  return sum / weight;
}

/** The rate of every class, brought together as `average` says. */
export function averageRate<A extends Average>(where: string, rate: Rate, tallies: Tallies, options: AverageOptions<A>): Averaged<A> {
  return averaged(where, rate, tallies, options) as Averaged<A>;
}

function averaged(where: string, rate: Rate, tallies: Tallies, { average = "binary", positive = 1, zeroDivision = 0 }: AverageOptions<Average>): number | number[] {
  const value = (counts: BinaryCounts, what: string): number => ratio(where, `the rate of ${what}`, ...rate(counts), zeroDivision);
  if (average === "binary") return value(countsOf(tallies, positive), `class ${positive}`);

  const present = Float64Array.from(tallies.actual, (actual, label) => Number(actual + tallies.predicted[label] > 0));
  const counts = Array.from(present, (_, label) => countsOf(tallies, label));
  if (average === "micro") return value(pooled(counts.filter((_, label) => present[label] > 0)), "all classes");

  const missing = zeroDivision === "throw" ? NaN : zeroDivision;
  const values = counts.map((own, label) => (average === "none" || present[label] > 0 ? value(own, `class ${label}`) : missing));
  return average === "none" ? values : weightedMean(values, average === "macro" ? present : tallies.actual);
}
