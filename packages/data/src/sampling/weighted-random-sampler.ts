import { checkNumber, checkOptions, checkWhole, ValueError } from "@dl/registry";
import { createReferenceBackend, multinomial, tensor } from "@dl/tensor";
import { generatorOf, type Pass } from "../pass.js";
import type { Sampler } from "./sampler.js";

/**
 * `numSamples` indices an epoch, drawn with probabilities proportional to `weights`. To see rare classes as often as common ones,
 * give every sample one over the number of samples of its class. `replacement` (default true) lets an index come again.
 *
 * @throws ValueError for weights that are negative, not finite or all 0, and for more samples than positive weights without replacement
 */
export class WeightedRandomSampler implements Sampler {
  readonly length: number;
  readonly #weights: Float64Array;
  readonly #replacement: boolean;

  constructor(weights: ArrayLike<number>, numSamples: number, options: { readonly replacement?: boolean } = {}) {
    const where = "WeightedRandomSampler";
    checkOptions(where, options, ["replacement"]);
    checkWhole(where, "numSamples", numSamples, 0);
    for (let i = 0; i < weights.length; i++) checkNumber(where, `weight ${i}`, weights[i], 0);
    const { replacement = true } = options;
    this.#weights = Float64Array.from(weights);
    const possible = this.#weights.filter((weight) => weight > 0).length;
    if (numSamples > 0 && possible === 0) throw new ValueError(where, `no weight among ${weights.length} is above 0`, "Give at least one sample a positive weight");
    if (!replacement && numSamples > possible) {
      throw new ValueError(where, `cannot draw ${numSamples} different samples, only ${possible} have a positive weight`, "Draw fewer, or with replacement", { numSamples, possible });
    }
    this.length = numSamples;
    this.#replacement = replacement;
  }

  indices(pass: Pass): Int32Array {
    if (this.length === 0) return new Int32Array(0);
    const backend = createReferenceBackend();
    const weights = tensor(this.#weights, { backend });
    const drawn = multinomial(weights, this.length, { replacement: this.#replacement, generator: generatorOf(pass), backend });
    return Int32Array.from(drawn.dataSync());
  }
}
