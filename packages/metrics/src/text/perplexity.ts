import { ValueError } from "@dl/registry";
import { StreamingMetric, sums } from "../common/streaming.js";

/** How far above 0 rounding may lift the logarithm of a probability in float32. */
const ROUNDING = 1e-5;

/** Perplexity over any number of batches; see `perplexity`. */
export class Perplexity extends StreamingMetric<Float64Array, number> {
  constructor() {
    super("Perplexity", sums(2));
  }

  /**
   * Counts a batch: ln p of each token that came.
   * @throws ValueError for a value that is NaN or above 0; nothing is counted
   */
  update(logProbabilities: ArrayLike<number>): this {
    let sum = 0;
    for (let at = 0; at < logProbabilities.length; at++) {
      const value = logProbabilities[at];
      if (!(value <= ROUNDING)) {
        throw new ValueError("Perplexity.update", `${value} at position ${at} is not the logarithm of a probability`, "Give ln p, which is at most 0: log-softmax of the logits", { value, at });
      }
      sum += value;
    }
    return this.absorb(Float64Array.of(logProbabilities.length, sum));
  }

  protected override resultOf([count, sum]: Float64Array): number {
    return Math.exp(-sum / count);
  }
}

/**
 * exp(−mean ln p) of the tokens that came: among how many equally likely tokens the model seems to choose. Natural logarithms.
 * Infinity when a token had probability 0.
 * @throws ValueError for a value that is NaN or above 0
 * @throws StateError when there are none
 */
export const perplexity = (logProbabilities: ArrayLike<number>): number => new Perplexity().update(logProbabilities).compute();
