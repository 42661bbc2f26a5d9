import { checkWhole } from "@dl/registry";
import { checkInterval, checkLength } from "./checks.js";
import { checkState, stateOf } from "./state.js";
import type { GeneratorState } from "./state.js";
import { WordStream } from "./word-stream.js";
import type { StreamId } from "./word-stream.js";

const brand = Symbol.for("dl/generator");

const chunkWords = 1024;

/** Whether a value is a `Generator`, of this copy of the package or another. */
export const isGenerator = (value: unknown): value is Generator => typeof value === "object" && value !== null && brand in value;

const seedStream = (seed: number): StreamId => ({ key: [seed >>> 0, Math.floor(seed / 2 ** 32)], stream: [0, 0] });

/** 53 bits of two words as a number in [0, 1). */
const unit53 = (high: number, low: number): number => ((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53;

/**
 * A seedable source of random numbers. The same seed gives the same bits on every machine and backend: it is
 * Philox4x32-10, a keyed function of a counter. (Salmon et al., 2011)
 *
 * The words it draws from: key = the seed, counter words 0 and 1 = block number, words 2 and 3 = stream
 * (0 for a seed; a child of `splitGenerator` has a key and a stream of its own, 128 derived bits).
 *
 * Words drawn per number: 1 for each element of a Float32Array in `fillUniform`; 2 for `uniform` and each element of a Float64Array;
 * 4 for every two normals (an odd one more draws 4, too); `int` draws 1 (2 above 2³²), again in the rare case of a rejection.
 * So a fill of n numbers equals n single draws for all but normals.
 */
export class Generator {
  readonly [brand] = true;
  private words: WordStream;
  private scratch: Uint32Array | undefined;

  /**
   * @param seed a whole number from 0 to 2⁵³ − 1
   * @throws ValueError for any other seed
   */
  constructor(seed: number) {
    checkWhole("Generator", "seed", seed);
    this.words = new WordStream(seedStream(seed));
  }

  /** Starts over from a seed. */
  manualSeed(seed: number): this {
    checkWhole("Generator.manualSeed", "seed", seed);
    this.words = new WordStream(seedStream(seed));
    return this;
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.words.next();
    return unit53(high, this.words.next());
  }

  /** A number from the standard normal distribution. */
  normal(): number {
    const one = new Float64Array(1);
    this.fillNormal(one);
    return one[0];
  }

  /**
   * A whole number x with 0 ≤ x < bound, each equally likely (draws are rejected, not folded).
   * @throws ValueError unless bound is a whole number from 1 to 2⁵³ − 1
   */
  int(bound: number): number {
    checkWhole("Generator.int", "bound", bound, 1);
    return this.below(bound);
  }

  /**
   * Numbers in [low, high), by default [0, 1): 24 random bits each in a Float32Array, 53 in a Float64Array.
   * Where rounding would give `high` itself, `low` is given; with low = high every number is `low`.
   */
  fillUniform(out: Float32Array | Float64Array, low = 0, high = 1): void {
    checkInterval("Generator.fillUniform", low, high);
    if (out instanceof Float32Array) this.fillUnit24(out);
    else this.fillUnit53(out);
    if (low === 0 && high === 1) return;
    const range = high - low;
    for (let i = 0; i < out.length; i++) {
      out[i] = low + range * out[i];
      if (out[i] >= high) out[i] = low;
    }
  }

  /**
   * Numbers from the normal distribution with the given mean and standard deviation, computed in float64 and then
   * stored. (Box and Muller, 1958)
   */
  fillNormal(out: Float32Array | Float64Array, mean = 0, std = 1): void {
    const where = "Generator.fillNormal";
    checkInterval(where, mean, mean);
    checkInterval(where, 0, std);
    this.eachChunk(out.length, 2, 4, (words, start, count) => {
      for (let i = 0; i < count; i += 2) {
        const at = i * 2;
        // 1 - u lies in (0, 1], where the logarithm is finite.
        const radius = std * Math.sqrt(-2 * Math.log(1 - unit53(words[at], words[at + 1])));
        const angle = 2 * Math.PI * unit53(words[at + 2], words[at + 3]);
        out[start + i] = mean + radius * Math.cos(angle);
        if (i + 1 < count) out[start + i + 1] = mean + radius * Math.sin(angle);
      }
    });
  }

  /** The numbers 0 … n − 1 in an order of which all n! are equally likely. (Fisher and Yates, 1938; Durstenfeld, 1964) */
  permutation(n: number): Int32Array {
    checkLength("Generator.permutation", "n", n);
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** Where this generator stands, as plain JSON. */
  state(): GeneratorState {
    return stateOf(this.words.id, this.words.position);
  }

  /**
   * Continues from a state that `state()` returned, bit for bit.
   * @throws ValueError when it is anything else, changing nothing
   */
  setState(state: GeneratorState): this {
    checkState("Generator.setState", state);
    const [k0, k1] = state.key;
    const [s0, s1] = state.stream;
    this.words = new WordStream({ key: [k0, k1], stream: [s0, s1] }, state.position);
    return this;
  }

  /** The generator that `state` describes. */
  static fromState(state: GeneratorState): Generator {
    return new Generator(0).setState(state);
  }

  private below(bound: number): number {
    const wide = bound > 2 ** 32;
    const range = wide ? 2 ** 53 : 2 ** 32;
    const limit = range - (range % bound);
    for (;;) {
      const draw = wide ? this.uniform() * range : this.words.next();
      if (draw < limit) return draw % bound;
    }
  }

  private fillUnit24(out: Float32Array): void {
    this.eachChunk(out.length, 1, 1, (words, start, count) => {
      for (let i = 0; i < count; i++) out[start + i] = (words[i] >>> 8) * 2 ** -24;
    });
  }

  private fillUnit53(out: Float64Array): void {
    this.eachChunk(out.length, 1, 2, (words, start, count) => {
      for (let i = 0; i < count; i++) out[start + i] = unit53(words[2 * i], words[2 * i + 1]);
    });
  }

  /**
   * Hands out the words for `length` numbers a piece at a time; every `group` of numbers takes `wordsPerGroup`,
   * and so does an incomplete last group.
   */
  private eachChunk(
    length: number,
    group: number,
    wordsPerGroup: number,
    use: (words: Uint32Array, start: number, count: number) => void,
  ): void {
    this.scratch ??= new Uint32Array(chunkWords);
    const most = (chunkWords / wordsPerGroup) * group;
    for (let start = 0; start < length; start += most) {
      const count = Math.min(most, length - start);
      this.words.fill(this.scratch, Math.ceil(count / group) * wordsPerGroup);
      use(this.scratch, start, count);
    }
  }
}
