import { Generator, arange, rand, tensor, zeros, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { drawnBeta } from "./beta.js";
import { CutMix, MixUp } from "./mixing.js";

const values = (x: Tensor): number[] => Array.from(x.dataSync());
const labels = tensor([0, 1, 2, 1], { dtype: "int32" });
/** Picture n holds n everywhere. */
const x = arange(0, 4).to("float32").reshape([4, 1, 1, 1]).expand([4, 3, 8, 10]);

describe("CNN-06 Beta", () => {
  test.each([0.2, 0.7, 1, 2, 8])("has its mean and variance for shape %d", (alpha) => {
    const generator = new Generator(1);
    const draws = Array.from({ length: 20_000 }, () => drawnBeta(generator, alpha));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(variance * 4 * (2 * alpha + 1) - 1)).toBeLessThan(0.03);
    expect(draws.every((draw) => draw >= 0 && draw <= 1)).toBe(true);
  });
});

describe("CNN-06 MixUp and CutMix", () => {
  test.each([1, 2, 3, 4, 5])("targets are the parts that the pictures have, and add up to 1: seed %i", (seed) => {
    for (const mixing of [new MixUp(3), new CutMix(3)]) {
      const mixed = mixing.forward({ x, y: labels }, new Generator(seed));
      expect(mixed.y.shape).toEqual([4, 3]);
      for (const row of mixed.y.toArray() as number[][]) expect(row.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 6);
      // Picture 2 is mixed with picture 1: its mean says how much of it is left.
      const kept = mixed.x.select(0, 2).mean().item() - 1;
      expect(mixed.y.select(0, 2).toArray()).toEqual([0, expect.closeTo(1 - kept, 5), expect.closeTo(kept, 5)]);
      expect(mixed.y.select(0, 0).toArray()).toEqual([expect.closeTo(kept, 5), expect.closeTo(1 - kept, 5), 0]);
      expect(values(mixing.forward({ x, y: labels }, new Generator(seed)).x)).toEqual(values(mixed.x));
    }
  });

  test("CutMix puts one rectangle of the picture before into each", () => {
    const sizes = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      const plane = new CutMix(3).forward({ x, y: labels }, new Generator(seed)).x.select(0, 3).select(0, 0).toArray() as number[][];
      const rows = plane.flatMap((row, i) => (row.includes(2) ? [i] : []));
      const columns = plane[rows[0] ?? 0].flatMap((value, i) => (value === 2 ? [i] : []));
      plane.forEach((row, i) => { row.forEach((value, j) => { expect(value).toBe(rows.includes(i) && columns.includes(j) ? 2 : 3); }); });
      sizes.add(`${rows.length}×${columns.length}`);
    }
    expect(sizes.size).toBeGreaterThan(10);
  });

  test("probabilities are mixed as they are", () => {
    const soft = rand([4, 3], { generator: new Generator(1) });
    const { y } = new MixUp(3).forward({ x, y: soft }, new Generator(2));
    const kept = new MixUp(3).forward({ x, y: labels }, new Generator(2)).y.select(0, 0).select(0, 0).item();
    const [first, second] = [soft.select(0, 0).select(0, 2).item(), soft.select(0, 1).select(0, 2).item()];
    expect(y.select(0, 1).select(0, 2).item()).toBeCloseTo(kept * second + (1 - kept) * first, 5);
  });

  test("what does not fit is refused", () => {
    const mix = new MixUp(3);
    const two = tensor([0, 1], { dtype: "int32" });
    expect(() => mix.forward({ x, y: two })).toThrow("MixUp: y is int32 [2] for 4 images. Give class indices [4], or probabilities [4, 3].");
    expect(() => mix.forward({ x, y: tensor([0, 1, 2, 3], { dtype: "int32" }) })).toThrow("index 3");
    expect(() => mix.forward({ x: zeros([3, 8, 8]), y: labels })).toThrow("x is a single picture");
    expect(() => mix.forwardBatch({ x, y: labels }, new Generator(1), "mask")).toThrow("Only class labels can be mixed");
    expect(() => new CutMix(3, { alpha: 0 })).toThrow("alpha is 0");
    expect(() => new CutMix(0)).toThrow("numClasses is 0");
  });
});
