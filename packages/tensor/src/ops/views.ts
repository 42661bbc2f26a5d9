import { checkWhole, ShapeError, ValueError } from "@dl/registry";
import { defineView } from "../op/define.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { sumTo } from "../op/sum-to.js";
import { broadcastStrides, checkShape, normalizeDim, normalizeDims, showShape, sizeOf } from "../shape.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { reshapeStrides } from "../view.js";
import { clone } from "./moving.js";
import { embed } from "./embed.js";

/** Works out a size of −1. @throws ShapeError when the elements do not fit */
function resolveShape(where: string, size: number, shape: Shape): Shape {
  const unknown = shape.indexOf(-1);
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1);
  checkShape(where, shape.map((n) => (n === -1 ? 0 : n)));
  const ambiguous = unknown !== shape.lastIndexOf(-1);
  if (ambiguous || (unknown === -1 ? known !== size : known === 0 || size % known !== 0)) {
    throw new ShapeError(
      where,
      `${size} elements cannot take shape ${showShape(shape)}`,
      ambiguous ? "Only one size may be -1" : `The sizes must multiply to ${size}`,
    );
  }
  return unknown === -1 ? shape : shape.map((n) => (n === -1 ? size / known : n));
}

const reshapeView = defineView({
  name: "reshape",
  parse: (x: Tensor, shape: Shape, strides: Shape) => [[x], { shape, strides }],
  view: (x, { shape, strides }) => ({ shape, strides, offset: x.offset }),
  backward: ({ grad, inputs: [x] }) => [grad.reshape(x.shape)],
});

/**
 * The same elements, row-major, under another shape; one size may be −1. A view where strides allow it, otherwise a copy.
 * @throws ShapeError when the number of elements differs
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const target = resolveShape("reshape", x.size, shape);
  const strides = reshapeStrides(x.shape, x.strides, target);
  return strides === null ? reshape(clone(x), target) : reshapeView(x, target, strides);
}

/** Merges dims `start` … `end` into one; a 0-d tensor becomes [1]. */
export function flatten(x: Tensor, start = 0, end = -1): Tensor {
  if (x.ndim === 0) return reshape(x, [1]);
  const [from, to] = [normalizeDim("flatten", start, x.ndim), normalizeDim("flatten", end, x.ndim)];
  if (from > to) throw new ShapeError("flatten", `start ${start} comes after end ${end}`, "Swap them");
  return reshape(x, [...x.shape.slice(0, from), sizeOf(x.shape.slice(from, to + 1)), ...x.shape.slice(to + 1)]);
}

/** Splits dim `dim` into `sizes`, one of which may be −1. */
export function unflatten(x: Tensor, dim: number, sizes: Shape): Tensor {
  const d = normalizeDim("unflatten", dim, x.ndim);
  const resolved = resolveShape("unflatten", x.shape[d], sizes);
  return reshape(x, [...x.shape.slice(0, d), ...resolved, ...x.shape.slice(d + 1)]);
}

/** Removes dims of size 1: those named (a named dim of another size stays, as in PyTorch), or all. */
export function squeeze(x: Tensor, dims?: number | readonly number[]): Tensor {
  const chosen = normalizeDims("squeeze", dims, x.ndim);
  return reshape(x, x.shape.filter((size, d) => size !== 1 || !chosen.includes(d)));
}

/** Adds a dim of size 1 before `dim`. */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const d = normalizeDim("unsqueeze", dim, x.ndim + 1);
  return reshape(x, [...x.shape.slice(0, d), 1, ...x.shape.slice(d)]);
}

/**
 * Reorders dims: dim i of the result is dim dims[i] of x. A view.
 * @throws ShapeError unless every dim occurs once
 */
export const permute = defineView({
  name: "permute",
  parse: (x: Tensor, dims: readonly number[]) => {
    const order = dims.map((d) => normalizeDim("permute", d, x.ndim));
    if (order.length !== x.ndim || new Set(order).size !== x.ndim) {
      throw new ShapeError("permute", `[${dims.join(", ")}] is no order of ${x.ndim} dims`, `Name each dim from 0 to ${x.ndim - 1} once`);
    }
    return [[x], order];
  },
  view: (x, order) => ({ shape: order.map((d) => x.shape[d]), strides: order.map((d) => x.strides[d]), offset: x.offset }),
  backward: ({ grad, options: order }) => [grad.permute(order.map((_, d) => order.indexOf(d)))],
});

/** Swaps two dims, the last two by default. A view. */
export function transpose(x: Tensor, dim0 = -2, dim1 = -1): Tensor {
  const order = x.shape.map((_, d) => d);
  const [a, b] = [normalizeDim("transpose", dim0, x.ndim), normalizeDim("transpose", dim1, x.ndim)];
  if (x.ndim > 0) [order[a], order[b]] = [order[b], order[a]];
  return permute(x, order);
}

/**
 * Stretches dims of size 1 to `shape`; missing leading dims are added, −1 keeps a size. A view.
 * @throws ShapeError when a dim of another size would have to stretch
 */
export const expand = defineView({
  name: "expand",
  parse: (x: Tensor, shape: Shape) => {
    const lead = shape.length - x.ndim;
    const target = shape.map((size, d) => (size === -1 && d >= lead ? x.shape[d - lead] : size));
    checkShape("expand", target);
    if (lead < 0 || x.shape.some((size, d) => size !== 1 && size !== target[lead + d])) {
      throw new ShapeError("expand", `shape ${showShape(x.shape)} does not stretch to ${showShape(shape)}`, "Only dims of size 1 stretch; unsqueeze or repeat first", {
        shapes: [x.shape, shape],
      });
    }
    return [[x], target];
  },
  view: (x, shape) => ({ shape, strides: broadcastStrides(x.shape, x.strides, shape), offset: x.offset }),
  backward: ({ grad, inputs: [x] }) => [sumTo(grad, x.shape)],
});

