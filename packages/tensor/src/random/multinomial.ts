import { ValueError } from "@dl/registry";

const where = "multinomial";

interface Uniform {
  uniform(): number;
}

/** Weights divided by the largest, so that their sum cannot overflow. */
function checkWeights(weights: ArrayLike<number>): Float64Array {
  let largest = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i];
    if (!Number.isFinite(weight) || weight < 0) {
      throw new ValueError(where, `weight ${weight} at index ${i}`, "Weights are finite and not negative", { weight, index: i });
    }
    if (weight > largest) largest = weight;
  }
  if (largest === 0) {
    throw new ValueError(where, `no weight among ${weights.length} is above 0`, "Give at least one outcome a positive weight");
  }
  return Float64Array.from(weights, (weight) => weight / largest);
}

/** First index whose cumulative weight is above `target`; an outcome of weight 0 never is. */
function firstAbove(cumulative: Float64Array, target: number, last: number): number {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle] > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Inverts the cumulative weights by bisection: O(n + samples · log n), one uniform per sample. */
export function sampleWithReplacement(weights: ArrayLike<number>, numSamples: number, random: Uniform): Int32Array {
  const cumulative = checkWeights(weights);
  let last = 0;
  for (let i = 0; i < cumulative.length; i++) {
    if (cumulative[i] > 0) last = i;
    if (i > 0) cumulative[i] += cumulative[i - 1];
  }
  const total = cumulative[last];
  return Int32Array.from({ length: numSamples }, () => firstAbove(cumulative, random.uniform() * total, last));
}

/**
 * The indices with the smallest waiting times, drawn from exponential clocks whose rates are the weights: the same
 * law as drawing one at a time and removing it. One uniform per weight. (Efraimidis and Spirakis, 2006)
 */
export function sampleWithoutReplacement(weights: ArrayLike<number>, numSamples: number, random: Uniform): Int32Array {
  const rates = checkWeights(weights);
  const possible = rates.reduce((count, rate) => (rate > 0 ? count + 1 : count), 0);
  if (numSamples > possible) {
    throw new ValueError(
      where,
      `cannot draw ${numSamples} different outcomes, only ${possible} have a positive weight`,
      "Draw fewer, or pass replacement: true",
      { numSamples, possible },
    );
  }
  // Logarithms of the times: the times themselves overflow for tiny rates.
  const times = rates.map((rate) => Math.log(-Math.log(1 - random.uniform())) - Math.log(rate));
  const order = Int32Array.from(times, (_, i) => i).sort((a, b) => times[a] - times[b] || a - b);
  return order.slice(0, numSamples);
}
