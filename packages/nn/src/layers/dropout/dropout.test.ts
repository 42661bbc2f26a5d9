import { backward } from "@dl/autograd";
import { Generator, manualSeed, ones, randn } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { AlphaDropout, Dropout, Dropout1d, Dropout2d, FeatureAlphaDropout } from "./index.js";

const values = (x: Tensor): number[] => Array.from(x.dataSync());

describe("dropout (CNN-07)", () => {
  test("kept values are doubled for p = 0.5, and the mean stays within 1 %", () => {
    manualSeed(1);
    const y = values(new Dropout(0.5).forward(ones([100_000])));
    expect(new Set(y)).toEqual(new Set([0, 2]));
    expect(Math.abs(y.reduce((a, b) => a + b) / y.length - 1)).toBeLessThan(0.01);
  });

  test("evaluation gives the input itself", () => {
    const x = randn([5, 5]);
    expect(new Dropout(0.5).eval().forward(x)).toBe(x);
    expect(new AlphaDropout(0.5).eval().forward(x)).toBe(x);
  });

  test("the gradient's mask is the forward's", () => {
    manualSeed(2);
    const x = ones([1000], { requiresGrad: true });
    const y = new Dropout(0.3).forward(x);
    backward(y.sum());
    expect(x.grad === null ? [] : values(x.grad)).toEqual(values(y));
  });

  test("the seed decides, of the layer's own generator too", () => {
    const draw = (): number[] => values(new Dropout(0.5, { generator: new Generator(7) }).forward(ones([50])));
    expect(draw()).toEqual(draw());
  });

  test.each([[new Dropout1d(0.5), [8, 4, 3]], [new Dropout2d(0.5), [8, 4, 3, 2]]] as const)("whole channels go together", (layer, shape) => {
    manualSeed(3);
    const rows = layer.forward(ones(shape)).flatten(2).toArray() as number[][][];
    const channels = rows.flat();
    expect(channels.every((channel) => channel.every((value) => value === channel[0]))).toBe(true);
    expect(new Set(channels.map(([first]) => first))).toEqual(new Set([0, 2]));
  });

  test("alpha dropout keeps mean 0 and variance 1", () => {
    manualSeed(4);
    for (const layer of [new AlphaDropout(0.3), new FeatureAlphaDropout(0.3)]) {
      const y = layer.forward(randn([200, 500]));
      expect(Math.abs(y.mean().item())).toBeLessThan(0.02);
      expect(Math.abs(y.square().mean().item() - 1)).toBeLessThan(0.02);
    }
  });

  test("bad arguments are refused", () => {
    expect(() => new Dropout(1.5)).toThrow("Dropout: p is 1.5. Give a probability from 0 to 1.");
    expect(() => new Dropout2d(0.5).forward(ones([3, 3]))).toThrow("Dropout2d: x has shape [3, 3]. Give channels with 2 spatial dims");
  });
});