const clampPosition = (position: number, size: number): number => Math.min(Math.max(position < 0 ? position + size : position, 0), size);

/**
 * Elements start, start + step, … before end along `dim`; negative positions count from the end, positions beyond it are cut. A view.
 * @throws ValueError unless step ≥ 1
 */
export const slice = defineView({
  name: "slice",
  parse: (x: Tensor, dim: number, start: number = 0, end: number = Infinity, step: number = 1) => {
    const d = normalizeDim("slice", dim, x.ndim);
    if (!Number.isInteger(start) || !(Number.isInteger(end) || end === Infinity)) {
      throw new ValueError("slice", `start ${start} and end ${end} are not whole numbers`, "Positions are whole numbers; leave end out for the rest");
    }
    checkWhole("slice", "step", step, 1);
    const from = clampPosition(start, x.shape[d]);
    const length = Math.max(0, Math.ceil((clampPosition(end, x.shape[d]) - from) / step));
    return [[x], { dim: d, from, step, length }];
  },
  view: (x, { dim, from, step, length }) => ({
    shape: x.shape.with(dim, length),
    strides: x.strides.with(dim, x.strides[dim] * step),
    offset: x.offset + from * x.strides[dim],
  }),
  backward: ({ grad, inputs: [x], options: { dim, from, step } }) => [embed(grad, x.shape, dim, from, step)],
});

/**
 * One position along `dim`, which vanishes; a negative index counts from the end. A view.
 * @throws ShapeError when the index is out of range
 */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const d = normalizeDim("select", dim, x.ndim);
  const size = x.ndim === 0 ? 0 : x.shape[d];
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new ShapeError("select", `index ${index} is out of range for dim ${d} of shape ${showShape(x.shape)}`, `Use an index from ${-size} to ${size - 1}`);
  }
  const at = index < 0 ? index + size : index;
  return reshape(slice(x, d, at, at + 1), x.shape.filter((_, i) => i !== d));
}

/**
 * All windows of `size` neighbours along `dim`, `step` apart, laid out in a new last dim: [.., L, ..] → [.., (L − size)/step + 1, .., size]. A view.
 */
export const unfold = defineView({
  name: "unfold",
  parse: (x: Tensor, dim: number, size: number, step: number) => {
    const d = normalizeDim("unfold", dim, x.ndim);
    checkWhole("unfold", "size", size, 1);
    checkWhole("unfold", "step", step, 1);
    if (size > x.shape[d]) {
      throw new ShapeError("unfold", `a window of ${size} does not fit dim ${d} of shape ${showShape(x.shape)}`, "Use a smaller window or pad first", { size, shape: x.shape });
    }
    return [[x], { dim: d, size, step, count: Math.floor((x.shape[d] - size) / step) + 1 }];
  },
  view: (x, { dim, size, step, count }) => ({
    shape: [...x.shape.with(dim, count), size],
    strides: [...x.strides.with(dim, x.strides[dim] * step), x.strides[dim]],
    offset: x.offset,
  }),
  backward: ({ grad, inputs: [x], options: { dim, size, step } }) => {
    // Element k of every window lies at k, k + step, …: one strided piece of x.
    const pieces = Array.from({ length: size }, (_, k) => embed(select(grad, -1, k), x.shape, dim, k, step));
    return [pieces.reduce((a, b) => a.add(b))];
  },
});

export const examples = (): Example[] => [
  example(reshapeView, { inputs: [[[1, 2], [3, 4], [5, 6]]], call: ([x]) => reshape(x, [2, -1]), expect: [[1, 2, 3], [4, 5, 6]] }),
  example(reshapeView, { inputs: [[[1, 2], [3, 4]]], call: ([x]) => reshape(x.transpose(), [4]), expect: [1, 3, 2, 4] }),
  example(reshapeView, { shapes: [[2, 3]], call: ([x]) => reshape(x, [4, 2]), throws: "6 elements cannot take shape [4, 2]" }),
  example(reshapeView, { shapes: [[2, 3, 4]], call: ([x]) => flatten(x, 1) }),
  example(permute, { inputs: [[[1, 2, 3], [4, 5, 6]]], call: ([x]) => permute(x, [1, 0]), expect: [[1, 4], [2, 5], [3, 6]] }),
  example(permute, { shapes: [[2, 3, 4]], call: ([x]) => permute(x, [2, 0, 1]) }),
  example(permute, { shapes: [[2, 3]], call: ([x]) => permute(x, [0, 0]), throws: "is no order of 2 dims" }),
  example(expand, { inputs: [[[1], [2]]], call: ([x]) => expand(x, [2, 2]), expect: [[1, 1], [2, 2]] }),
  example(expand, { shapes: [[3, 1]], call: ([x]) => expand(x, [2, -1, 4]) }),
  example(slice, { inputs: [[0, 1, 2, 3, 4, 5, 6]], call: ([x]) => slice(x, 0, 1, -1, 2), expect: [1, 3, 5] }),
  example(slice, { shapes: [[3, 4]], call: ([x]) => slice(x, 1, 1, 4, 2) }),
  example(slice, { shapes: [[3]], call: ([x]) => slice(x, 2), throws: "dim 2 is out of range for 1 dimensions" }),
  example(slice, { shapes: [[3, 4]], call: ([x]) => select(x, 0, -1) }),
  example(unfold, { inputs: [[1, 2, 3, 4, 5]], call: ([x]) => unfold(x, 0, 3, 1), expect: [[1, 2, 3], [2, 3, 4], [3, 4, 5]] }),
  example(unfold, { shapes: [[2, 5]], call: ([x]) => unfold(x, 1, 2, 2) }),
];
