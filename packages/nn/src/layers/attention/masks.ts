import { DTypeError, ShapeError } from "@dl/registry";
import { arange, isFloat, logicalNot, logicalOr, pad, showShape, where as choose } from "@dl/tensor";
import type { Shape, Tensor } from "@dl/tensor";

export interface AttentionMasks {
  /** Keys that are padding, [N, S] (without a batch [S]): bool, true = left out; or float, added to the scores. */
  readonly keyPaddingMask?: Tensor;
  /** Pairs of query and key, [L, S] or [N · heads, L, S]: bool, true = must not attend; or float, added to the scores. */
  readonly attnMask?: Tensor;
  /** Query i attends to keys 0 … i only, in addition to the masks. Default false. */
  readonly isCausal?: boolean;
}

/** Sizes of the scores [N, heads, L, S]. */
interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
}

function refuse(where: string, name: string, mask: Tensor, wanted: string): ShapeError {
  return new ShapeError(where, `${name} has shape ${showShape(mask.shape)}, not ${wanted}`, "Check the order of dims and batchFirst", { shape: mask.shape });
}

const isShape = (mask: Tensor, shape: Shape): boolean => showShape(mask.shape) === showShape(shape);

/** A mask laid out to broadcast against the scores. */
function keyMask(where: string, mask: Tensor, { batch, keys }: Sizes, isBatched: boolean): Tensor {
  if (!isShape(mask, isBatched ? [batch, keys] : [keys])) throw refuse(where, "keyPaddingMask", mask, isBatched ? `[N, S] = [${batch}, ${keys}]` : `[S] = [${keys}]`);
  return mask.reshape([batch, 1, 1, keys]);
}

function pairMask(where: string, mask: Tensor, { batch, heads, queries, keys }: Sizes): Tensor {
  if (isShape(mask, [queries, keys])) return mask;
  if (isShape(mask, [batch * heads, queries, keys])) return mask.reshape([batch, heads, queries, keys]);
  throw refuse(where, "attnMask", mask, `[L, S] = [${queries}, ${keys}] or [N·heads, L, S] = [${batch * heads}, ${queries}, ${keys}]`);
}

/** A bool mask of what is left out as a float one to add: −∞ there. */
const additive = (mask: Tensor, like: Tensor): Tensor => (mask.dtype === "bool" ? choose(mask, -Infinity, like.makeEmpty([], like.dtype)) : mask);

const joinMasks = (a: Tensor, b: Tensor, like: Tensor): Tensor =>
  a.dtype === "bool" && b.dtype === "bool" ? logicalOr(a, b) : additive(a, like).add(additive(b, like));

/**
 * PyTorch's masks, true = left out, as `scaledDotProductAttention` takes them, true = may attend.
 * @param extra keys behind those that the masks speak of, which everyone may attend to
 */
export function attentionMask(where: string, masks: AttentionMasks, sizes: Sizes, extra: number, query: Tensor, isBatched: boolean): Tensor | undefined {
  const given: Tensor[] = [];
  const { keyPaddingMask, attnMask, isCausal = false } = masks;
  for (const [name, mask] of Object.entries({ keyPaddingMask, attnMask })) {
    if (mask !== undefined && mask.dtype !== "bool" && mask.dtype !== query.dtype) {
      const fix = isFloat(mask.dtype) ? `Convert it: mask.to("${query.dtype}")` : 'Give a bool mask, true = left out: mask.to("bool")';
      throw new DTypeError(where, `${name} is ${mask.dtype}, the query ${query.dtype}`, fix, { dtype: mask.dtype });
    }
  }
  if (attnMask !== undefined) given.push(pairMask(where, attnMask, sizes));
  if (keyPaddingMask !== undefined) given.push(keyMask(where, keyPaddingMask, sizes, isBatched));
  // With extra keys, the op's own causal mask would bar them.
  if (isCausal && extra > 0) given.push(laterKeys(sizes, query));
  if (given.length === 0) return undefined;
  const joined = given.reduce((a, b) => joinMasks(a, b, query));
  const padded = extra > 0 ? pad(joined, [0, extra]) : joined;
  return padded.dtype === "bool" ? logicalNot(padded) : padded;
}

/** [L, S], true where a key comes after the query. */
function laterKeys({ queries, keys }: Sizes, { backend }: Tensor): Tensor {
  return arange(0, keys, 1, { backend }).gt(arange(0, queries, 1, { backend }).unsqueeze(-1));
}
