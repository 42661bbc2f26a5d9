import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { maximum } from "../arithmetic.js";
import { pad } from "../pad.js";
import { norm } from "../reduction.js";
import { unfold } from "../views.js";

export interface LocalResponseNormOptions {
  /** Default 1e-4. */
  readonly alpha?: number;
  /** Default 0.75. */
  readonly beta?: number;
  /** Default 1. */
  readonly k?: number;
}

export interface NormalizeOptions {
  /** Order of the norm. Default 2. */
  readonly p?: number;
  /** Default 1. */
  readonly dim?: number;
  /** The least that is divided by. Default 1e-12. */
  readonly eps?: number;
}

/** x divided by its own length along `dim`: x/max(‖x‖ₚ, eps), so that zeros stay zeros. Shapes: any → same. */
export const normalize = /* @__PURE__ */ defineComposite("normalize", (x: Tensor, options: NormalizeOptions = {}): Tensor => {
  checkOptions("normalize", options, ["p", "dim", "eps"]);
  const { p = 2, dim = 1, eps = 1e-12 } = options;
  return x.div(maximum(norm(x, dim, { p, keepDim: true }), eps));
});

/**
 * x/(k + α·mean of x² over `size` neighbouring channels)^β, zeros beyond the first and last channel counted.
 * Shapes: [N, C, ..] → same. (Krizhevsky et al., 2012)
 */
export const localResponseNorm = /* @__PURE__ */ defineComposite("localResponseNorm", (x: Tensor, size: number, options: LocalResponseNormOptions = {}): Tensor => {
  checkOptions("localResponseNorm", options, ["alpha", "beta", "k"]);
  const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
  if (!Number.isSafeInteger(size) || size < 1) throw new ValueError("localResponseNorm", `size is ${size}`, "Give a number of channels, 1 or more", { size });
  if (x.ndim < 3) throw new ShapeError("localResponseNorm", `x has shape ${showShape(x.shape)}`, "Give [N, C, ..] with at least one spatial dim", { shape: x.shape });
  const edges = [...new Array<number>(2 * (x.ndim - 2)).fill(0), size >> 1, (size - 1) >> 1];
  const power = unfold(pad(x.square(), edges), 1, size, 1).mean(-1);
  return x.div(power.mul(alpha).add(k).pow(beta));
});
