import { ValueError } from "@dl/registry";
import type { Tensor } from "../../tensor.js";
import { defineComposite } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import type { PerDim } from "../conv/geometry.js";
import { windowSum } from "./average-pool.js";
import { batchwise, checkPool, poolingOf } from "./geometry.js";
import type { PoolOptions } from "./geometry.js";

type LpPool = Op<[x: Tensor, normType: number, kernelSize: PerDim, options?: PoolOptions]>;

/* @__NO_SIDE_EFFECTS__ */
function defineLpPool(name: string, rank: number): LpPool {
  return defineComposite(name, (x: Tensor, normType: number, kernelSize: PerDim, options: PoolOptions = {}): Tensor => {
    checkPool(name, options);
    if (!(normType > 0 && normType < Infinity)) throw new ValueError(name, `normType is ${normType}`, "Give a number above 0; for Infinity use a max pool of x.abs()");
    const { pooling, batched } = poolingOf(name, x, kernelSize, rank, options);
    return batchwise(x, batched, (batch) => windowSum(batch.abs().pow(normType), pooling).pow(1 / normType));
  });
}

/**
 * The p-norm (Σ|x|ᵖ)^(1/p) of each window. Shapes: [N, C, L] or [C, L] → [N, C, L′] or [C, L′].
 * (PyTorch leaves the magnitude out, which differs for odd p and negative x.)
 */
export const lpPool1d: LpPool = defineLpPool("lpPool1d", 1);
/** The p-norm of each window. Shapes: [N, C, H, W] → [N, C, H′, W′]. */
export const lpPool2d: LpPool = defineLpPool("lpPool2d", 2);
/** The p-norm of each window. Shapes: [N, C, D, H, W] → [N, C, D′, H′, W′]. */
export const lpPool3d: LpPool = defineLpPool("lpPool3d", 3);
