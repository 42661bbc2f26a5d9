import { BackendError, checkOptions, checkWhole, DTypeError, ShapeError, ValueError } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { readNow } from "../../read.js";
import { broadcastShapes, normalizeDim, showShape } from "../../shape.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { indexSelect } from "../indexing.js";
import { split, stack } from "../joining.js";
import { flip } from "../moving.js";
import { searchsorted } from "../order/search.js";
import { cumsum } from "../scan/cumulative.js";
import { expand, permute } from "../views.js";

const listOf = (dims: number | readonly number[]): readonly number[] => (typeof dims === "number" ? [dims] : dims);

/**
 * Moves dims to other places, the rest keeping its order: moveDim(x, 1, -1) takes [N, C, H, W] to [N, H, W, C]. A view.
 * @throws ShapeError unless as many places as dims are named, each once
 */
export function moveDim(x: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor {
  const from = listOf(source).map((d) => normalizeDim("moveDim", d, x.ndim));
  const to = listOf(destination).map((d) => normalizeDim("moveDim", d, x.ndim));
  if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
    throw new ShapeError("moveDim", `dims [${from.join(", ")}] cannot move to [${to.join(", ")}]`, "Name each dim and each place once", { source, destination });
  }
  const rest = x.shape.map((_, d) => d).filter((d) => !from.includes(d));
  return permute(x, x.shape.map((_, d) => (to.includes(d) ? from[to.indexOf(d)] : (rest.shift() ?? d))));
}

export interface Rot90Options {
  /** How many quarter turns, from the first dim towards the second; negative ones turn back. Default 1. */
  readonly k?: number;
  /** The plane. Default [0, 1]. */
  readonly dims?: readonly [number, number];
}

/** x turned by k·90° in a plane. Shapes: sizes of the two dims swap for odd k. @throws ShapeError unless the dims differ */
export const rot90 = /* @__PURE__ */ defineComposite("rot90", (x: Tensor, options?: Rot90Options): Tensor => {
  checkOptions("rot90", options, ["k", "dims"]);
  const { k = 1, dims: [first, second] = [0, 1] } = options ?? {};
  if (!Number.isInteger(k)) throw new ValueError("rot90", `k is ${k}`, "Give a whole number of quarter turns", { k });
  const [a, b] = [normalizeDim("rot90", first, x.ndim), normalizeDim("rot90", second, x.ndim)];
  if (a === b) throw new ShapeError("rot90", `dims ${first} and ${second} span no plane`, "Name two different dims", { dims: [first, second] });
  const turns = ((k % 4) + 4) % 4;
  if (turns === 0) return x;
  if (turns === 2) return flip(x, [a, b]);
  return turns === 1 ? flip(x.transpose(a, b), a) : flip(x.transpose(a, b), b);
});

/** All tensors stretched to their common shape, as views. @throws ShapeError when they do not broadcast */
export function broadcastTensors(...tensors: readonly Tensor[]): Tensor[] {
  const shape = tensors.reduce<Shape>((common, x) => broadcastShapes("broadcastTensors", common, x.shape), []);
  return tensors.map((x) => x.expand(shape));
}

/** The slices along `dim` (default 0), which vanishes, as views. */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  const d = normalizeDim("unbind", dim, x.ndim);
  if (x.ndim === 0) throw new ShapeError("unbind", "a 0-d tensor has no slices", "Give a tensor with at least one dim");
  return Array.from({ length: x.shape[d] }, (_, i) => x.select(d, i));
}

/**
 * Pieces along `dim` (default 0), as views: so many of nearly equal size, the first ones larger by one; or cut before each of the given positions.
 * Unlike `chunk` it always gives that many.
 */
export function tensorSplit(x: Tensor, sections: number | readonly number[], dim = 0): Tensor[] {
  const d = normalizeDim("tensorSplit", dim, x.ndim);
  const length = x.shape[d];
  if (typeof sections === "number") {
    checkWhole("tensorSplit", "sections", sections, 1);
    return split(x, Array.from({ length: sections }, (_, i) => Math.floor(length / sections) + Number(i < length % sections)), d);
  }
  return [0, ...sections].map((start, i) => x.slice(d, start, i < sections.length ? sections[i] : Infinity));
}

