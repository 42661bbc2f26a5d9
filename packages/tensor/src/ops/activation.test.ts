import { describe, expect, test } from "vitest";
import { tensor } from "../create.js";
import { rand, randn } from "../create-random.js";
import { all, gelu, geluTanh, logSigmoid, logSoftmax, softmax, softplus } from "../public-ops.js";
import { Generator } from "../random/generator.js";

describe("LIN-04: softmax", () => {
  test("sums to 1 and keeps the order of 1,000 random vectors", () => {
    const x = randn([1000, 7], { generator: new Generator(4) }).mul(5);
    const p = softmax(x, 1);
    expect(p.sum(1).sub(1).abs().max().item()).toBeLessThan(1e-6);
    const order = (row: number[]): number[] => row.map((_, i) => i).sort((a, b) => row[a] - row[b]);
    const rows = (values: ArrayLike<number>): number[][] => Array.from({ length: 1000 }, (_, i) => Array.from(values).slice(7 * i, 7 * i + 7));
    const after = rows(p.dataSync());
    rows(x.dataSync()).forEach((row, i) => { expect(order(after[i])).toEqual(order(row)); });
  });

  test("large logits stay finite", () => {
    expect(softmax(tensor([1e30, 0, -1e30]), 0).toArray()).toEqual([1, 0, 0]);
    expect(logSoftmax(tensor([2, 1, 0.1]).mul(1000), 0).toArray()).toEqual([0, -1000, -1900]);
  });
});

describe("LIN-06: ranges of activations over 100,000 samples", () => {
  const x = rand([100_000], { generator: new Generator(6) }).sub(0.5).mul(40);

  test("sigmoid in (0, 1), tanh in [−1, 1], ReLU ≥ 0", () => {
    const [s, t, r] = [x.sigmoid(), x.tanh(), x.relu()];
    expect(s.min().item()).toBeGreaterThan(0);
    expect(s.max().item()).toBeLessThanOrEqual(1);
    expect(t.abs().max().item()).toBeLessThanOrEqual(1);
    expect(r.min().item()).toBe(0);
    expect(all(r.eq(x.clamp(0, Infinity))).item()).toBe(1);
  });

  test("softplus lies above ReLU, and gelu by tanh within 5e-4 of gelu", () => {
    expect(softplus(x).sub(x.relu()).min().item()).toBeGreaterThanOrEqual(0);
    expect(gelu(x).sub(geluTanh(x)).abs().max().item()).toBeLessThan(5e-4);
    expect(logSigmoid(tensor([-500])).item()).toBe(-500);
  });
});
