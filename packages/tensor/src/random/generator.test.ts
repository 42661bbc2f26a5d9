import { ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { defaultGenerator, manualSeed } from "./default.js";
import { splitGenerator } from "./derive.js";
import { fillBernoulli, fillInt, sampleIndices } from "./sampling.js";
import { Generator, isGenerator } from "./generator.js";
import { sampleWithReplacement } from "./multinomial.js";
import { philox4x32 } from "./philox.js";
import type { GeneratorState } from "./state.js";

const uniforms = (rng: Generator, length: number): Float64Array => {
  const out = new Float64Array(length);
  rng.fillUniform(out);
  return out;
};

const normals = (rng: Generator, length: number): Float64Array => {
  const out = new Float64Array(length);
  rng.fillNormal(out);
  return out;
};

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const moment = (values: ArrayLike<number>, power: number): number => {
  const center = mean(values);
  return mean(Array.from(values, (value) => (value - center) ** power));
};

/** Pearson's statistic; `expected` in the same order as the counts. */
const chiSquare = (counts: readonly number[], expected: readonly number[]): number =>
  counts.reduce((sum, count, i) => sum + (count - expected[i]) ** 2 / expected[i], 0);

function countsOf(values: Iterable<number>, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[value]++;
  return counts;
}

/** Upper 0.1 % points of the chi-square distribution. */
const critical = { 3: 16.27, 5: 20.52, 9: 27.88, 23: 49.73, 99: 148.23 } as const;

describe("SYS-07 a seed fixes every bit", () => {
  test("the first words of seed 42 are Philox under the key (42, 0)", () => {
    const rng = new Generator(42);
    expect(rng.state()).toEqual({ algorithm: "philox4x32-10", key: [42, 0], stream: [0, 0], position: 0 });
    const words = new Uint32Array(4);
    philox4x32(words, 0, 0, 0, 0, 0, 42, 0);
    expect(Array.from(words, () => rng.int(2 ** 32))).toEqual([...words]);
    expect(rng.state().position).toBe(4);
  });

  test("golden numbers of seed 42, computed by an independent program: a change here breaks every saved run", () => {
    const rng = (): Generator => new Generator(42);
    const narrow = new Float32Array(3);
    rng().fillUniform(narrow);
    expect([...narrow]).toEqual([0.6129598617553711, 0.4685865044593811, 0.07323169708251953]);
    expect(rng().uniform()).toBe(0.6129598801477738);
    expect(rng().normal()).toBeCloseTo(1.2345418209781556, 14);
    expect(rng().int(1000)).toBe(643);
    expect(splitGenerator(rng(), "workers").state()).toMatchObject({ key: [1183700787, 363021646], stream: [4144246978, 3638228932] });
    expect(splitGenerator(rng(), 7).state()).toMatchObject({ key: [3653843052, 3002184663], stream: [1201781486, 2957483367] });
    expect(splitGenerator(rng()).state()).toMatchObject({ key: [3043399268, 1987648918], stream: [3561427753, 519876294] });
  });

  test("same seed, same bits; another seed, others; all 53 bits of a seed count", () => {
    expect(uniforms(new Generator(7), 100)).toEqual(uniforms(new Generator(7), 100));
    expect(uniforms(new Generator(7), 4)).not.toEqual(uniforms(new Generator(8), 4));
    expect(uniforms(new Generator(1), 4)).not.toEqual(uniforms(new Generator(1 + 2 ** 32), 4));
    expect(new Generator(2 ** 53 - 1).state().key).toEqual([0xffffffff, 2 ** 21 - 1]);
  });

  test("manualSeed starts over", () => {
    const rng = new Generator(3);
    const first = uniforms(rng, 5);
    expect(uniforms(rng.manualSeed(3), 5)).toEqual(first);
  });

  test("fills equal single draws, and do not depend on where they are cut", () => {
    const single = new Generator(5);
    expect(Array.from({ length: 3000 }, () => single.uniform())).toEqual([...uniforms(new Generator(5), 3000)]);
    const whole = new Float32Array(5000);
    new Generator(5).fillUniform(whole);
    const cut = new Float32Array(5000);
    const rng = new Generator(5);
    rng.fillUniform(cut.subarray(0, 1));
    rng.fillUniform(cut.subarray(1, 1030));
    rng.fillUniform(cut.subarray(1030));
    expect(cut).toEqual(whole);
  });

  test("a float32 fill of normals is the rounded float64 fill", () => {
    const narrow = new Float32Array(1001);
    new Generator(9).fillNormal(narrow, 2, 3);
    const wide = new Float64Array(1001);
    new Generator(9).fillNormal(wide, 2, 3);
    expect(narrow).toEqual(Float32Array.from(wide));
    expect(new Generator(9).normal()).toBe(normals(new Generator(9), 1)[0]);
  });
});

describe("SYS-07 distributions", () => {
  const n = 100_000;

  test("uniform: mean, variance, 100 equal bins, low bits too", () => {
    const values = uniforms(new Generator(1), n);
    expect(mean(values)).toBeCloseTo(0.5, 2);
    expect(moment(values, 2)).toBeCloseTo(1 / 12, 3);
    const even = new Array<number>(100).fill(n / 100);
    expect(chiSquare(countsOf(values.map((value) => Math.floor(value * 100)), 100), even)).toBeLessThan(critical[99]);
    const lowBits = values.map((value) => Math.floor((value * 2 ** 40) % 100));
    expect(chiSquare(countsOf(lowBits, 100), even)).toBeLessThan(critical[99]);
  });

  test("uniform float32: in [0, 1), multiples of 2^-24", () => {
    const values = new Float32Array(n);
    new Generator(2).fillUniform(values);
    expect(values.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 24))).toBe(true);
    const counts = countsOf(values.map((value) => Math.floor(value * 10)), 10);
    expect(chiSquare(counts, new Array<number>(10).fill(n / 10))).toBeLessThan(critical[9]);
  });

  test("successive pairs of uniforms fill the unit square evenly", () => {
    const values = uniforms(new Generator(3), 2 * n);
    const cells = Array.from({ length: n }, (_, i) => Math.floor(values[2 * i] * 10) * 10 + Math.floor(values[2 * i + 1] * 10));
    expect(chiSquare(countsOf(cells, 100), new Array<number>(100).fill(n / 100))).toBeLessThan(critical[99]);
  });

  test("an interval keeps its upper bound out, whatever the rounding", () => {
    const values = new Float32Array(2 ** 21);
    for (const [low, high] of [[1, 1 + 2 ** -22], [-1 - 2 ** -22, -1], [-(2 ** -140), 0], [100, 100.1]]) {
      new Generator(4).fillUniform(values, low, high);
      expect(values.every((value) => value >= Math.fround(low) && value < high)).toBe(true);
    }
    const wide = new Float64Array(1000);
    new Generator(4).fillUniform(wide, 1, 1 + 2 ** -52);
    expect(new Set(wide)).toEqual(new Set([1]));
    new Generator(4).fillUniform(wide, 3, 3);
    expect(new Set(wide)).toEqual(new Set([3]));
  });

  test("normal: first four moments, tails, and both halves of a pair independent", () => {
    const values = normals(new Generator(5), n);
    expect(Math.abs(mean(values))).toBeLessThan(0.01);
    expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(0.015);
    expect(Math.abs(moment(values, 3))).toBeLessThan(0.03);
    expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(0.1);
    expect(values.filter((value) => Math.abs(value) > 1.959964).length / n).toBeCloseTo(0.05, 2);
    const products = Array.from({ length: n / 2 }, (_, i) => values[2 * i] * values[2 * i + 1]);
    expect(Math.abs(mean(products))).toBeLessThan(0.015);
    const shifted = new Float32Array(n);
    new Generator(6).fillNormal(shifted, -3, 0.5);
    expect(mean(shifted)).toBeCloseTo(-3, 2);
    expect(Math.sqrt(moment(shifted, 2))).toBeCloseTo(0.5, 2);
  });

  test("int: unbiased for bounds that do not divide 2^32, and above 2^32", () => {
    const rng = new Generator(7);
    const dice = Array.from({ length: n }, () => rng.int(6));
    expect(chiSquare(countsOf(dice, 6), new Array<number>(6).fill(n / 6))).toBeLessThan(critical[5]);
    for (const bound of [3 * 2 ** 30, 3 * 2 ** 51]) {
      // Folding instead of rejecting would make the lower quarters of these bounds more likely than the upper ones.
      const quarters = Array.from({ length: n }, () => Math.floor(rng.int(bound) / (bound / 4)));
      expect(chiSquare(countsOf(quarters, 4), new Array<number>(4).fill(n / 4))).toBeLessThan(critical[3]);
    }
    expect(rng.int(1)).toBe(0);
  });

  test("fillInt covers its interval and nothing else", () => {
    const values = new Int32Array(n);
    fillInt(new Generator(8), values, -5, 5);
    expect(chiSquare(countsOf(values.map((value) => value + 5), 10), new Array<number>(10).fill(n / 10))).toBeLessThan(critical[9]);
    fillInt(new Generator(8), values, -(2 ** 31), 2 ** 31);
    expect(Math.abs(mean(values)) / 2 ** 31).toBeLessThan(0.01);
  });

  test("CNN-07 bernoulli: rate, certain cases, one p per element", () => {
    const mask = new Uint8Array(n);
    fillBernoulli(new Generator(9), mask, 0.3);
    expect(mean(mask)).toBeCloseTo(0.3, 2);
    expect(new Set(mask)).toEqual(new Set([0, 1]));
    fillBernoulli(new Generator(9), mask, 0);
    expect(mask.includes(1)).toBe(false);
    fillBernoulli(new Generator(9), mask, 1);
    expect(mask.includes(0)).toBe(false);
    const rows = new Float32Array(n);
    fillBernoulli(new Generator(9), rows, Float64Array.from(rows, (_, i) => (i % 2) * 0.8));
    expect(mean(rows)).toBeCloseTo(0.4, 2);
    expect(rows.every((value, i) => i % 2 === 1 || value === 0)).toBe(true);
  });

  test("permutation: every number once, all 24 orders of four equally likely", () => {
    const rng = new Generator(10);
    expect([...rng.permutation(1000)].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    const orders = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = rng.permutation(4).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    expect(chiSquare([...orders.values()], new Array<number>(24).fill(1000))).toBeLessThan(critical[23]);
    expect(rng.permutation(0)).toEqual(new Int32Array(0));
  });
});

