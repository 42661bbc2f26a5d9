import { arange, gather, indexSelect, scatter, sizeOf, takeAlongDim, tensor, where } from "@dl/tensor";
import type { ScatterReduction, Tensor } from "@dl/tensor";
import { fromFront, singles } from "./dims.js";
import type { OnnxNode, Operators } from "./node.js";

/** Negative indices count from the end. */
const wrap = (index: Tensor, size: number): Tensor => where(index.lt(0), index.add(size), index);

const axisOf = (node: OnnxNode): number => fromFront(node.number("axis", 0), node.input().ndim);

/** The lines along `axis` at an index of any shape, whose dims take the axis' place. */
export function linesAt(x: Tensor, axis: number, index: Tensor): Tensor {
  const lines = indexSelect(x, axis, wrap(index, x.shape[axis]).flatten());
  return lines.reshape([...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)]);
}

/** The row, among rows numbered through `sizes`, that each index vector (the last dim) names. */
const rowNumbers = (index: Tensor, sizes: readonly number[]): Tensor =>
  sizes.map((size, k) => wrap(index.select(-1, k), size)).reduce((row, position, k) => row.mul(sizes[k]).add(position));

function gatherNd(node: OnnxNode): Tensor {
  const [x, index] = [node.input(0), node.input(1)];
  const batch = x.shape.slice(0, node.number("batch_dims", 0));
  const depth = batch.length + (index.shape.at(-1) ?? 0);
  const [sizes, rest] = [x.shape.slice(batch.length, depth), x.shape.slice(depth)];
  const rows = rowNumbers(index, sizes);
  // Each batch has its own block of rows.
  const first = arange(sizeOf(batch)).mul(sizeOf(sizes)).reshape([...batch, ...singles(rows.ndim - batch.length)]);
  const all = x.reshape([sizeOf(batch) * sizeOf(sizes), ...rest]);
  return indexSelect(all, 0, rows.add(first).flatten()).reshape([...rows.shape, ...rest]);
}

const reductions: Readonly<Record<string, ScatterReduction>> = { none: "none", add: "sum", mul: "prod", max: "amax", min: "amin" };

function scatterBy(node: OnnxNode, x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  const mode = node.text("reduction", "none");
  const reduce = Object.hasOwn(reductions, mode) ? reductions[mode] : node.refuse(`reduction "${mode}" is unknown`);
  return scatter(x, dim, index, src, { reduce });
}

function scatterElements(node: OnnxNode): Tensor {
  const [x, axis] = [node.input(0), axisOf(node)];
  return scatterBy(node, x, axis, wrap(node.input(1), x.shape[axis]), node.input(2));
}

function scatterNd(node: OnnxNode): Tensor {
  const [x, index, updates] = [node.input(0), node.input(1), node.input(2)];
  const depth = index.shape.at(-1) ?? 0;
  const width = sizeOf(x.shape.slice(depth));
  const rows = rowNumbers(index, x.shape.slice(0, depth)).reshape([-1, 1]);
  const all = x.reshape([sizeOf(x.shape.slice(0, depth)), width]);
  return scatterBy(node, all, 0, rows.expand([-1, width]), updates.reshape([rows.size, width])).reshape(x.shape);
}

/** `off` everywhere but `on` at the index, in a new dim; an index out of range names no place. */
function oneHot(node: OnnxNode): Tensor {
  const [index, depth] = [node.input(0), node.input(1).item()];
  const [off, on] = [node.input(2).select(0, 0), node.input(2).select(0, 1)];
  const rank = index.ndim + 1;
  const dim = fromFront(node.number("axis", -1), rank);
  const positions = arange(depth).reshape(Array.from({ length: rank }, (_, d) => (d === dim ? depth : 1)));
  return where(wrap(index, depth).unsqueeze(dim).eq(positions), on, off);
}

/** The places along an axis (or in the flattened tensor) where the condition holds. */
function compress(node: OnnxNode): Tensor {
  const isFlat = node.optionalNumber("axis") === undefined;
  const places = node.values(1)?.flatMap((holds, i) => (holds === 0 ? [] : [i])) ?? [];
  const x = isFlat ? node.input().flatten() : node.input();
  return indexSelect(x, isFlat ? 0 : axisOf(node), tensor(Int32Array.from(places)));
}

/** Turns round the first `lengths[b]` steps of sequence b. */
export function turned(x: Tensor, lengths: Tensor, time = 0, batch = 1): Tensor {
  const aligned = (line: Tensor, dim: number): Tensor => line.reshape(x.shape.map((size, d) => (d === dim ? size : 1)));
  const step = aligned(arange(x.shape[time]), time);
  const length = aligned(lengths, batch);
  return takeAlongDim(x, where(step.lt(length), length.sub(step).sub(1), step), time);
}

export const indexing: Operators = {
  Gather: (node) => linesAt(node.input(0), axisOf(node), node.input(1)),
  GatherElements: (node) => gather(node.input(), axisOf(node), wrap(node.input(1), node.input().shape[axisOf(node)])),
  GatherND: gatherNd,
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  OneHot: oneHot,
  Compress: compress,
  ReverseSequence: (node) => turned(node.input(0), node.input(1), node.number("time_axis", 0), node.number("batch_axis", 1)),
};
