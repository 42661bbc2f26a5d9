import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { resizingsOf } from "./sizes.js";
import type { Resizing, ResizeOptions } from "./sizes.js";
import { applyTaps, areaTaps, cubicKernel, kernelTaps, linearKernel, nearestTaps, stretched } from "./taps.js";
import type { Taps } from "./taps.js";

export type InterpolateMode = "nearest" | "nearestExact" | "linear" | "bilinear" | "bicubic" | "trilinear" | "area";

export interface InterpolateOptions extends ResizeOptions {
  /** Default nearest. linear is for [N, C, L], bilinear and bicubic for [N, C, H, W], trilinear for [N, C, D, H, W], the others for all. */
  readonly mode?: InterpolateMode;
  /** The centres of the corner elements lie on each other, instead of their outer edges. Default false; not for nearest and area. */
  readonly alignCorners?: boolean;
  /** Where the result is coarser, widen the kernel to what it skips. Default false; bilinear and bicubic only. */
  readonly antialias?: boolean;
}

/** How many spatial dims each mode takes. */
const ranks: Readonly<Record<InterpolateMode, readonly number[]>> = {
  nearest: [1, 2, 3], nearestExact: [1, 2, 3], area: [1, 2, 3], linear: [1], bilinear: [2], bicubic: [2], trilinear: [3],
};

const places = (count: number, positionOf: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => positionOf(i));

// PyTorch rounds to float32 before it cuts: 2.9999999999999996 is meant to be 3.
const cut = (position: number): number => Math.floor(Math.fround(position));

/** Positions of the new elements among the old ones. */
function positionsOf({ from, to, step }: Resizing, alignCorners: boolean): number[] {
  const apart = to > 1 ? (from - 1) / (to - 1) : 0;
  return places(to, (i) => (alignCorners ? apart * i : step * (i + 0.5) - 0.5));
}

/** The kernel spans what lies between two new elements; nothing beyond the ends counts. */
function antialiased(resizing: Resizing, mode: InterpolateMode, alignCorners: boolean): Taps {
  const { from, to } = resizing;
  const step = alignCorners ? (from - 1) / Math.max(1, to - 1) : resizing.step;
  const kernel = mode === "bicubic" ? cubicKernel(-0.5) : linearKernel;
  return kernelTaps(positionsOf({ ...resizing, step }, false), from, stretched(kernel, Math.max(1, step)), "drop", true);
}

/** PyTorch's rules, dim by dim; `null` where nothing changes. */
function tapsOf(resizing: Resizing, { mode = "nearest", alignCorners = false, antialias = false }: InterpolateOptions): Taps | null {
  const { from, to, step } = resizing;
  if (antialias) return antialiased(resizing, mode, alignCorners);
  switch (mode) {
    case "nearest":
      return nearestTaps(places(to, (i) => cut(i * step)), from);
    case "nearestExact":
      return nearestTaps(places(to, (i) => cut(step * (i + 0.5))), from);
    case "area":
      return areaTaps(from, to);
    case "bicubic":
      return kernelTaps(positionsOf(resizing, alignCorners), from, cubicKernel(-0.75), "repeat", false);
    default:
      return from === to ? null : kernelTaps(positionsOf(resizing, alignCorners).map((p) => Math.max(0, p)), from, linearKernel, "repeat", false);
  }
}

function check(x: Tensor, { mode = "nearest", alignCorners = false, antialias = false }: InterpolateOptions): void {
  if (!Object.hasOwn(ranks, mode)) throw new ValueError("interpolate", `mode is "${mode}"`, `Use ${Object.keys(ranks).join(", ")}`, { mode });
  const rank = x.ndim - 2;
  if (!ranks[mode].includes(rank)) {
    const fitting = Object.entries(ranks).flatMap(([name, own]) => (own.includes(rank) ? [name] : []));
    const fix = fitting.length > 0 ? `Use ${fitting.join(", ")}` : "Give [N, C, L], [N, C, H, W] or [N, C, D, H, W]";
    throw new ShapeError("interpolate", `mode "${mode}" does not take a tensor of shape ${showShape(x.shape)}`, fix, { mode, shape: x.shape });
  }
  if (alignCorners && !/linear|cubic/.test(mode)) throw new ValueError("interpolate", `alignCorners is true in mode "${mode}"`, "Leave it out: only linear and cubic modes have it", { mode });
  if (antialias && mode !== "bilinear" && mode !== "bicubic") throw new ValueError("interpolate", `antialias is true in mode "${mode}"`, "Use bilinear or bicubic", { mode });
}

