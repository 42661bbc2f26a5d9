import { ShapeError } from "@dl/registry";
import { cat, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

/** Features [N, L, E] → [N, heads, L, E/heads]. */
export const splitHeads = (x: Tensor, heads: number): Tensor =>
  x.reshape([x.shape[0], x.shape[1], heads, x.shape[2] / heads]).permute([0, 2, 1, 3]);

/** The inverse. */
export const joinHeads = (x: Tensor): Tensor => x.permute([0, 2, 1, 3]).flatten(2);

/** Adds a row to every sequence [N, S, E]; null for none. */
export const withRow = (x: Tensor, row: Tensor | null): Tensor => (row === null ? x : cat([x, row.expand([x.shape[0], 1, -1])], 1));

/** Adds a key (or value) of zeros to every head [N, heads, S, D]. */
export const withZeros = (x: Tensor): Tensor => cat([x, x.makeEmpty(x.shape.with(2, 1), x.dtype)], 2);

/** To [N, L, E], from [L, N, E], from that itself (batchFirst), or from a single sequence [L, E]. */
export const batchedFirst = (x: Tensor, batchFirst: boolean): Tensor =>
  x.ndim === 2 ? x.unsqueeze(0) : batchFirst ? x : x.transpose(0, 1);

/** The inverse. */
export const restored = (x: Tensor, isBatched: boolean, batchFirst: boolean): Tensor =>
  !isBatched ? x.squeeze(0) : batchFirst ? x : x.transpose(0, 1);

interface Wanted {
  readonly batchFirst: boolean;
  /** Features of query, key and value. */
  readonly features: readonly [query: number, key: number, value: number];
}

/** @throws ShapeError unless all have the right features, one batch, and the keys as many values */
export function checkSequences(where: string, query: Tensor, key: Tensor, value: Tensor, { batchFirst, features }: Wanted): void {
  const given = { query, key, value };
  Object.entries(given).forEach(([name, x], i) => {
    if ((x.ndim === 2 || x.ndim === 3) && x.shape[x.ndim - 1] === features[i]) return;
    const wanted = batchFirst ? `[N, L, ${features[i]}]` : `[L, N, ${features[i]}]`;
    throw new ShapeError(where, `expected ${name} of shape ${wanted} or [L, ${features[i]}], got ${showShape(x.shape)}`, "Make the layer with the features of its inputs: embedDim, kdim and vdim", { shape: x.shape });
  });
  const batches = [query, key, value].map((x) => (x.ndim === 3 ? x.shape[batchFirst ? 0 : 1] : 0));
  const [keys, values] = [key, value].map((x) => x.shape[x.ndim === 3 && batchFirst ? 1 : 0]);
  if (batches.some((size) => size !== batches[0]) || keys !== values) {
    const shapes = [query.shape, key.shape, value.shape];
    throw new ShapeError(where, `query, key and value of shapes ${shapes.map(showShape).join(", ")} do not go together`, `Give one batch, and as many values as keys; batchFirst is ${batchFirst}`, { shapes });
  }
}