describe("SYS-07 multinomial", () => {
  test("with replacement follows the weights and never draws a 0", () => {
    const weights = [0, 1, 2, 0, 3, 4, 0];
    const n = 100_000;
    const counts = countsOf(sampleIndices(new Generator(11), weights, n, true), 7);
    expect([counts[0], counts[3], counts[6]]).toEqual([0, 0, 0]);
    expect(chiSquare([counts[1], counts[2], counts[4], counts[5]], [n / 10, n / 5, (n * 3) / 10, (n * 2) / 5])).toBeLessThan(critical[3]);
  });

  test("without replacement: no repeats, and pairs as likely as when drawn one at a time", () => {
    const rng = new Generator(12);
    const weights = [1, 2, 3];
    const n = 30_000;
    const pairs = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const pair = sampleIndices(rng, weights, 2).join("");
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    const expected = new Map([["01", 2 / 30], ["02", 3 / 30], ["10", 2 / 24], ["12", 6 / 24], ["20", 3 / 18], ["21", 6 / 18]]);
    expect(new Set(pairs.keys())).toEqual(new Set(expected.keys()));
    const counts = [...expected.keys()].map((pair) => pairs.get(pair) ?? 0);
    expect(chiSquare(counts, [...expected.values()].map((p) => p * n))).toBeLessThan(critical[5]);
  });

  test("the ends of the unit interval select the first and the last outcome that can come", () => {
    const weights = [0, 0, 0.3, 0, 0.7, 0];
    expect([...sampleWithReplacement(weights, 1, { uniform: () => 0 })]).toEqual([2]);
    expect([...sampleWithReplacement(weights, 1, { uniform: () => 1 - 2 ** -53 })]).toEqual([4]);
    expect([...sampleWithReplacement([0.1, 0.2, 0.3, 0], 1, { uniform: () => 1 })]).toEqual([2]);
  });

  test("survives weights whose sum overflows or that underflow", () => {
    const rng = new Generator(13);
    expect(mean(sampleIndices(rng, [1.7e308, 1.7e308], 20_000, true))).toBeCloseTo(0.5, 1);
    expect([...sampleIndices(rng, [5e-324, 5e-324, 0], 2)].sort()).toEqual([0, 1]);
    expect(sampleIndices(rng, [1], 0)).toEqual(new Int32Array(0));
  });
});

