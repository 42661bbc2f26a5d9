import { arange, gather, indexSelect, onesLike, scatterAdd, sizeOf, takeAlongDim, tensor, where, zerosLike } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { fromFront, singles } from "./dims.js";
import type { OnnxNode, Operators } from "./node.js";

/** Negative indices count from the end. */
const wrap = (index: Tensor, size: number): Tensor => where(index.lt(0), index.add(size), index);

const axisOf = (node: OnnxNode): number => fromFront(node.number("axis", 0), node.input().ndim);

function gatherLines(node: OnnxNode): Tensor {
  const [x, index, axis] = [node.input(0), node.input(1), axisOf(node)];
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

/** Writes src at the places that `index` names, or adds it there. In mode "none" no place may be named twice, as ONNX has it. */
function scatter(node: OnnxNode, x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  const mode = node.text("reduction", "none");
  if (mode === "add") return scatterAdd(x, dim, index, src);
  if (mode !== "none") return node.refuse(`reduction "${mode}" is not expressible`);
  const hits = scatterAdd(zerosLike(x), dim, index, onesLike(src));
  return where(hits.gt(0), scatterAdd(zerosLike(x), dim, index, src), x);
}

function scatterElements(node: OnnxNode): Tensor {
  const [x, axis] = [node.input(0), axisOf(node)];
  return scatter(node, x, axis, wrap(node.input(1), x.shape[axis]), node.input(2));
}

function scatterNd(node: OnnxNode): Tensor {
  const [x, index, updates] = [node.input(0), node.input(1), node.input(2)];
  const depth = index.shape.at(-1) ?? 0;
  const width = sizeOf(x.shape.slice(depth));
  const rows = rowNumbers(index, x.shape.slice(0, depth)).reshape([-1, 1]);
  const all = x.reshape([sizeOf(x.shape.slice(0, depth)), width]);
  return scatter(node, all, 0, rows.expand([-1, width]), updates.reshape([rows.size, width])).reshape(x.shape);
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
function reverseSequence(node: OnnxNode): Tensor {
  const x = node.input();
  const [time, batch] = [node.number("time_axis", 0), node.number("batch_axis", 1)];
  const aligned = (line: Tensor, dim: number): Tensor => line.reshape(x.shape.map((size, d) => (d === dim ? size : 1)));
  const step = aligned(arange(x.shape[time]), time);
  const length = aligned(node.input(1), batch);
  return takeAlongDim(x, where(step.lt(length), length.sub(step).sub(1), step), time);
}

export const indexing: Operators = {
  Gather: gatherLines,
  GatherElements: (node) => gather(node.input(), axisOf(node), wrap(node.input(1), node.input().shape[axisOf(node)])),
  GatherND: gatherNd,
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  OneHot: oneHot,
  Compress: compress,
  ReverseSequence: reverseSequence,
};
