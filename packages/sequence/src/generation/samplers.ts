import { ValueError, checkNumber, checkPositive, checkWhole } from "@dl/registry";
import type { Generator } from "@dl/tensor";

// What is done to the logits of one next token before it is drawn. None of these changes what it is given; −∞ bars an id.

const copyOf = (logits: ArrayLike<number>): Float64Array => Float64Array.from(logits);

function largestOf(logits: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i]);
  return largest;
}

/** e^logit / Σ e^logit. */
export function probabilitiesOf(logits: ArrayLike<number>): Float64Array {
  const largest = largestOf(logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** logit − log Σ e^logit. */
export function logProbabilitiesOf(logits: ArrayLike<number>): Float64Array {
  const largest = largestOf(logits);
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += Math.exp(logits[i] - largest);
  const shift = largest + Math.log(total);
  return Float64Array.from(logits, (logit) => logit - shift);
}

/** Ids from the likeliest to the least likely; equally likely ones in their order. */
export const rankedIds = (logits: ArrayLike<number>): Int32Array =>
  Int32Array.from({ length: logits.length }, (_, i) => i).sort((a, b) => (logits[b] - logits[a]) || a - b);

/** The likeliest id; the first of several. */
export function likeliestId(logits: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
  return best;
}

/**
 * logits / temperature: below 1 likely ids get likelier, above 1 all get more alike.
 * @throws ValueError unless the temperature is a finite number above 0
 */
export function withTemperature(logits: ArrayLike<number>, temperature: number): Float64Array {
  checkPositive("withTemperature", "temperature", temperature);
  return copyOf(logits).map((logit) => logit / temperature);
}

/** Bars all but the k likeliest ids; of equally likely ones the first stay. (Fan et al., 2018) @throws ValueError unless k is a whole number above 0 */
export function topK(logits: ArrayLike<number>, k: number): Float64Array {
  checkWhole("topK", "k", k, 1);
  const kept = copyOf(logits);
  if (k >= kept.length) return kept;
  const bound = kept.toSorted()[kept.length - k];
  let ties = k - kept.reduce((count, logit) => count + Number(logit > bound), 0);
  return kept.map((logit) => (logit > bound || (logit === bound && ties-- > 0) ? logit : -Infinity));
}

/**
 * Bars all but the fewest ids whose probabilities add up to at least p, likeliest first. (Holtzman et al., 2020)
 * @throws ValueError unless 0 < p ≤ 1
 */
export function topP(logits: ArrayLike<number>, p: number): Float64Array {
  if (!(p > 0 && p <= 1)) throw new ValueError("topP", `p is ${p}`, "Give a number above 0, up to 1", { p });
  const kept = copyOf(logits);
  if (p === 1) return kept;
  const probabilities = probabilitiesOf(logits);
  let sum = 0;
  for (const id of rankedIds(logits)) {
    if (sum >= p) kept[id] = -Infinity;
    sum += probabilities[id];
  }
  return kept;
}

/** Bars ids whose probability is below p times that of the likeliest. (Nguyen et al., 2024) @throws ValueError unless 0 ≤ p ≤ 1 */
export function minP(logits: ArrayLike<number>, p: number): Float64Array {
  checkNumber("minP", "p", p, 0, 1);
  const bound = largestOf(logits) + Math.log(p);
  return copyOf(logits).map((logit) => (logit >= bound ? logit : -Infinity));
}

/**
 * Makes ids that came already less likely: positive logits are divided by the penalty, negative ones multiplied; 1 changes nothing.
 * (Keskar et al., 2019)
 * @throws ValueError unless the penalty is a finite number above 0
 */
export function repetitionPenalty(logits: ArrayLike<number>, seen: Iterable<number>, penalty: number): Float64Array {
  checkPositive("repetitionPenalty", "penalty", penalty);
  const changed = copyOf(logits);
  for (const id of new Set(seen)) changed[id] = changed[id] > 0 ? changed[id] / penalty : changed[id] * penalty;
  return changed;
}

/** An id drawn with its probability. Takes one number from the generator. */
export function drawId(logits: ArrayLike<number>, generator: Generator): number {
  const probabilities = probabilitiesOf(logits);
  let left = generator.uniform();
  let last = 0;
  for (let id = 0; id < probabilities.length; id++) {
    if (probabilities[id] === 0) continue;
    last = id;
    left -= probabilities[id];
    if (left < 0) return id;
  }
  // Rounding left a little over.
  return last;
}
