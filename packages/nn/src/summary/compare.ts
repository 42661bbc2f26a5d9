import type { Shape } from "@dl/tensor";
import type { Module } from "../module/module.js";
import { summary } from "./summary.js";
import type { Summary, SummaryOptions } from "./summary.js";
import { count, showBytes, table } from "./table.js";

/** One number of two models. */
export interface ComparisonRow {
  readonly name: "parameters" | "trainable" | "flops" | "memory";
  readonly a: number;
  readonly b: number;
  /** b / a: what b needs of what a needs. NaN when both are 0. */
  readonly ratio: number;
}

export interface Comparison {
  readonly a: Summary;
  readonly b: Summary;
  readonly rows: readonly ComparisonRow[];
  /** A table. */
  toString(): string;
}

const names = ["parameters", "trainable", "flops", "memory"] as const;

const showRatio = (ratio: number): string => (Number.isFinite(ratio) ? `${Number(ratio.toPrecision(3))}` : "");

function showRow({ name, a, b, ratio }: ComparisonRow): string[] {
  const show = name === "memory" ? showBytes : count;
  return [name === "flops" ? "FLOPs" : name, show(a), show(b), showRatio(ratio)];
}

/**
 * What two models need for one input, side by side: parameters, operations and activation memory; see `summary`.
 *
 *     console.log(String(compare(wide, narrow, [1, 1, 28, 28])));
 *
 * @param inputShape shape of the input that both take, or an array of shapes for several
 * @throws ShapeError when a model does not take that shape
 */
export function compare(a: Module, b: Module, inputShape: Shape | readonly Shape[], options: SummaryOptions = {}): Comparison {
  const [first, second] = [summary(a, inputShape, options), summary(b, inputShape, options)];
  const rows = names.map((name): ComparisonRow => ({ name, a: first[name], b: second[name], ratio: second[name] / first[name] }));
  return { a: first, b: second, rows, toString: () => table(["", "a", "b", "b / a"], rows.map(showRow), [false, true, true, true]).join("\n") };
}
