import { Generator } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawId, likeliestId, logProbabilitiesOf, minP, probabilitiesOf, rankedIds, repetitionPenalty, topK, topP, withTemperature } from "./index.js";

const logits = [1, 3, -2, 3, 0.5];
const openIds = (values: ArrayLike<number>): number[] => Array.from(values).flatMap((value, id) => (value > -Infinity ? [id] : []));
const anyLogits = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 20 });

describe("RNN-02 samplers", () => {
  test("probabilities and their logarithms", () => {
    const powers = logits.map(Math.exp);
    const total = powers.reduce((a, b) => a + b);
    probabilitiesOf(logits).forEach((p, id) => { expect(p).toBeCloseTo(powers[id] / total, 12); });
    logProbabilitiesOf(logits).forEach((p, id) => { expect(p).toBeCloseTo(Math.log(powers[id] / total), 12); });
    expect(Array.from(probabilitiesOf([1e4, -Infinity, 1e4]))).toStrictEqual([0.5, 0, 0.5]);
  });

  test("ranks and the likeliest, the first of equals", () => {
    expect(Array.from(rankedIds(logits))).toStrictEqual([1, 3, 0, 4, 2]);
    expect(likeliestId(logits)).toBe(1);
    expect(Array.from(rankedIds([-Infinity, 0, -Infinity]))).toStrictEqual([1, 0, 2]);
  });

  test("temperature divides", () => {
    expect(Array.from(withTemperature(logits, 0.5))).toStrictEqual(logits.map((x) => 2 * x));
  });

  test("topK leaves the k likeliest, of equals the first", () => {
    expect(openIds(topK(logits, 1))).toStrictEqual([1]);
    expect(openIds(topK(logits, 3))).toStrictEqual([0, 1, 3]);
    expect(Array.from(topK(logits, 9))).toStrictEqual(logits);
    expect(openIds(topK([1, 1, 1, 1], 2))).toStrictEqual([0, 1]);
  });

  test("topP leaves the fewest ids that make up p", () => {
    const values = [0.5, 0.3, 0.15, 0.05].map(Math.log);
    expect(openIds(topP(values, 0.4))).toStrictEqual([0]);
    expect(openIds(topP(values, 0.6))).toStrictEqual([0, 1]);
    expect(openIds(topP(values, 0.94))).toStrictEqual([0, 1, 2]);
    expect(openIds(topP(values, 1))).toStrictEqual([0, 1, 2, 3]);
  });

  test("minP leaves ids with at least that part of the greatest probability", () => {
    const values = [0.5, 0.3, 0.15, 0.05].map(Math.log);
    expect(openIds(minP(values, 0.5))).toStrictEqual([0, 1]);
    expect(openIds(minP(values, 0.2))).toStrictEqual([0, 1, 2]);
    expect(openIds(minP(values, 0))).toStrictEqual([0, 1, 2, 3]);
  });

  test("a repetition is made less likely on either side of 0, once", () => {
    expect(Array.from(repetitionPenalty(logits, [1, 2, 1], 2))).toStrictEqual([1, 1.5, -4, 3, 0.5]);
  });

  test("all leave what they are given as it is, and keep the likeliest id", () => {
    fc.assert(fc.property(anyLogits, fc.integer({ min: 1, max: 20 }), fc.double({ min: 1e-3, max: 1, noNaN: true }), (values, k, p) => {
      const before = [...values];
      for (const changed of [withTemperature(values, p), topK(values, k), topP(values, p), minP(values, p)]) {
        expect(changed.length).toBe(values.length);
        expect(likeliestId(changed)).toBe(likeliestId(values));
      }
      expect(openIds(topK(values, k)).length).toBe(Math.min(k, values.length));
      const kept = openIds(topP(values, p)).reduce((sum, id) => sum + probabilitiesOf(values)[id], 0);
      expect(kept).toBeGreaterThanOrEqual(p - 1e-9);
      expect(values).toStrictEqual(before);
    }));
  });

  test("T = 1 draws by the probabilities: χ² of 20,000 draws, p > .01", () => {
    const probabilities = [0.4, 0.3, 0.15, 0.1, 0.05];
    const counts = probabilities.map(() => 0);
    const generator = new Generator(5);
    for (let i = 0; i < 20_000; i++) counts[drawId(probabilities.map(Math.log), generator)] += 1;
    const statistic = probabilities.reduce((sum, p, id) => sum + (counts[id] - 20_000 * p) ** 2 / (20_000 * p), 0);
    // The 99 % point of χ² with 4 degrees of freedom.
    expect(statistic).toBeLessThan(13.277);
  });

  test("what is barred is never drawn", () => {
    const generator = new Generator(1);
    for (let i = 0; i < 1000; i++) expect([1, 3]).toContain(drawId(topK(logits, 2), generator));
  });

  test.each<[string, () => unknown, string]>([
    ["a temperature of 0", () => withTemperature(logits, 0), "withTemperature: temperature is 0"],
    ["a topK of 0", () => topK(logits, 0), "topK: k is 0"],
    ["a topP of 0", () => topP(logits, 0), "topP: p is 0. Give a number above 0, up to 1"],
    ["a topP above 1", () => topP(logits, 1.1), "topP: p is 1.1"],
    ["a minP above 1", () => minP(logits, 2), "minP: p is 2"],
    ["a penalty of 0", () => repetitionPenalty(logits, [], 0), "repetitionPenalty: penalty is 0"],
  ])("refuse %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});
