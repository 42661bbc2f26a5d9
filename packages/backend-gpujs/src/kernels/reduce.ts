import { sizeOf } from "@dl/tensor";
import type { Program, ReduceKind, View } from "@dl/tensor";
import type { Cell } from "../device/cell.js";
import { CallBuilder } from "../source/builder.js";
import type { Call } from "../source/builder.js";
import { along, positions, quotient } from "../source/position.js";
import { plus } from "../source/text.js";
import type { CellOf } from "./cells.js";
import { programAt } from "./map.js";

/** How many elements one thread takes: sums of sums keep digits that one long sum would lose. */
const mostPerThread = 256;

/** Sums of this many are added up with what their rounding lost: a chain of equal numbers would always lose the same way. */
const block = 16;
/** s += t, and e what that rounds away. (Kahan, 1965) */
const compensated = "const y = t - e; const z = s + y; e = (z - s) - y; s = z;";

/** What a thread does with each value, and with what it begins. */
const steps: Readonly<Record<ReduceKind, { readonly begin: string; readonly step: string; readonly result: string }>> = {
  sum: { begin: "let s = 0;", step: "s += v;", result: "s" },
  max: { begin: "let s = -inf;", step: "s = dlMax(v, s);", result: "s" },
  min: { begin: "let s = inf;", step: "s = dlMin(v, s);", result: "s" },
  // The first of equals wins, NaN over numbers.
  argmax: { begin: "let s = -inf; let w = -1;", step: "if (w < 0 || v > s || (dlNaN(v) > dlNaN(s))) { s = v; w = k; }", result: "w" },
  argmin: { begin: "let s = inf; let w = -1;", step: "if (w < 0 || v < s || (dlNaN(v) > dlNaN(s))) { s = v; w = k; }", result: "w" },
};

/** Where the largest of the values `v` with numbers `k` is. */
export const largest = steps.argmax;

export interface Reduction {
  readonly kind: ReduceKind;
  readonly program: Program | null;
  readonly inputs: readonly View[];
  readonly scalars: readonly number[];
  /** Of the inputs' shape, those that stay and those that go. */
  readonly kept: readonly number[];
  readonly gone: readonly number[];
}

const shapeAlong = ({ shape }: View, dims: readonly number[]): number[] => dims.map((d) => shape[d]);

/** @param chunk elements per thread; there are as many threads per output as that takes */
function call({ kind, program, inputs, scalars, kept, gone }: Reduction, chunk: number, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const [keptShape, goneShape] = [shapeAlong(inputs[0], kept), shapeAlong(inputs[0], gone)];
  const length = sizeOf(goneShape);
  const chunks = Math.ceil(length / chunk);
  const outer = positions(builder, [...keptShape, chunks], inputs.map((view) => {
    const own = along(view, kept);
    return { ...own, shape: [...own.shape, chunks], strides: [...own.strides, 0] };
  }), "i", "p");
  const inner = positions(builder, goneShape, inputs.map((view) => ({ ...along(view, gone), offset: 0 })), "k", "r");
  const at = outer.at.map((place, k) => plus(place, inner.at[k]));
  const { begin, step, result } = steps[kind];
  const isSum = kind === "sum" && Math.min(length, chunk) > block;
  const value = program === null
    ? { lines: [], value: `${builder.input(cellOf(inputs[0]))}[${at[0]}]` }
    : programAt(builder, program, inputs, at, scalars, cellOf);
  const body = `${inner.lines.join(" ")} ${value.lines.join(" ")} const v = ${value.value}; ${isSum ? "t += v;" : step}`;
  const ownChunk = chunks === 1 ? [] : [`const c = i - ${quotient("i", chunks, sizeOf(keptShape) * chunks)} * ${chunks};`];
  const count = Math.min(chunk, length);
  const element = (own: string): string => {
    const k = chunks === 1 ? own : `c * ${chunk} + ${own}`;
    const isCovered = length % chunk === 0 && (!isSum || count % block === 0);
    return `const k = ${k}; ${isCovered ? body : `if (k < ${length} && ${own} < ${count}) { ${body} }`}`;
  };
  const loop = isSum
    ? `let e = 0; for (let b = 0; b < ${Math.ceil(count / block)}; b++) { let t = 0; for (let j = 0; j < ${block}; j++) { const o = b * ${block} + j; ${element("o")} } ${compensated} }`
    : `for (let j = 0; j < ${count}; j++) { ${element("j")} }`;
  const lines = [...outer.lines, ...ownChunk, begin, loop];
  return builder.build(lines, result);
}

/**
 * Reduces in stages: first as many sums as there are chunks of a line, then sums of these.
 * @param run runs a call over that many outputs @param release gives a stage's numbers back
 */
export function reduced(reduction: Reduction, cellOf: CellOf, run: (call: Call, size: number) => Cell, release: (cell: Cell) => void): Cell {
  const { kind, inputs, kept, gone } = reduction;
  const outputs = sizeOf(shapeAlong(inputs[0], kept));
  const length = sizeOf(shapeAlong(inputs[0], gone));
  const isIndex = kind === "argmax" || kind === "argmin";
  if (length === 0) return run(new CallBuilder().build([], { sum: "0", max: "-inf", min: "inf", argmax: "0", argmin: "0" }[kind]), outputs);
  if (isIndex || length <= 2 * mostPerThread) return run(call(reduction, Math.max(1, length), cellOf), outputs);
  const chunks = Math.ceil(length / mostPerThread);
  const partial = run(call(reduction, mostPerThread, cellOf), outputs * chunks);
  const view: View = { buffer: partial, dtype: "float32", shape: [outputs, chunks], strides: [chunks, 1], offset: 0 };
  const whole = reduced({ kind, program: null, inputs: [view], scalars: [], kept: [0], gone: [1] }, () => partial, run, release);
  release(partial);
  return whole;
}
