import { ValueError, checkNumber } from "@dl/registry";
import type { Generator } from "@dl/tensor";

/**
 * Draws from 0 … n − 1 with given weights, in constant time: each place holds as much as every other, its own share and the rest of a larger one.
 * (Walker, 1977; Vose, 1991)
 * @throws ValueError for weights that are negative, not finite or all 0
 */
export class AliasTable {
  /** The part of each place that is its own. */
  readonly #own: Float64Array;
  /** Whose the rest is. */
  readonly #other: Int32Array;

  constructor(weights: ArrayLike<number>) {
    for (let i = 0; i < weights.length; i++) checkNumber("AliasTable", `weight ${i}`, weights[i], 0);
    const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
    if (total === 0) throw new ValueError("AliasTable", `none of ${weights.length} weights is above 0`, "Give at least one that is", { length: weights.length });
    // In units of a place.
    const left = Float64Array.from(weights, (weight) => (weight * weights.length) / total);
    const ids = Array.from(left.keys());
    const small = ids.filter((i) => left[i] < 1);
    const large = ids.filter((i) => left[i] >= 1);
    this.#own = new Float64Array(weights.length).fill(1);
    this.#other = Int32Array.from(ids);
    for (let i = small.pop(); i !== undefined; i = small.pop()) {
      const giver = large.pop();
      // Rounding may leave a little less than a place with nobody to fill it up; weights of 0 never wait so long.
      if (giver === undefined) break;
      this.#own[i] = left[i];
      this.#other[i] = giver;
      left[giver] -= 1 - left[i];
      (left[giver] < 1 ? small : large).push(giver);
    }
  }

  draw(generator: Generator): number {
    const at = generator.uniform() * this.#own.length;
    const place = Math.floor(at);
    return at - place < this.#own[place] ? place : this.#other[place];
  }
}