describe("SYS-07 split", () => {
  test("a key names the same child whatever the parent has drawn", () => {
    const parent = new Generator(1);
    const before = uniforms(splitGenerator(parent, "workers"), 8);
    const state = parent.state();
    uniforms(parent, 1000);
    expect(uniforms(splitGenerator(parent, "workers"), 8)).toEqual(before);
    expect(state).toEqual(new Generator(1).state());
  });

  test("children differ from each other, from the parent and from grandchildren; 1 is not \"1\"", () => {
    const parent = new Generator(1);
    const keys = ["", "a", "b", "ab", "ba", "a\0", 0, 1, "1", "0", 2 ** 32, 2 ** 53 - 1, "workers", "worker"];
    const children = [parent, splitGenerator(new Generator(2), "a"), splitGenerator(splitGenerator(parent, "a"), "b"), splitGenerator(splitGenerator(parent, "b"), "a")];
    children.push(...keys.map((key) => splitGenerator(parent, key)), ...keys.slice(0, 3).map(() => splitGenerator(parent)));
    const first = children.map((child) => Generator.fromState(child.state()).uniform());
    expect(new Set(first).size).toBe(children.length);
  });

  test("without a key each child is new, and the run repeats", () => {
    const children = (): number[] => {
      const rng = new Generator(4);
      rng.uniform();
      return [splitGenerator(rng), splitGenerator(rng), splitGenerator(rng), rng].map((child) => child.uniform());
    };
    expect(new Set(children()).size).toBe(4);
    expect(children()).toEqual(children());
  });

  test("streams of siblings are uncorrelated, and so are first draws across 20,000 siblings", () => {
    const parent = new Generator(2);
    const n = 50_000;
    const streams = [parent, splitGenerator(parent, 0), splitGenerator(parent, 1)].map((rng) => normals(rng, n));
    for (const [a, b] of [[0, 1], [0, 2], [1, 2]]) {
      expect(Math.abs(mean(streams[a].map((value, i) => value * streams[b][i])))).toBeLessThan(0.015);
    }
    const firsts = Array.from({ length: 20_000 }, (_, i) => Math.floor(splitGenerator(parent, i).uniform() * 100));
    expect(chiSquare(countsOf(firsts, 100), new Array<number>(100).fill(200))).toBeLessThan(critical[99]);
  });
});

