import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite } from "../op/define.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { where } from "./comparison.js";
import { embed } from "./embed.js";
import { selectChecked } from "./indexing.js";

export type PadMode = "constant" | "reflect" | "replicate" | "circular";

export interface PadOptions {
  /** constant (default) fills with `value`; reflect mirrors without repeating the edge; replicate repeats the edge; circular wraps around. */
  readonly mode?: PadMode;
  /** The fill of mode constant. Default 0. */
  readonly value?: number;
}

type Pair = readonly [before: number, after: number];

/** PyTorch's order: the pair of the last dim first. */
function pairsByDim(x: Tensor, padding: readonly number[]): [dim: number, pair: Pair][] {
  if (padding.length % 2 === 1 || padding.length > 2 * x.ndim || !padding.every(Number.isInteger)) {
    throw new ShapeError("pad", `padding ${showShape(padding)} does not fit ${showShape(x.shape)}`, "Give [before, after] for the last dim, then for the one before it, …", {
      padding,
      shape: x.shape,
    });
  }
  return Array.from({ length: padding.length / 2 }, (_, i) => [x.ndim - 1 - i, [padding[2 * i], padding[2 * i + 1]]]);
}

/** For every position of the padded line, the position of the original that it shows. */
const sources: Readonly<Record<Exclude<PadMode, "constant">, (at: number, length: number) => number>> = {
  reflect: (at, length) => length - 1 - Math.abs(length - 1 - Math.abs(at)),
  replicate: (at, length) => Math.min(Math.max(at, 0), length - 1),
  circular: (at, length) => (at + length) % length,
};

const limits: Readonly<Record<Exclude<PadMode, "constant">, (length: number) => number>> = {
  reflect: (length) => length - 1,
  replicate: (length) => (length > 0 ? Infinity : 0),
  circular: (length) => length,
};

function padFrom(x: Tensor, dim: number, [before, after]: Pair, mode: Exclude<PadMode, "constant">): Tensor {
  const length = x.shape[dim];
  const most = limits[mode](length);
  if (Math.max(before, after) > most || Math.min(before, after) < 0) {
    throw new ShapeError("pad", `${mode} padding of ${before} and ${after} does not fit dim ${dim} of ${showShape(x.shape)}`, `Use 0 to ${most}`, { dim, shape: x.shape });
  }
  const index = Int32Array.from({ length: length + before + after }, (_, i) => sources[mode](i - before, length));
  return selectChecked(x, dim, x.makeFrom(index, "int32", [index.length]));
}

function padConstant(x: Tensor, dim: number, [before, after]: Pair): Tensor {
  const length = x.shape[dim] + before + after;
  if (length < 0) throw new ShapeError("pad", `cropping ${-before} and ${-after} from dim ${dim} of ${showShape(x.shape)} leaves nothing`, "Crop less", { dim, shape: x.shape });
  const cropped = x.slice(dim, Math.max(0, -before), x.shape[dim] + Math.min(0, after));
  return embed(cropped, x.shape.with(dim, length), dim, Math.max(0, before), 1);
}

/**
 * Pads the last dims: `padding` is [before, after] of the last dim, then of the one before it, as torch.nn.functional.pad.
 * Negative numbers crop in mode constant.
 * @throws ShapeError when the padding does not fit the shape
 */
export const pad = defineComposite("pad", (x: Tensor, padding: readonly number[], options?: PadOptions): Tensor => {
  checkOptions("pad", options, ["mode", "value"]);
  const { mode = "constant", value = 0 } = options ?? {};
  const pairs = pairsByDim(x, padding).filter(([, [before, after]]) => before !== 0 || after !== 0);
  if (mode !== "constant") {
    if (!Object.hasOwn(sources, mode)) throw new ValueError("pad", `unknown mode "${mode}"`, "Use constant, reflect, replicate or circular", { mode });
    return pairs.reduce((padded, [dim, pair]) => padFrom(padded, dim, pair, mode), x);
  }
  const padded = (y: Tensor): Tensor => pairs.reduce((sofar, [dim, pair]) => padConstant(sofar, dim, pair), y);
  if (value === 0) return padded(x);
  const inside = padded(x.makeEmpty(x.shape, "int32").add(1));
  return where(inside, padded(x), value);
});

export const examples = (): Example[] => [
  example(pad, { inputs: [[[1, 2], [3, 4]]], call: ([x]) => pad(x, [1, 0]), expect: [[0, 1, 2], [0, 3, 4]] }),
  example(pad, { inputs: [[[1, 2]]], call: ([x]) => pad(x, [0, 1, 1, 0], { value: 9 }), expect: [[9, 9, 9], [1, 2, 9]] }),
  example(pad, { inputs: [[1, 2, 3]], call: ([x]) => pad(x, [-1, 1]), expect: [2, 3, 0] }),
  example(pad, { inputs: [[1, 2, 3]], call: ([x]) => pad(x, [2, 1], { mode: "reflect" }), expect: [3, 2, 1, 2, 3, 2] }),
  example(pad, { inputs: [[1, 2, 3]], call: ([x]) => pad(x, [2, 1], { mode: "replicate" }), expect: [1, 1, 1, 2, 3, 3] }),
  example(pad, { inputs: [[1, 2, 3]], call: ([x]) => pad(x, [2, 1], { mode: "circular" }), expect: [2, 3, 1, 2, 3, 1] }),
  example(pad, { shapes: [[2, 3]], call: ([x]) => pad(x, [1, 2, 1, 0], { mode: "reflect" }) }),
  example(pad, { shapes: [[2, 3]], call: ([x]) => pad(x, [3, 0], { mode: "reflect" }), throws: "reflect padding of 3 and 0 does not fit dim 1" }),
];