export interface MeshgridOptions {
  /** "ij" (default): output dim k is input k. "xy": the first two dims are swapped, as for pictures. */
  readonly indexing?: "ij" | "xy";
}

/** Coordinates of a grid: input k of shape [Nₖ] stretched to [N₀, N₁, ..], as views. @throws ShapeError unless all are vectors */
export function meshgrid(tensors: readonly Tensor[], options?: MeshgridOptions): Tensor[] {
  checkOptions("meshgrid", options, ["indexing"]);
  const indexing: string = options?.indexing ?? "ij";
  if (indexing !== "ij" && indexing !== "xy") throw new ValueError("meshgrid", `unknown indexing "${indexing}"`, 'Use "ij" or "xy"', { indexing });
  const bad = tensors.find((x) => x.ndim > 1);
  if (bad !== undefined) throw new ShapeError("meshgrid", `got a tensor of shape ${showShape(bad.shape)}`, "Give vectors", { shape: bad.shape });
  const shape = tensors.map((x) => x.size);
  const grids = tensors.map((x, k) => x.reshape(shape.map((size, d) => (d === k ? size : 1))).expand(shape));
  return indexing === "xy" && shape.length > 1 ? grids.map((grid) => grid.transpose(0, 1)) : grids;
}

/** All combinations of one element from each vector, the last varying fastest. Shapes: [N₀], [N₁], .. → [N₀·N₁·.., count]; a single one stays [N]. */
export function cartesianProd(...tensors: readonly Tensor[]): Tensor {
  const grids = meshgrid(tensors).map((grid) => grid.reshape([grid.size]));
  return grids.length === 1 ? grids[0] : stack(grids, 1);
}

export interface RepeatInterleaveOptions {
  /** By default x is flattened first. */
  readonly dim?: number;
  /** The sum of a tensor of repeats: spares reading it, which some backends can only do asynchronously. */
  readonly outputSize?: number;
}

/** Σ repeats. @throws ValueError on a negative one, BackendError where it cannot be read at once */
function readTotal(repeats: Tensor): number {
  if (repeats.backend.readSync === undefined) {
    throw new BackendError("repeatInterleave", `backend "${repeats.backend.name}" can only be read asynchronously`, "Give outputSize, the sum of the repeats");
  }
  return Array.from(readNow(repeats)).reduce((total, count, i) => {
    checkWhole("repeatInterleave", `repeats[${i}]`, count);
    return total + count;
  }, 0);
}

/** For every place of the output, which slice it shows. */
function interleaved(repeats: Tensor, length: number, outputSize: number | undefined): Tensor {
  if (repeats.dtype !== "int32") throw new DTypeError("repeatInterleave", `the repeats are ${repeats.dtype}`, 'Convert them: repeats.to("int32")', { dtype: repeats.dtype });
  if (repeats.ndim > 1 || (repeats.size !== 1 && repeats.size !== length)) {
    throw new ShapeError("repeatInterleave", `repeats of shape ${showShape(repeats.shape)} for ${length} slices`, `Give one count, or ${length}`, { shape: repeats.shape });
  }
  const list = repeats.reshape([repeats.size]).expand([length]);
  const ends = cumsum(list, 0);
  const total = outputSize ?? readTotal(list);
  return searchsorted(ends, repeats.makeFrom(Int32Array.from({ length: total }, (_, i) => i), "int32", [total]), { right: true });
}

/**
 * Each slice along `dim` several times in a row: a number for all, or an int32 tensor with one number for each.
 * Shapes: [.., L, ..] → [.., Σ repeats, ..]; without a dim x is flattened first.
 * @throws ShapeError when the repeats do not fit the dim, DTypeError unless they are int32
 */