describe("SYS-07 state", () => {
  test("continues bit for bit from every offset, through JSON", () => {
    for (let drawn = 0; drawn < 9; drawn++) {
      const rng = splitGenerator(new Generator(21), "x");
      uniforms(rng, 600);
      for (let i = 0; i < drawn; i++) rng.int(10);
      const saved = JSON.parse(JSON.stringify(rng.state())) as GeneratorState;
      const expected = [rng.int(1000), rng.normal(), rng.uniform(), splitGenerator(rng).uniform()];
      const restored = new Generator(0).setState(saved);
      expect([restored.int(1000), restored.normal(), restored.uniform(), splitGenerator(restored).uniform()]).toEqual(expected);
      expect(restored.state()).toEqual(rng.state());
    }
  });

  test("is a copy: neither side can change the other", () => {
    const rng = new Generator(1);
    const state = rng.state();
    (state.key as [number, number])[0] = 99;
    expect(rng.state().key).toEqual([1, 0]);
  });

  const good = new Generator(1).state();
  test.each<[string, unknown, RegExp]>([
    ["null", null, /algorithm is undefined/],
    ["text", "seed", /algorithm is undefined/],
    ["another algorithm", { ...good, algorithm: "mt19937" }, /algorithm is "mt19937"/],
    ["a short key", { ...good, key: [1] }, /key is \[1\]/],
    ["a negative word", { ...good, key: [-1, 0] }, /key is \[-1,0\]/],
    ["a wide word", { ...good, stream: [0, 2 ** 32] }, /stream is \[0,4294967296\]/],
    ["a missing stream", { ...good, stream: undefined }, /stream is undefined/],
    ["a fractional position", { ...good, position: 1.5 }, /position is 1.5/],
    ["a negative position", { ...good, position: -1 }, /position is -1/],
  ])("refuses %s and stays where it was", (_, state, message) => {
    const rng = new Generator(5);
    rng.uniform();
    const before = rng.state();
    expect(() => rng.setState(state as GeneratorState)).toThrow(ValueError);
    expect(() => rng.setState(state as GeneratorState)).toThrow(message);
    expect(rng.state()).toEqual(before);
  });
});

