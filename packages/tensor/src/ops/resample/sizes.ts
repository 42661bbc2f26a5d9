import { ShapeError, ValueError } from "@dl/registry";
import { showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { perDim } from "../conv/geometry.js";
import type { PerDim } from "../conv/geometry.js";

export interface ResizeOptions {
  /** Size of the result: one number for all spatial dims, or one per dim. */
  readonly size?: PerDim;
  /** How many times as large the result is, sizes cut to whole numbers; one number for all spatial dims, or one per dim. */
  readonly scaleFactor?: PerDim;
  /** Work with the ratio of the whole sizes, instead of scaleFactor itself. Default false. */
  readonly recomputeScaleFactor?: boolean;
}

/** A spatial dim before and after. */
export interface Resizing {
  readonly dim: number;
  readonly from: number;
  readonly to: number;
  /** Distance of neighbouring new elements in old ones. */
  readonly step: number;
}

function factorsOf(where: string, factors: PerDim, rank: number): readonly number[] {
  if (typeof factors === "number") return new Array<number>(rank).fill(factors);
  if (factors.length === rank) return factors;
  throw new ValueError(where, `scaleFactor has ${factors.length} entries for ${rank} spatial dims`, "Give one number, or one per dim", { scaleFactor: factors });
}

function byFactor(where: string, from: number, factor: number, recompute: boolean): Pick<Resizing, "to" | "step"> {
  if (!(factor > 0) || !Number.isFinite(factor)) throw new ValueError(where, `scaleFactor is ${factor}`, "Give a number above 0", { scaleFactor: factor });
  const to = Math.floor(from * factor);
  if (to < 1) throw new ValueError(where, `scaleFactor ${factor} leaves nothing of ${from}`, "Use a larger factor", { scaleFactor: factor });
  return { to, step: recompute ? from / to : 1 / factor };
}

/** What becomes of the dims behind batch and channels. @throws ValueError unless exactly one of size and scaleFactor is given */
export function resizingsOf(where: string, x: Tensor, { size, scaleFactor, recomputeScaleFactor = false }: ResizeOptions): Resizing[] {
  const spatial = x.shape.slice(2);
  if (spatial.includes(0)) throw new ShapeError(where, `shape ${showShape(x.shape)} has no elements to resample`, "Give at least one in every spatial dim", { shape: x.shape });
  if ((size === undefined) === (scaleFactor === undefined)) {
    throw new ValueError(where, size === undefined ? "neither size nor scaleFactor is given" : "both size and scaleFactor are given", "Give one of them");
  }
  if (size !== undefined) {
    if (recomputeScaleFactor) throw new ValueError(where, "recomputeScaleFactor is true, and no scaleFactor is given", "Leave it out, or give scaleFactor instead of size");
    return perDim(where, "size", size, spatial.length, 1).map((to, i) => ({ dim: i + 2, from: spatial[i], to, step: spatial[i] / to }));
  }
  return factorsOf(where, scaleFactor ?? 1, spatial.length).map((factor, i) => ({ dim: i + 2, from: spatial[i], ...byFactor(where, spatial[i], factor, recomputeScaleFactor) }));
}
