import { describe, expect, test } from "vitest";
import { arange, eye, full, linspace, ones, tensor, zeros, zerosLike } from "./create.js";
import { bernoulli, multinomial, permutation, rand, randint, randn } from "./create-random.js";
import type { Nested } from "./op/example.js";
import { all, std } from "./public-ops.js";
import { manualSeed } from "./random/default.js";
import { Generator } from "./random/generator.js";

describe("creation", () => {
  test("nested arrays, typed arrays and scalars", () => {
    expect(tensor([[1, 2], [3, 4]]).shape).toEqual([2, 2]);
    expect(tensor(3.5).shape).toEqual([]);
    expect(tensor([true, false]).dtype).toBe("bool");
    expect(tensor(new Int32Array([1, 2, 3, 4]), { shape: [2, 2] }).toArray()).toEqual([[1, 2], [3, 4]]);
    expect(tensor(new Float64Array(2)).dtype).toBe("float64");
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor(new Uint8Array([0, 7]), { dtype: "bool" }).toArray()).toEqual([false, true]);
    expect(tensor([1, 2, 3, 4], { shape: [2, 2], requiresGrad: true }).isLeaf).toBe(true);
  });

  test("values are copied", () => {
    const values = new Float32Array([1, 2]);
    const x = tensor(values);
    values[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
    x.dataSync()[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });

  const ragged: [Nested, RegExp][] = [
    [[[1, 2], [3]], /expected 2 elements at \[1\], got 1 elements/],
    [[[1], 2], /expected 1 elements at \[1\], got a number/],
    [[1, [2]], /expected a number at \[1\], got 1 elements/],
  ];
  test.each(ragged)("ragged %j is refused with the place", (values, message) => {
    expect(() => tensor(values)).toThrow(message);
  });

  test("filled, counted and spaced", () => {
    expect(full([2], 7).toArray()).toEqual([7, 7]);
    expect(zeros([2, 2], { dtype: "int32" }).toArray()).toEqual([[0, 0], [0, 0]]);
    expect(ones([]).item()).toBe(1);
    expect(arange(3).toArray()).toEqual([0, 1, 2]);
    expect(arange(5, 0, -2).toArray()).toEqual([5, 3, 1]);
    expect(arange(0, 1, 0.25).dtype).toBe("float32");
    expect(linspace(0, 1, 5).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(eye(2, 3).toArray()).toEqual([[1, 0, 0], [0, 1, 0]]);
    expect(zerosLike(ones([2, 1], { dtype: "float64" })).dtype).toBe("float64");
  });

  const refused: [string, () => unknown, RegExp][] = [
    ["fractional size", () => zeros([1.5]), /1.5 in shape \[1.5\] is not a size/],
    ["NaN size", () => ones([NaN]), /is not a size/],
    ["negative size", () => rand([-1]), /is not a size/],
    ["wrong element count", () => tensor(new Float32Array(3), { shape: [2, 2] }), /3 elements do not fill shape \[2, 2\]/],
    ["integer that requires a gradient", () => tensor([1], { dtype: "int32", requiresGrad: true }), /int32 tensor cannot require a gradient/],
    ["steps away from the end", () => arange(0, 5, -1), /cannot go from 0 to 5 in steps of -1/],
    ["a step of zero", () => arange(0, 5, 0), /in steps of 0/],
    ["fractional count", () => linspace(0, 1, 2.5), /count is 2.5/],
    ["random integers as real numbers", () => rand([2], { dtype: "int32" }), /need a float dtype/],
    ["unknown option", () => zeros([1], Object.assign({ dtype: "int32" } as const, { requireGrad: true })), /unknown option "requireGrad"/],
  ];
  test.each(refused)("refused: %s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe("SYS-07: random tensors", () => {
  test("one seed, one stream, whatever else happened before", () => {
    manualSeed(7);
    const first = randn([5]).toArray();
    rand([100]);
    manualSeed(7);
    expect(randn([5]).toArray()).toEqual(first);
    expect(randn([5], { generator: new Generator(3) }).toArray()).toEqual(randn([5], { generator: new Generator(3) }).toArray());
  });

  test("ranges and kinds", () => {
    const generator = new Generator(1);
    const whole = randint(-2, 3, [1000], { generator });
    expect(whole.dtype).toBe("int32");
    expect([whole.min().item(), whole.max().item()]).toEqual([-2, 2]);
    expect(bernoulli([10_000], 0.3, { generator }).mean().item()).toBeCloseTo(0.3, 1);
    expect([...permutation(50, { generator }).dataSync()].sort((a, b) => a - b)).toEqual([...arange(50).dataSync()]);
    const drawn = multinomial(tensor([[0, 1, 0], [1, 0, 1]]), 2000, { generator, replacement: true });
    expect(drawn.shape).toEqual([2, 2000]);
    expect(all(drawn.select(0, 0).eq(1)).item()).toBe(1);
    expect(all(drawn.select(0, 1).ne(1)).item()).toBe(1);
    expect(std(randn([100_000], { generator })).item()).toBeCloseTo(1, 1);
  });
});
