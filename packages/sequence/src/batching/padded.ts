import { ShapeError, ValueError, checkChoice, checkOptions, checkWhole } from "@dl/registry";
import { arange, maximum, showShape, tensor, where as choose, type Tensor } from "@dl/tensor";

export interface PadIdsOptions {
  /** The id that fills sequences up. */
  readonly paddingIdx: number;
  /** At which end. Default "right"; "left" for prompts, whose last tokens then stand side by side. */
  readonly side?: "left" | "right";
  /** Pad at least to this length. Default that of the longest sequence. */
  readonly length?: number;
}

/**
 * Token ids of different lengths side by side. Shapes: → [N, T], int32. An empty sequence becomes padding alone.
 * @throws ValueError without a sequence
 */
export function padIds(sequences: readonly ArrayLike<number>[], options: PadIdsOptions): Tensor {
  const where = "padIds";
  checkOptions(where, options, ["paddingIdx", "side", "length"]);
  const { paddingIdx, side = "right", length = 0 } = options;
  checkWhole(where, "paddingIdx", paddingIdx, -Infinity);
  checkWhole(where, "length", length);
  checkChoice(where, "side", side, ["left", "right"]);
  if (sequences.length === 0) throw new ValueError(where, "there is no sequence", "Give at least one");
  const steps = sequences.reduce((most, own) => Math.max(most, own.length), length);
  const rows = new Int32Array(sequences.length * steps).fill(paddingIdx);
  sequences.forEach((own, n) => { rows.set(own, n * steps + (side === "left" ? steps - own.length : 0)); });
  return tensor(rows, { shape: [sequences.length, steps], dtype: "int32" });
}

/** Which positions are padding: true where an id is `paddingIdx`, as the masks of attention layers want it. Shapes: [..] → bool [..]. */
export const paddingMask = (ids: Tensor, paddingIdx: number): Tensor => ids.eq(paddingIdx);

/**
 * Which steps belong to a sequence of each length: true for t < length. Shapes: N lengths → bool [N, T].
 * @throws ValueError for a length that is not in 0 … steps
 */
export function lengthMask(lengths: readonly number[], steps: number): Tensor {
  const where = "lengthMask";
  checkWhole(where, "steps", steps, 1);
  const long = lengths.findIndex((length) => !Number.isInteger(length) || length < 0 || length > steps);
  if (long !== -1) throw new ValueError(where, `length ${long} is ${lengths[long]} among ${steps} steps`, `Give lengths from 0 to ${steps}`, { position: long });
  return arange(0, steps, 1, { dtype: "int32" }).lt(tensor(Int32Array.from(lengths), { shape: [lengths.length, 1], dtype: "int32" }));
}

/**
 * The mean of the values at the positions that count: Σ xᵢ·mᵢ / Σ mᵢ. What padding holds, even NaN, has no part in it or in its gradient.
 * Shapes: values [N, T], or with more dims behind, mask bool [N, T] → []. A mask without a true position gives 0.
 * @throws ShapeError when the mask is not of the values' first dims
 */
export function maskedMean(values: Tensor, mask: Tensor): Tensor {
  if (mask.shape.some((size, d) => size !== values.shape[d])) {
    throw new ShapeError("maskedMean", `values of shape ${showShape(values.shape)} and mask of shape ${showShape(mask.shape)} do not go together`, "Give a mask of the first dims", { shapes: [values.shape, mask.shape] });
  }
  const inner = values.shape.slice(mask.ndim);
  const own = mask.reshape([...mask.shape, ...inner.map(() => 1)]);
  const count = mask.to(values.dtype).sum().mul(inner.reduce((product, size) => product * size, 1));
  return choose(own, values, 0).sum().div(maximum(count, 1));
}