/**
 * Resizes the dims behind batch and channels, as torch.nn.functional.interpolate. Modes nearest and nearestExact copy elements,
 * linear, bilinear and trilinear weigh 2 neighbours per dim, bicubic 4 (Keys, 1981; a = −0.75), area takes means.
 * Shapes: [N, C, ..sizes] → [N, C, ..new sizes]. Integers give float32 in all modes but the nearest ones.
 * @throws ShapeError when the mode does not take so many dims; ValueError unless one of size and scaleFactor is given, or on options that the mode does not have
 */
export const interpolate = /* @__PURE__ */ defineComposite("interpolate", (x: Tensor, options: InterpolateOptions): Tensor => {
  checkOptions("interpolate", options, ["size", "scaleFactor", "mode", "alignCorners", "recomputeScaleFactor", "antialias"]);
  check(x, options);
  return resizingsOf("interpolate", x, options).reduce((y, resizing) => {
    const taps = tapsOf(resizing, options);
    return taps === null ? y : applyTaps(y, resizing.dim, taps);
  }, x);
});

const square = [[[[1, 2], [3, 4]]]];

export const examples = (): Example[] => [
  example(interpolate, { inputs: [[[[1, 2, 3]]]], call: ([x]) => interpolate(x, { scaleFactor: 2 }), expect: [[[1, 1, 2, 2, 3, 3]]] }),
  example(interpolate, { inputs: [[[[1, 2, 3]]]], call: ([x]) => interpolate(x, { size: 2, mode: "nearestExact" }), expect: [[[1, 3]]] }),
  example(interpolate, {
    inputs: [square], call: ([x]) => interpolate(x, { scaleFactor: 2, mode: "bilinear" }),
    expect: [[[[1, 1.25, 1.75, 2], [1.5, 1.75, 2.25, 2.5], [2.5, 2.75, 3.25, 3.5], [3, 3.25, 3.75, 4]]]],
  }),
  example(interpolate, { inputs: [square], call: ([x]) => interpolate(x, { size: 3, mode: "bilinear", alignCorners: true }), expect: [[[[1, 1.5, 2], [2, 2.5, 3], [3, 3.5, 4]]]] }),
  example(interpolate, { inputs: [[[[1, 2, 3, 6, 9]]]], call: ([x]) => interpolate(x, { size: 2, mode: "area" }), expect: [[[2, 6]]] }),
  example(interpolate, { shapes: [[2, 1, 3]], call: ([x]) => interpolate(x, { size: 5, mode: "linear" }) }),
  example(interpolate, { shapes: [[1, 2, 3, 2]], call: ([x]) => interpolate(x, { size: [2, 4], mode: "bicubic" }) }),
  example(interpolate, { shapes: [[1, 1, 4, 3]], call: ([x]) => interpolate(x, { size: [2, 2], mode: "bilinear", antialias: true }) }),
  example(interpolate, { shapes: [[1, 1, 2, 3, 2]], call: ([x]) => interpolate(x, { scaleFactor: [1.5, 0.7, 2], mode: "trilinear" }) }),
  example(interpolate, { shapes: [[1, 1, 2, 2]], call: ([x]) => interpolate(x, { size: 2, mode: "linear" }), throws: 'mode "linear" does not take a tensor of shape [1, 1, 2, 2]' }),
  example(interpolate, { shapes: [[1, 1, 2]], call: ([x]) => interpolate(x, { size: 2, scaleFactor: 2 }), throws: "both size and scaleFactor are given" }),
  example(interpolate, { shapes: [[1, 1, 2]], call: ([x]) => interpolate(x, { size: 2, alignCorners: true }), throws: 'alignCorners is true in mode "nearest"' }),
];
