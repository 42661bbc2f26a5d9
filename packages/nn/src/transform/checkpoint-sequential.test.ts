import { backward } from "@dl/autograd";
import { ValueError } from "@dl/registry";
import { Generator, manualSeed, randn } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { BatchNorm1d, Dropout, Linear, ReLU, Sequential, Tanh } from "../layers/index.js";
import { mseLoss } from "../losses/index.js";
import type { Module } from "../module/index.js";
import { memoriesOf, tensorsBefore } from "../summary/tape.js";
import { checkpointSequential } from "./index.js";

/** Dropout from both kinds of generators, and running statistics. */
function model(): Sequential {
  manualSeed(3);
  const masks = new Generator(9);
  const block = (): Module[] => [new Linear(6, 6), new BatchNorm1d(6), new ReLU(), new Dropout(0.3), new Linear(6, 6), new Tanh(), new Dropout(0.2, { generator: masks })];
  return new Sequential(...[...block(), ...block()] as Sequential[]);
}

const bits = (x: Tensor | null): number[] => [...(x?.dataSync() ?? [])];

/** Gradients, running statistics and what is drawn next, after two steps of forward and backward. */
function traces(forward: (chain: Sequential, x: Tensor) => Tensor): unknown {
  const chain = model();
  const x = randn([8, 6], { generator: new Generator(1), requiresGrad: true });
  const losses = [0, 1].map(() => {
    const loss = mseLoss(forward(chain, x), x.detach());
    backward(loss);
    return loss.item();
  });
  return [losses, bits(x.grad), chain.namedParameters().map(([key, { grad }]) => [key, bits(grad)]), chain.namedBuffers().map(([key, value]) => [key, bits(value)]), randn([1]).item()];
}

describe("checkpointSequential", () => {
  test.each([[1], [2], [3], [5], [14]])("%i segments leave the bits of the plain chain: losses, gradients, running statistics, random numbers", (segments) => {
    const wanted = traces((chain, x) => chain.forward(x));
    expect(traces((chain, x) => checkpointSequential(chain, segments, x))).toStrictEqual(wanted);
  });

  test("keeps less memory until backward", () => {
    const chain = model();
    const x = randn([8, 6]);
    const kept = (y: Tensor): number => memoriesOf(tensorsBefore([y]), chain.parameters()).reduce((sum, { bytes }) => sum + bytes, 0);
    const [plain, lean] = [kept(chain.forward(x)), kept(checkpointSequential(chain, 4, x))];
    // Ends of segments and the input against the outputs of all layers.
    expect(lean).toBeLessThan(plain * 0.6);
  });

  test.each([[0], [15], [1.5], [-1]])("refuses %s segments", (segments) => {
    expect(() => checkpointSequential(model(), segments, randn([8, 6]))).toThrow(ValueError);
    expect(() => checkpointSequential(model(), segments, randn([8, 6]))).toThrow(/for a chain of 14 layers/);
  });
});
