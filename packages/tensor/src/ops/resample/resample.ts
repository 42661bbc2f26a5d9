import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { normalizeDim, showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { applyTaps, cubicKernel, kernelTaps, linearKernel, nearestTaps, stretched } from "./taps.js";
import type { ResampleKernel, Taps } from "./taps.js";

export interface ResampleOptions {
  /** linear (default) between two neighbours, cubic between four, or the nearest one, halves down. */
  readonly mode?: "nearest" | "linear" | "cubic";
  /** The slope of mode cubic. Default −0.75, as in PyTorch; −0.5 reproduces parabolas. */
  readonly coefficient?: number;
  /** How many times as wide the kernel is: the distance of neighbouring positions where the result is coarser, against aliasing. Default 1. */
  readonly stretch?: number;
  /** Beyond the ends, the last elements "repeat" (default), or there is nothing and the other weights count more: "drop". */
  readonly outside?: "repeat" | "drop";
}

const keys = ["mode", "coefficient", "stretch", "outside"];

function kernelOf({ mode = "linear", coefficient = -0.75 }: ResampleOptions): ResampleKernel {
  if (mode === "linear") return linearKernel;
  if (mode === "cubic") return cubicKernel(coefficient);
  throw new ValueError("resample", `mode is "${mode}"`, "Use nearest, linear or cubic", { mode });
}

function tapsOf(positions: readonly number[], length: number, options: ResampleOptions): Taps {
  if (options.mode === "nearest") return nearestTaps(positions.map((position) => Math.ceil(position - 0.5)), length);
  const { stretch = 1, outside = "repeat" } = options;
  if (!(stretch >= 1)) throw new ValueError("resample", `stretch is ${stretch}`, "Give a number of at least 1", { stretch });
  return kernelTaps(positions, length, stretched(kernelOf(options), stretch), outside, stretch !== 1 || outside === "drop");
}

/**
 * The values of x at fractional positions along `dim`, where 0 is the centre of the first element: what `interpolate` does, with
 * positions of one's own. Shapes: [.., L, ..] → [.., positions.length, ..].
 * @throws ShapeError when the dim has no elements; ValueError on an unknown mode or positions that are no numbers
 */
export const resample = /* @__PURE__ */ defineComposite("resample", (x: Tensor, dim: number, positions: readonly number[], options: ResampleOptions = {}): Tensor => {
  checkOptions("resample", options, keys);
  const d = normalizeDim("resample", dim, x.ndim);
  if (x.ndim === 0 || x.shape[d] === 0) throw new ShapeError("resample", `dim ${d} of shape ${showShape(x.shape)} has no elements`, "Give at least one", { shape: x.shape });
  const bad = positions.find((position) => !Number.isFinite(position));
  if (bad !== undefined) throw new ValueError("resample", `a position is ${bad}`, "Give finite numbers", { positions });
  return applyTaps(x, d, tapsOf(positions, x.shape[d], options));
});

export const examples = (): Example[] => [
  example(resample, { inputs: [[0, 10, 40]], call: ([x]) => resample(x, 0, [-1, 0.25, 1, 1.5, 3]), expect: [0, 2.5, 10, 25, 40] }),
  example(resample, { inputs: [[0, 10, 40]], call: ([x]) => resample(x, 0, [0.5, 0.6, 9], { mode: "nearest" }), expect: [0, 10, 40] }),
  example(resample, { inputs: [[0, 1, 4, 9, 16]], call: ([x]) => resample(x, 0, [1.5, 2], { mode: "cubic", coefficient: -0.5 }), expect: [2.25, 4] }),
  example(resample, { shapes: [[3, 4]], call: ([x]) => resample(x, 1, [0.5, 2.5], { stretch: 2, outside: "drop" }) }),
  example(resample, { shapes: [[3, 2]], call: ([x]) => resample(x, 0, [0.3, 1.7, 2.2], { mode: "cubic" }) }),
  example(resample, { shapes: [[3]], call: ([x]) => resample(x, 0, [NaN]), throws: "a position is NaN" }),
];
