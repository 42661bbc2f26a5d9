// Draws that not every program needs: functions of a generator, so that bundles without them stay small.
import { ValueError } from "@dl/registry";
import type { TypedArray } from "../dtype.js";
import { checkLength } from "./checks.js";
import type { Generator } from "./generator.js";
import { sampleWithoutReplacement, sampleWithReplacement } from "./multinomial.js";

/** `at` names the element that a list of probabilities failed at. */
function checkProbability(where: string, p: number, at?: number): void {
  if (p >= 0 && p <= 1) return;
  const name = at === undefined ? "p" : `p[${at}]`;
  throw new ValueError(where, `${name} is ${String(p)}`, "A probability lies between 0 and 1", at === undefined ? { p } : { p, index: at });
}

/** Whole numbers an array stores exactly, both ends included. */
function integersOf(out: TypedArray): readonly [number, number] {
  if (out instanceof Int32Array) return [-(2 ** 31), 2 ** 31 - 1];
  if (out instanceof Uint8Array) return [0, 255];
  if (out instanceof Int8Array) return [-128, 127];
  return out instanceof Float32Array ? [-(2 ** 24), 2 ** 24] : [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
}

/** @throws ValueError unless `low ≤ x < high` holds for at least one x, and `out` can store every such x */
function checkIntegerRange(where: string, low: number, high: number, out: TypedArray): void {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low >= high) {
    throw new ValueError(where, `there is no whole number x with ${low} <= x < ${high}`, "Give whole numbers with low < high", { low, high });
  }
  const [least, greatest] = integersOf(out);
  if (low < least || high - 1 > greatest || high - low > Number.MAX_SAFE_INTEGER) {
    throw new ValueError(
      where,
      `numbers from ${low} to ${high - 1} do not all fit into the output`,
      `It holds whole numbers from ${least} to ${greatest}`,
      { low, high },
    );
  }
}

/**
 * Fills `out` with 1 with probability p and 0 otherwise (p to 32 bits; one word each). `p` is one number, or one for each element.
 * @throws ValueError for a p outside of [0, 1], or a list of another length than `out`
 */
export function fillBernoulli(generator: Generator, out: TypedArray, p: number | ArrayLike<number>): void {
  const where = "fillBernoulli";
  if (typeof p === "number") {
    checkProbability(where, p);
    const threshold = p * 2 ** 32;
    for (let i = 0; i < out.length; i++) out[i] = generator.int(2 ** 32) < threshold ? 1 : 0;
    return;
  }
  if (p.length !== out.length) {
    throw new ValueError(where, `${p.length} probabilities for ${out.length} elements`, "Give one probability, or one for each element");
  }
  for (let i = 0; i < p.length; i++) checkProbability(where, p[i], i);
  for (let i = 0; i < out.length; i++) out[i] = generator.int(2 ** 32) < p[i] * 2 ** 32 ? 1 : 0;
}

/**
 * Fills `out` with whole numbers x, low ≤ x < high, each equally likely.
 * @throws ValueError when there is none, or `out` cannot store them all
 */
export function fillInt(generator: Generator, out: TypedArray, low: number, high: number): void {
  checkIntegerRange("fillInt", low, high, out);
  for (let i = 0; i < out.length; i++) out[i] = low + generator.int(high - low);
}

/**
 * Indices drawn with probabilities proportional to `weights` (which need not sum to 1), one after another; without `replacement`
 * (the default) an index comes at most once. Draws two words for each sample, or for each weight.
 * @throws ValueError for negative or non-finite weights, when all are 0, or when fewer than `numSamples` are positive and none may repeat
 */
export function sampleIndices(generator: Generator, weights: ArrayLike<number>, numSamples: number, replacement = false): Int32Array {
  checkLength("sampleIndices", "numSamples", numSamples);
  const sample = replacement ? sampleWithReplacement : sampleWithoutReplacement;
  return sample(weights, numSamples, generator);
}
