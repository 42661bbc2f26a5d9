import { ValueError } from "@dl/registry";
import type { Module } from "@dl/nn";
import { showShape } from "@dl/tensor";
import type { Backend, Shape, Tensor } from "@dl/tensor";
import { CheckError } from "../check.js";
import type { Value } from "../compare.js";
import { traceOn } from "./trace.js";
import type { LayerTrace } from "./trace.js";

/** How far two backends are apart at one layer. Errors are relative: the largest |a − b| over the largest |a| of the tensor. */
export interface LayerDifference {
  /** Key of the layer; "" for the model itself. */
  readonly path: string;
  readonly type: string;
  /** Of its first output. */
  readonly shape: Shape;
  /** Largest |a − b| among its outputs. */
  readonly absolute: number;
  readonly relative: number;
  /** Relative error of the gradients of its own parameters; null where it has none. */
  readonly gradient: number | null;
}

export interface BackendDifference {
  /** In the order in which the layers are done; one that runs several times has several. */
  readonly rows: readonly LayerDifference[];
  /** The largest relative error of any output or gradient. */
  readonly worst: number;
  /** A table. */
  toString(): string;
}

interface Apart {
  readonly absolute: number;
  readonly relative: number;
}

function apart(a: Value, b: Value): Apart {
  let [absolute, largest] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [x, y] = [a.data[i], b.data[i]];
    // Infinities and NaN of both sides are no error, of one side an infinite one.
    if (Object.is(x, y)) continue;
    const error = Math.abs(x - y);
    absolute = Math.max(absolute, Number.isNaN(error) ? Infinity : error);
  }
  for (const x of Array.from(a.data)) if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x));
  return { absolute, relative: absolute === 0 ? 0 : absolute / Math.max(largest, Number.MIN_VALUE) };
}

const most = (errors: readonly number[]): number => Math.max(0, ...errors);

function compared(a: LayerTrace, b: LayerTrace): LayerDifference {
  const fits = a.path === b.path && a.outputs.length === b.outputs.length && a.outputs.every(({ shape }, i) => showShape(shape) === showShape(b.outputs[i].shape));
  if (!fits) throw new CheckError("diffBackends", `layer "${a.path}" gives other shapes, or in another order, on the second backend`, "Let forward not depend on the backend, nor on anything random");
  const outputs = a.outputs.map((value, i) => apart(value, b.outputs[i]));
  const gradients = [...a.gradients].map(([name, value]) => {
    const other = b.gradients.get(name);
    if (other === undefined) throw new CheckError("diffBackends", `parameter "${name}" of layer "${a.path}" gets no gradient on the second backend`, "Mend the backward of the ops that lead to it");
    return apart(value, other).relative;
  });
  return {
    path: a.path,
    type: a.type,
    shape: a.outputs.at(0)?.shape ?? [],
    absolute: most(outputs.map(({ absolute }) => absolute)),
    relative: most(outputs.map(({ relative }) => relative)),
    gradient: gradients.length === 0 ? null : most(gradients),
  };
}

const short = (error: number): string => (error === 0 ? "0" : error.toExponential(1));

function formatted(rows: readonly LayerDifference[], worst: number): string {
  const cells = [
    ["layer", "type", "output", "absolute", "relative", "gradient"],
    ...rows.map(({ path, type, shape, absolute, relative, gradient }) => [path === "" ? "(model)" : path, type, showShape(shape), short(absolute), short(relative), gradient === null ? "" : short(gradient)]),
  ];
  const widths = cells[0].map((_, c) => Math.max(...cells.map((row) => row[c].length)));
  const lines = cells.map((row) => row.map((cell, c) => (c < 3 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join("  ").trimEnd());
  return [...lines, "", `largest relative error ${short(worst)}`].join("\n");
}

/**
 * Where two backends begin to differ: one forward in evaluation mode and one backward of a model on each, compared layer by layer.
 *
 *     console.log(String(await diffBackends(model, createReferenceBackend(), mine, randn([4, 1, 28, 28]))));
 *
 * Afterwards the model is on `a`, or where only that one can be read at once, on `b`. As `model.to` says, its tensors are new: make
 * optimizers afterwards.
 * @param inputs of the model, one or several; they and the model are on a backend that can be read at once
 * @throws ValueError without an input; CheckError when a layer's shapes or gradients are there on one backend only
 */
export async function diffBackends(model: Module, a: Backend, b: Backend, ...inputs: readonly Tensor[]): Promise<BackendDifference> {
  if (inputs.length === 0) throw new ValueError("diffBackends", "there is no input", "Give what the model's forward takes: diffBackends(model, a, b, randn([1, 784]))");
  // From a backend that can only be read later nothing moves to another: it comes last.
  const last = a.capabilities.readSync && !b.capabilities.readSync ? b : a;
  const other = await traceOn(last === a ? b : a, model, inputs);
  const own = await traceOn(last, model, inputs);
  const [first, second] = last === a ? [own, other] : [other, own];
  if (first.length !== second.length) throw new CheckError("diffBackends", `${first.length} layers ran on the first backend, ${second.length} on the second`, "Let forward not depend on the backend");
  const rows = first.map((trace, i) => compared(trace, second[i]));
  const worst = most(rows.flatMap(({ relative, gradient }) => [relative, gradient ?? 0]));
  return { rows, worst, toString: () => formatted(rows, worst) };
}
