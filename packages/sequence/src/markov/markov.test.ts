import { markovText } from "@dl/data";
import { Generator } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { MarkovChain } from "./index.js";

describe("SEQ-07 Markov chains", () => {
  const text = Array.from("abababac");

  test("count what follows what", () => {
    const chain = new MarkovChain().fit(text);
    expect(chain.probability("b", ["a"])).toBe(0.75);
    expect(chain.probability("c", ["a"])).toBe(0.25);
    expect(chain.probability("a", ["a"])).toBe(0);
    expect(chain.states).toStrictEqual(["a", "b", "c"]);
    expect(chain.transitionMatrix()).toStrictEqual([[0, 0.75, 0.25], [1, 0, 0], [1 / 3, 1 / 3, 1 / 3]]);
  });

  test("smoothing gives every state a share", () => {
    const chain = new MarkovChain({ smoothing: 1 }).fit(text);
    expect(chain.probability("a", ["a"])).toBeCloseTo(1 / 7, 12);
    expect(chain.probability("b", ["a"])).toBeCloseTo(4 / 7, 12);
    expect(chain.probability("d", ["a"])).toBe(0);
  });

  test("a higher order fits its own text at least as well", () => {
    const long = Array.from(markovText({ length: 3000, seed: 4 }).text);
    const nll = [0, 1, 2, 3].map((order) => Math.log(new MarkovChain({ order }).fit(long).perplexity(long)));
    for (let order = 1; order < nll.length; order++) expect(nll[order]).toBeLessThanOrEqual(nll[order - 1]);
    expect(nll[0] - nll[1]).toBeGreaterThan(0.05);
  });

  test("likelihood is the product of the steps", () => {
    const chain = new MarkovChain().fit(text);
    expect(chain.logLikelihood(Array.from("abac"))).toBeCloseTo(Math.log(0.75 * 1 * 0.25), 12);
    expect(chain.perplexity(Array.from("abac"))).toBeCloseTo((0.75 * 0.25) ** (-1 / 3), 12);
    expect(chain.logLikelihood(Array.from("aa"))).toBe(-Infinity);
  });

  test("learns a known chain: transition, entropy rate, stationary shares", () => {
    const known = markovText({ length: 200_000, alphabet: "abc", transition: [[0.5, 0.5, 0], [0.1, 0.6, 0.3], [0.8, 0, 0.2]], seed: 2 });
    const chain = new MarkovChain().fit(Array.from(known.text));
    expect(chain.entropyRate()).toBeCloseTo(known.entropyRate, 2);
    const order = Array.from("abc");
    order.forEach((before, i) => { order.forEach((next, j) => { expect(chain.probability(next, [before])).toBeCloseTo(known.transition[i][j], 2); }); });
    // π solves π = π·P: 0.8·c + 0.1·b = 0.5·a and 0.3·b = 0.8·c.
    const total = 1 / 0.5 * (0.1 + 0.3) + 1 + 0.3 / 0.8;
    expect(chain.stationary().get("b")).toBeCloseTo(1 / total, 2);
    expect([...chain.stationary().values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  test("a chain that goes round has a stationary distribution, too", () => {
    expect([...new MarkovChain().fit(Array.from("abababa")).stationary().values()]).toStrictEqual([0.5, 0.5]);
  });

  test("samples are as likely as they should be, and the same with the same seed", () => {
    const chain = new MarkovChain().fit(text);
    const draw = (seed: number): string => chain.sample({ length: 4000, start: ["a"], generator: new Generator(seed) }).join("");
    const drawn = draw(3);
    expect(drawn).toHaveLength(4001);
    const afterA = [...drawn.matchAll(/a(?=(.))/g)].map(([, next]) => next);
    expect(afterA.filter((next) => next === "b").length / afterA.length).toBeCloseTo(0.75, 1);
    expect(drawn).toBe(draw(3));
    expect(drawn).not.toBe(draw(4));
  });

  test("order 2 looks at two states; numbers are states, too", () => {
    const chain = new MarkovChain<number>({ order: 2 }).fit([1, 1, 2, 1, 1, 3]);
    expect(chain.probability(2, [9, 1, 1])).toBe(0.5);
    expect(chain.probability(1, [1, 2])).toBe(1);
    expect(chain.probability(1, [3, 3])).toBe(1 / 3);
    expect(chain.sample({ length: 3, generator: new Generator(1) })).toHaveLength(5);
  });

  test.each<[string, () => unknown, string]>([
    ["a short text", () => new MarkovChain({ order: 3 }).fit(["a"]), "the sequence has 1 states for an order of 3"],
    ["questions before fit", () => new MarkovChain().probability("a", ["b"]), "the chain has seen nothing"],
    ["a short history", () => new MarkovChain({ order: 2 }).fit(text).probability("a", ["b"]), "the history has 1 states for an order of 2"],
    ["the matrix of a higher order", () => new MarkovChain({ order: 2 }).fit(text).transitionMatrix(), "the order is 2"],
    ["a negative smoothing", () => new MarkovChain({ smoothing: -1 }), "smoothing is -1"],
  ])("refuse %s", (_, call, message) => { expect(call).toThrow(message); });
});
