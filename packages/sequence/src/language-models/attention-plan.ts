import { arange, logicalAnd, logicalNot, scaledDotProductAttention } from "@dl/tensor";
import type { Generator, Tensor } from "@dl/tensor";
import type { KeyValueCache, LayerMemory } from "./cache/key-value-cache.js";

/** What all layers of a transformer share in one call: where its tokens stand, and what they may look at. */
export interface AttentionPlan {
  /** Positions read before. */
  readonly offset: number;
  /** int32 [N, T], the position of each token behind the padding of its row; null where it is offset + index. */
  readonly positions: Tensor | null;
  /** bool, true where a query may attend to a key, broadcasting to [N, heads, T, S]; null for no other barrier than `isCausal`. */
  readonly mask: Tensor | null;
  readonly isCausal: boolean;
}

/** @param padding bool [N, S], of positions read before and now */
export function planAttention(ids: Tensor, offset: number, padding: Tensor | null): AttentionPlan {
  const [, steps] = ids.shape;
  const { backend } = ids;
  const count = (from: number, to: number): Tensor => arange(from, to, 1, { backend });
  // The attention op counts queries from 0: behind a cache, its causal barrier would stand at the wrong place.
  const later = offset > 0 && steps > 1 ? count(0, offset + steps).le(count(offset, offset + steps).unsqueeze(-1)) : null;
  const isCausal = offset === 0;
  if (padding === null) return { offset, positions: null, mask: later, isCausal };
  const open = logicalNot(padding).unsqueeze(1).unsqueeze(1);
  const positions = count(offset, offset + steps).sub(padding.sum(1, { keepDim: true })).clamp(0, Infinity);
  return { offset, positions, mask: later === null ? open : logicalAnd(open, later), isCausal };
}

interface PlannedCall {
  readonly plan: AttentionPlan;
  /** Lets the cache note what was read; to be called when all layers have. */
  readonly done: () => void;
}

/** The plan of a call that goes on from a cache, or from nothing. */
export function planCall(ids: Tensor, cache: KeyValueCache | undefined, paddingMask: Tensor | undefined): PlannedCall {
  const own = paddingMask ?? null;
  const padding = cache === undefined ? own : cache.paddingWith(ids, own);
  return { plan: planAttention(ids, cache?.length ?? 0, padding), done: () => { cache?.advance(ids.shape[1], padding); } };
}

interface Dropping {
  readonly dropout: number;
  readonly generator: Generator | null;
}

/** Remembers keys and values where there is a memory; gives all there are. */
export const remembered = (key: Tensor, value: Tensor, memory: LayerMemory | undefined): readonly [keys: Tensor, values: Tensor] =>
  memory === undefined ? [key, value] : [memory.keys.append(key), memory.values.append(value)];

/** Attention with the barriers of the plan. */
export const attend = (query: Tensor, key: Tensor, value: Tensor, { mask, isCausal }: AttentionPlan, { dropout, generator }: Dropping): Tensor =>
  scaledDotProductAttention(query, key, value, { isCausal, dropout, ...(mask && { mask }), ...(generator && { generator }) });
