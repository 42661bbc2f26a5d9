import { DTypeError, ShapeError, ValueError, checkOptions } from "@dl/registry";
import { isFloat } from "../../dtype.js";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { showShape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { gather } from "../indexing.js";
import { gridTaps } from "./grid-taps.js";
import type { GridPadding, GridRules, GridSampleMode, GridTaps } from "./grid-taps.js";

export interface GridSampleOptions {
  /** bilinear (default; trilinear for volumes) between neighbours, nearest, or bicubic, for images only. */
  readonly mode?: GridSampleMode;
  /** What lies outside: zeros (default), the nearest element of the border, or the reflection of the inside. */
  readonly paddingMode?: GridPadding;
  /** −1 and 1 are the centres of the corner elements, instead of their outer edges. Default false. */
  readonly alignCorners?: boolean;
}

const modes: readonly string[] = ["bilinear", "nearest", "bicubic"];
const paddings: readonly string[] = ["zeros", "border", "reflection"];

function checkShapes(input: Tensor, grid: Tensor, mode: GridSampleMode): void {
  const rank = input.ndim - 2;
  const fits = (rank === 2 || rank === 3) && grid.ndim === input.ndim && grid.shape[0] === input.shape[0] && grid.shape[grid.ndim - 1] === rank;
  if (!fits || input.shape.slice(2).includes(0)) {
    throw new ShapeError(
      "gridSample",
      `a grid of shape ${showShape(grid.shape)} does not fit the input of shape ${showShape(input.shape)}`,
      "Give input [N, C, H, W] and grid [N, H′, W′, 2], or [N, C, D, H, W] and [N, D′, H′, W′, 3]",
      { shapes: [input.shape, grid.shape] },
    );
  }
  if (mode === "bicubic" && rank !== 2) throw new ValueError("gridSample", "mode is bicubic for a volume", "Use bilinear or nearest", { mode });
  if (!isFloat(grid.dtype)) throw new DTypeError("gridSample", `the grid is ${grid.dtype}`, 'Convert it: grid.to("float32")', { dtype: grid.dtype });
}

function rulesOf(options: GridSampleOptions): GridRules {
  checkOptions("gridSample", options, ["mode", "paddingMode", "alignCorners"]);
  const { mode = "bilinear", paddingMode = "zeros", alignCorners = false } = options;
  if (!modes.includes(mode)) throw new ValueError("gridSample", `mode is "${mode}"`, `Use ${modes.join(", ")}`, { mode });
  if (!paddings.includes(paddingMode)) throw new ValueError("gridSample", `paddingMode is "${paddingMode}"`, `Use ${paddings.join(", ")}`, { paddingMode });
  return { mode, paddingMode, alignCorners };
}

/** Taps of a dim and of the ones before it, every one with every one, as positions in the flattened dims. */
function crossed(outer: GridTaps, inner: GridTaps, size: number): GridTaps {
  const [n, k, points] = outer.index.shape;
  const shape = [n, k * inner.index.shape[1], points];
  return {
    index: outer.index.unsqueeze(2).mul(size).add(inner.index.unsqueeze(1)).reshape(shape),
    weight: outer.weight.unsqueeze(2).mul(inner.weight.unsqueeze(1)).reshape(shape),
  };
}

/**
 * Reads the input at the positions of a grid, whose last dim is [x, y] or [x, y, z], −1 at one end of the input and 1 at the other:
 * the spatial transformer's sampler. Gradients flow to both, to the grid not in mode nearest.
 * Shapes: [N, C, H, W] and [N, H′, W′, 2] → [N, C, H′, W′]; [N, C, D, H, W] and [N, D′, H′, W′, 3] → [N, C, D′, H′, W′].
 * (Jaderberg et al., 2015)
 * @throws ShapeError when the shapes do not fit; DTypeError unless the grid holds floats; ValueError on an unknown mode, or bicubic volumes
 */
export const gridSample = /* @__PURE__ */ defineComposite("gridSample", (input: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor => {
  const rules = rulesOf(options);
  checkShapes(input, grid, rules.mode);
  const [n, c, ...sizes] = input.shape;
  const out = grid.shape.slice(1, -1);
  const points = sizeOf(out);
  // x, the first coordinate, runs along the last dim.
  const taps = sizes.map((size, d) => gridTaps(grid.select(-1, sizes.length - 1 - d).reshape([n, 1, points]), size, rules));
  const { index, weight } = taps.reduce((outer, inner, d) => crossed(outer, inner, sizes[d]));
  const k = index.shape[1];
  const everyChannel = index.reshape([n, 1, k * points]).expand([n, c, k * points]);
  const values = gather(input.reshape([n, c, sizeOf(sizes)]), 2, everyChannel).reshape([n, c, k, points]);
  return values.mul(weight.unsqueeze(1)).sum(2).reshape([n, c, ...out]);
});

const image = [[[[1, 2], [3, 4]]]];
const grid = [[[[-1, -1], [0, 0]], [[1, 0.5], [3, 0]]]];
const small = [[[[0.3, 1.2, -0.5], [0.7, -1.1, 0.4]]]];
// Nothing near a whole position, where the gradient jumps.
const between = [[[[-0.4, 0.3], [0.55, -0.7]]]];

export const examples = (): Example[] => [
  example(gridSample, { inputs: [image, grid], call: ([x, g]) => gridSample(x, g, { alignCorners: true }), expect: [[[[1, 2.5], [3.5, 0]]]], gradient: false }),
  example(gridSample, { inputs: [image, grid], call: ([x, g]) => gridSample(x, g, { paddingMode: "border" }), expect: [[[[1, 2.5], [4, 3]]]], gradient: false }),
  example(gridSample, { shapes: [[1, 2, 3, 2], [1, 1, 2, 2]], range: [-0.55, -0.4] }),
  example(gridSample, { inputs: [small, between], call: ([x, g]) => gridSample(x, g, { mode: "bicubic", paddingMode: "reflection" }) }),
  example(gridSample, { shapes: [[1, 1, 2, 1, 3], [1, 1, 1, 2, 3]], range: [0.1, 0.3], call: ([x, g]) => gridSample(x, g, { alignCorners: true }) }),
  example(gridSample, { shapes: [[1, 1, 2, 2], [2, 1, 1, 2]], throws: "a grid of shape [2, 1, 1, 2] does not fit the input of shape [1, 1, 2, 2]" }),
];
