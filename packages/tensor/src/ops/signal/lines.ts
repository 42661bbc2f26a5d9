import { checkWhole, ShapeError, ValueError } from "@dl/registry";
import { normalizeDim, showShape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { embed } from "../embed.js";

export type FFTNorm = "backward" | "ortho" | "forward";

/**
 * Hands the lines of x along `dim` to `transform` as [lines, parts, n], and lays its result out as x was.
 * @param x [.., parts]: complex numbers, or real ones with a last dim of size 1
 */
export function alongLines(x: Tensor, dim: number, transform: (lines: Tensor) => Tensor): Tensor {
  const parts = x.ndim - 1;
  const rest = x.shape.flatMap((_, d) => (d === dim || d === parts ? [] : [d]));
  const order = [...rest, parts, dim];
  const lead = rest.map((d) => x.shape[d]);
  const lines = x.permute(order).reshape([sizeOf(lead), x.shape[parts], x.shape[dim]]);
  const done = transform(lines);
  return done.reshape([...lead, ...done.shape.slice(1)]).permute(order.map((_, d) => order.indexOf(d)));
}

/** The first n elements along `dim`, with zeros where there are fewer. */
export function fitted(x: Tensor, dim: number, n: number): Tensor {
  const length = x.shape[dim];
  if (length === n) return x;
  return length > n ? x.slice(dim, 0, n) : embed(x, x.shape.with(dim, n), dim, 0, 1);
}

/** The dim to transform, counted from the front, of x with `rank` dims of numbers. @throws ShapeError when it is out of range */
export function lineDim(where: string, x: Tensor, rank: number, dim = -1): number {
  if (rank === 0) throw new ShapeError(where, `a tensor of shape ${showShape(x.shape)} holds a single number`, "Give at least one dim to transform: x.unsqueeze(0)", { shape: x.shape });
  return normalizeDim(where, dim, rank);
}

/** The length asked for, or the dim's own. @throws ShapeError when there is nothing to transform; ValueError when n is below 1 */
export function checkLength(where: string, x: Tensor, dim: number, n: number | undefined): number {
  if (n !== undefined) {
    checkWhole(where, "n", n, 1);
    return n;
  }
  const length = x.shape[dim];
  if (length < 1) throw new ShapeError(where, `dim ${dim} of ${showShape(x.shape)} has no elements`, "Give at least one, or a length n to pad to", { shape: x.shape });
  return length;
}

/** What the transform is multiplied with: one of the two directions carries 1/n, or both 1/√n. */
export function scaleOf(where: string, norm: FFTNorm, n: number, direction: "forward" | "backward"): number {
  const known: readonly string[] = ["backward", "ortho", "forward"];
  if (!known.includes(norm)) throw new ValueError(where, `norm is "${norm}"`, "Use backward, ortho or forward", { norm });
  if (norm === "ortho") return 1 / Math.sqrt(n);
  return norm === direction ? 1 / n : 1;
}
