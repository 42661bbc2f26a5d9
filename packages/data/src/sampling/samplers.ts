import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { generatorOf, type Pass } from "../pass.js";
import type { Sampler } from "./sampler.js";

/** 0, 1, …, length − 1. */
export class SequentialSampler implements Sampler {
  /** @throws ValueError unless `length` is a whole number from 0 */
  constructor(readonly length: number) {
    checkWhole("SequentialSampler", "length", length, 0);
  }

  indices(): Int32Array {
    return Int32Array.from({ length: this.length }, (_, i) => i);
  }
}

export interface RandomSamplerOptions {
  /** Draw each index independently, so that some come several times and others not at all. Default false: every index once. */
  readonly replacement?: boolean;
  /** Indices in an epoch. Default `length`. */
  readonly numSamples?: number;
}

/**
 * Indices below `length` in random order, another one each epoch. With more samples than `length` and no replacement,
 * one permutation follows the other.
 * @throws ValueError unless the numbers are whole, and when there is nothing to draw from
 */
export class RandomSampler implements Sampler {
  readonly length: number;
  readonly #from: number;
  readonly #replacement: boolean;

  constructor(length: number, options: RandomSamplerOptions = {}) {
    checkOptions("RandomSampler", options, ["replacement", "numSamples"]);
    const { replacement = false, numSamples = length } = options;
    checkWhole("RandomSampler", "length", length, 0);
    checkWhole("RandomSampler", "numSamples", numSamples, 0);
    if (length === 0 && numSamples > 0) throw new ValueError("RandomSampler", `cannot draw ${numSamples} samples of none`, "Give a length above 0", { numSamples });
    this.length = numSamples;
    this.#from = length;
    this.#replacement = replacement;
  }

  indices(pass: Pass): Int32Array {
    const random = generatorOf(pass);
    if (this.#replacement) return Int32Array.from({ length: this.length }, () => random.int(this.#from));
    const drawn = new Int32Array(this.length);
    for (let start = 0; start < drawn.length; start += this.#from) {
      drawn.set(random.permutation(this.#from).subarray(0, drawn.length - start), start);
    }
    return drawn;
  }
}

/** The given indices in random order, another one each epoch. */
export class SubsetRandomSampler implements Sampler {
  readonly length: number;
  readonly #chosen: Int32Array;

  constructor(chosen: ArrayLike<number>) {
    for (let i = 0; i < chosen.length; i++) checkWhole("SubsetRandomSampler", `index ${i}`, chosen[i], 0);
    this.#chosen = Int32Array.from(chosen);
    this.length = chosen.length;
  }

  indices(pass: Pass): Int32Array {
    return generatorOf(pass).permutation(this.length).map((at) => this.#chosen[at]);
  }
}
