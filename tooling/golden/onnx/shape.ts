import { cat, flip, pad, sizeOf, split, tensor, tile } from "@dl/tensor";
import type { PadMode, Tensor } from "@dl/tensor";
import { dimsOf, fromFront, singles } from "./dims.js";
import type { OnnxNode, Operators } from "./node.js";

const limit = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** What input `i` says and the operator cannot do without. */
const required = (node: OnnxNode, name: string, i: number): readonly number[] => node.list(name, i) ?? node.refuse(`it has no "${name}"`);

/** 0 keeps the size of that dim, unless the node allows dims of size 0. */
function reshape(node: OnnxNode): Tensor {
  const x = node.input();
  const keepsZero = node.flag("allowzero");
  return x.reshape(required(node, "shape", 1).map((size, d) => (size === 0 && !keepsZero ? x.shape[d] : size)));
}

function flatten(node: OnnxNode): Tensor {
  const x = node.input();
  const axis = fromFront(node.number("axis", 1), x.ndim);
  return x.reshape([sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
}

function unsqueeze(node: OnnxNode): Tensor {
  const x = node.input();
  const axes = required(node, "axes", 1);
  const rank = x.ndim + axes.length;
  return axes.map((axis) => fromFront(axis, rank)).sort((a, b) => a - b).reduce((y, axis) => y.unsqueeze(axis), x);
}

/** Both ways: a 1 in the wanted shape keeps the input's size. */
function expand(node: OnnxNode): Tensor {
  const x = node.input();
  const wanted = required(node, "shape", 1);
  const rank = Math.max(x.ndim, wanted.length);
  const align = (sizes: readonly number[]): number[] => [...singles(rank - sizes.length), ...sizes];
  const own = align(x.shape);
  return x.expand(align(wanted).map((size, d) => (size === 1 ? own[d] : size)));
}

/** Positions as in Python: both ends are cut, and a negative step walks backwards from the start. */
function sliceDim(x: Tensor, axis: number, start: number, end: number, step: number): Tensor {
  const size = x.shape[axis];
  const [from, to] = [fromFront(start, size), fromFront(end, size)];
  if (step > 0) return x.slice(axis, limit(from, 0, size), limit(to, 0, size), step);
  const mirrored = (position: number): number => size - 1 - limit(position, -1, size - 1);
  return flip(x, axis).slice(axis, mirrored(from), mirrored(to), -step);
}

function slice(node: OnnxNode): Tensor {
  const x = node.input();
  const [starts, ends] = [required(node, "starts", 1), required(node, "ends", 2)];
  const axes = node.list("axes", 3) ?? starts.map((_, d) => d);
  const steps = node.values(4) ?? starts.map(() => 1);
  return axes.reduce((y, axis, i) => sliceDim(y, fromFront(axis, x.ndim), starts[i], ends[i], steps[i]), x);
}

/** Equal parts (the last one smaller) unless the sizes are given. */
function splitParts(node: OnnxNode): Tensor[] {
  const x = node.input();
  const axis = node.number("axis", 0);
  const sizes = node.list("split", 1);
  const count = node.number("num_outputs", node.outputs);
  return split(x, sizes ?? Math.ceil((x.shape.at(axis) ?? 0) / count), axis);
}

const padModes: Readonly<Record<string, PadMode>> = { constant: "constant", reflect: "reflect", edge: "replicate", wrap: "circular" };

/** Ours takes the last dim's pair first; ONNX gives all the beginnings, then all the ends. */
function padDims(node: OnnxNode): Tensor {
  const x = node.input();
  const pads = required(node, "pads", 1);
  const axes = node.values(3) ?? dimsOf(x);
  const byDim = x.shape.map(() => [0, 0]);
  axes.forEach((axis, i) => { byDim[fromFront(axis, x.ndim)] = [pads[i], pads[i + axes.length]]; });
  const name = node.text("mode", "constant");
  if (!Object.hasOwn(padModes, name)) return node.refuse(`mode "${name}" is unknown`);
  return pad(x, byDim.reverse().flat(), { mode: padModes[name], value: node.optionalNumber("value") ?? node.optional(2)?.item() ?? 0 });
}

/** Cuts or pads both ends evenly; where that is impossible, the end gets one more. */
function centerCropPad(node: OnnxNode): Tensor {
  const x = node.input();
  const sizes = required(node, "shape", 1);
  const axes = node.numbers("axes") ?? dimsOf(x);
  const byDim = x.shape.map(() => [0, 0]);
  axes.forEach((axis, i) => {
    const d = fromFront(axis, x.ndim);
    const missing = sizes[i] - x.shape[d];
    byDim[d] = [Math.trunc(missing / 2), missing - Math.trunc(missing / 2)];
  });
  return pad(x, byDim.reverse().flat());
}

/** Blocks of channels become blocks of pixels: channels split depth-first ("DCR") or column-first ("CRD"). */
function depthToSpace(node: OnnxNode): Tensor {
  const x = node.input();
  const b = node.number("blocksize", 1);
  const [n, c, h, w] = x.shape;
  const isDepthFirst = node.text("mode", "DCR") === "DCR";
  const parted = isDepthFirst ? x.reshape([n, b, b, c / b ** 2, h, w]).permute([0, 3, 4, 1, 5, 2]) : x.reshape([n, c / b ** 2, b, b, h, w]).permute([0, 1, 4, 2, 5, 3]);
  return parted.reshape([n, c / b ** 2, h * b, w * b]);
}

function spaceToDepth(node: OnnxNode): Tensor {
  const x = node.input();
  const b = node.number("blocksize", 1);
  const [n, c, h, w] = x.shape;
  const blocks = x.reshape([n, c, h / b, b, w / b, b]);
  const isDepthFirst = node.text("mode", "DCR") === "DCR";
  return blocks.permute(isDepthFirst ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4]).reshape([n, c * b ** 2, h / b, w / b]);
}

function shapeOf(node: OnnxNode): Tensor {
  const { shape, ndim } = node.input();
  const [start, end] = [node.number("start", 0), node.number("end", ndim)].map((at) => limit(fromFront(at, ndim), 0, ndim));
  return tensor(Int32Array.from(shape.slice(start, end)));
}

export const shapes: Operators = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: (node) => node.input().squeeze(node.list("axes", 1)),
  Unsqueeze: unsqueeze,
  Transpose: (node) => node.input().permute(node.numbers("perm") ?? dimsOf(node.input()).reverse()),
  Expand: expand,
  Tile: (node) => tile(node.input(), required(node, "repeats", 1)),
  Concat: (node) => cat(node.all(), node.number("axis", 1)),
  Split: splitParts,
  Slice: slice,
  Pad: padDims,
  CenterCropPad: centerCropPad,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Shape: shapeOf,
  Size: (node) => tensor(node.input().size, { dtype: "int32" }),
};