describe("SYS-07 default generator", () => {
  test("is one object, restarts from a seed, and is shared through globalThis", () => {
    expect(defaultGenerator()).toBe(defaultGenerator());
    const first = manualSeed(5).uniform();
    expect(defaultGenerator().uniform()).not.toBe(first);
    manualSeed(5);
    expect(defaultGenerator().uniform()).toBe(first);
    expect(new Generator(5).uniform()).toBe(first);
    expect(Object.getOwnPropertyDescriptor(globalThis, Symbol.for("dl/1/rng"))?.value).toBe(defaultGenerator());
  });

  test("generators are known by a brand", () => {
    expect(isGenerator(new Generator(1))).toBe(true);
    expect(isGenerator({ [Symbol.for("dl/generator")]: true })).toBe(true);
    expect([null, 3, {}, Math.random].some(isGenerator)).toBe(false);
  });
});

describe("SYS-07 bad input", () => {
  const rng = new Generator(0);
  const floats = new Float32Array(4);
  test.each<[string, () => unknown, RegExp]>([
    ["NaN seed", () => new Generator(NaN), /seed is NaN/],
    ["fractional seed", () => new Generator(1.5), /seed is 1.5/],
    ["negative seed", () => new Generator(-1), /seed is -1/],
    ["huge seed", () => new Generator(2 ** 53), /seed is 9007199254740992/],
    ["bad manualSeed", () => manualSeed(Infinity), /seed is Infinity/],
    ["int bound 0", () => rng.int(0), /bound is 0/],
    ["int bound negative", () => rng.int(-3), /bound is -3/],
    ["int bound fractional", () => rng.int(2.5), /bound is 2.5/],
    ["int bound NaN", () => rng.int(NaN), /bound is NaN/],
    ["uniform NaN", () => rng.fillUniform(floats, NaN), /NaN to 1 is no interval/],
    ["uniform infinite", () => rng.fillUniform(floats, 0, Infinity), /0 to Infinity is no interval/],
    ["uniform reversed", () => rng.fillUniform(floats, 2, 1), /2 to 1 is no interval/],
    ["uniform overflow", () => rng.fillUniform(floats, -1.7e308, 1.7e308), /is no interval/],
    ["normal mean", () => rng.fillNormal(floats, NaN), /NaN to NaN is no interval/],
    ["normal std", () => rng.fillNormal(floats, 0, -1), /0 to -1 is no interval/],
    ["bernoulli above 1", () => fillBernoulli(rng, floats, 1.01), /p is 1.01/],
    ["bernoulli negative", () => fillBernoulli(rng, floats, -0.1), /p is -0.1/],
    ["bernoulli NaN", () => fillBernoulli(rng, floats, NaN), /p is NaN/],
    ["bernoulli list", () => fillBernoulli(rng, floats, [0, 1, 2, 0]), /p\[2\] is 2/],
    ["bernoulli lengths", () => fillBernoulli(rng, floats, [0, 1]), /2 probabilities for 4 elements/],
    ["fillInt empty", () => fillInt(rng, floats, 3, 3), /3 <= x < 3/],
    ["fillInt fractional", () => fillInt(rng, floats, 0, 2.5), /0 <= x < 2.5/],
    ["fillInt too wide", () => fillInt(rng, new Uint8Array(1), 0, 257), /from 0 to 256 do not all fit/],
    ["permutation negative", () => rng.permutation(-1), /n is -1/],
    ["permutation fractional", () => rng.permutation(0.5), /n is 0.5/],
    ["permutation huge", () => rng.permutation(2 ** 31), /n is 2147483648/],
    ["multinomial negative", () => sampleIndices(rng, [1, -1], 1), /weight -1 at index 1/],
    ["multinomial NaN", () => sampleIndices(rng, [NaN], 1), /weight NaN at index 0/],
    ["multinomial zeros", () => sampleIndices(rng, [0, 0], 1), /no weight among 2/],
    ["multinomial empty", () => sampleIndices(rng, [], 1), /no weight among 0/],
    ["multinomial too many", () => sampleIndices(rng, [1, 0, 1], 3), /cannot draw 3 different outcomes, only 2/],
    ["multinomial count", () => sampleIndices(rng, [1], -1), /numSamples is -1/],
    ["split negative", () => splitGenerator(rng, -1), /key is -1/],
    ["split fractional", () => splitGenerator(rng, 0.5), /key is 0.5/],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(ValueError);
    expect(run).toThrow(message);
  });
});
