import { argsort, cat, gather, sort, where, type Tensor } from "@dl/tensor";
import { firstPlaces } from "./ids.js";

/**
 * The k largest values of each line in their order, as `kMaxPool1d` gives them, but with a length and a k for each sequence; 0 behind them.
 * Of equal values the first count.
 * Shapes: x [N, C, T] with values at the first `lengths[n]` places, ks[n] ≤ lengths[n] → [N, C, max k]
 */
export function kMaxOfEach(x: Tensor, lengths: readonly number[], ks: readonly number[]): Tensor {
  const [count, channels, steps] = x.shape;
  const most = Math.max(...ks);
  const inside = firstPlaces(x, lengths, steps).unsqueeze(1);
  const largest = argsort(where(inside, x.detach(), -Infinity), { descending: true }).slice(2, 0, most);
  // Ranks beyond a sequence's own k point behind the last place, where a 0 stands.
  const wanted = firstPlaces(x, ks, most).unsqueeze(1);
  const places = sort(where(wanted, largest, steps)).values;
  return gather(cat([x, x.makeEmpty([count, channels, 1], x.dtype)], 2), 2, places);
}