export const repeatInterleave = /* @__PURE__ */ defineComposite("repeatInterleave", (x: Tensor, repeats: number | Tensor, options?: RepeatInterleaveOptions): Tensor => {
  checkOptions("repeatInterleave", options, ["dim", "outputSize"]);
  const source = options?.dim === undefined ? x.flatten() : x;
  const d = normalizeDim("repeatInterleave", options?.dim ?? 0, source.ndim);
  if (typeof repeats !== "number") return indexSelect(source, d, interleaved(repeats, source.shape[d], options?.outputSize));
  checkWhole("repeatInterleave", "repeats", repeats);
  const stretched = source.unsqueeze(d + 1).expand([...source.shape.slice(0, d + 1), repeats, ...source.shape.slice(d + 1)]);
  return stretched.reshape(source.shape.with(d, source.shape[d] * repeats));
});

const table = [[1, 2], [3, 4]];
/** Every output in one: 10·first + second. */
const joined = ([first, second]: readonly Tensor[]): Tensor => first.mul(10).add(second);

export const examples = (): Example[] => [
  example(permute, { shapes: [[2, 3, 4]], call: ([x]) => moveDim(x, [0, 1], [-1, 0]) }),
  example(permute, { inputs: [[[[1, 2]], [[3, 4]]]], call: ([x]) => moveDim(x, 0, -1), expect: [[[1, 3], [2, 4]]] }),
  example(permute, { shapes: [[2, 3]], call: ([x]) => moveDim(x, [0, 1], [1, 1]), throws: "dims [0, 1] cannot move to [1, 1]" }),
  example(rot90, { inputs: [[[1, 2, 3], [4, 5, 6]]], expect: [[3, 6], [2, 5], [1, 4]] }),
  example(rot90, { inputs: [table], call: ([x]) => rot90(x, { k: -1 }), expect: [[3, 1], [4, 2]] }),
  example(rot90, { inputs: [table], call: ([x]) => rot90(x, { k: 2 }), expect: [[4, 3], [2, 1]] }),
  example(rot90, { inputs: [table], call: ([x]) => rot90(x, { k: 4 }), expect: table }),
  example(rot90, { shapes: [[2, 3]], call: ([x]) => rot90(x, { dims: [0, -2] }), throws: "dims 0 and -2 span no plane" }),
  example(expand, { inputs: [[[1], [2]], [3, 4]], call: (list) => joined(broadcastTensors(...list)), expect: [[13, 14], [23, 24]] }),
  example(expand, { inputs: [[1, 2], [3, 4, 5]], call: (list) => joined(meshgrid(list)), expect: [[13, 14, 15], [23, 24, 25]] }),
  example(expand, { inputs: [[1, 2], [3, 4, 5]], call: (list) => joined(meshgrid(list, { indexing: "xy" })), expect: [[13, 23], [14, 24], [15, 25]] }),
  example(expand, { inputs: [[1, 2], [3, 4]], call: (list) => cartesianProd(...list), expect: [[1, 3], [1, 4], [2, 3], [2, 4]] }),
  example(expand, { shapes: [[2, 2]], call: (list) => meshgrid(list)[0], throws: "got a tensor of shape [2, 2]" }),
  example(repeatInterleave, { inputs: [table], call: ([x]) => repeatInterleave(x, 2), expect: [1, 1, 2, 2, 3, 3, 4, 4] }),
  example(repeatInterleave, { inputs: [table], call: ([x]) => repeatInterleave(x, 2, { dim: 1 }), expect: [[1, 1, 2, 2], [3, 3, 4, 4]] }),
  example(repeatInterleave, { inputs: [table, [0, 3]], dtypes: ["float32", "int32"], call: ([x, r]) => repeatInterleave(x, r, { dim: 0 }), expect: [[3, 4], [3, 4], [3, 4]] }),
  example(repeatInterleave, { inputs: [table, 2], dtypes: ["float32", "int32"], call: ([x, r]) => repeatInterleave(x, r, { dim: 1, outputSize: 4 }), expect: [[1, 1, 2, 2], [3, 3, 4, 4]] }),
  example(repeatInterleave, { inputs: [table, [1, 2, 3]], dtypes: ["float32", "int32"], call: ([x, r]) => repeatInterleave(x, r, { dim: 1 }), throws: "repeats of shape [3] for 2 slices" }),
];
