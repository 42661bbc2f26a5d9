import { backward } from "@dl/autograd";
import { dynamicK, kMaxPool1d, maxPool1d, ones, tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { KMaxPool1d, MaxPool2d, MaxUnpool2d } from "./index.js";

describe("k-max pooling (TXT-06)", () => {
  const line = tensor([3, 71, 9, 2, 1, 19, 27, 13, 6, 49], { requiresGrad: true });

  test("the four largest in their order, with gradient 1 at their places", () => {
    const y = new KMaxPool1d(4).forward(line);
    expect(y.toArray()).toEqual([71, 19, 27, 49]);
    backward(y.sum());
    expect(line.grad?.toArray()).toEqual([0, 1, 0, 0, 0, 1, 1, 0, 0, 1]);
  });

  test("of equal elements the first", () => {
    const x = tensor([2, 7, 7, 7], { requiresGrad: true });
    backward(kMaxPool1d(x, 2).sum());
    expect(x.grad?.toArray()).toEqual([0, 1, 1, 0]);
  });

  test("with k = 1 it is the maximum", () => {
    const x = tensor([[[1, 4, 2], [0, -1, -3]]]);
    expect(kMaxPool1d(x, 1).toArray()).toEqual(maxPool1d(x, 3).toArray());
  });

  test("k that follows the length", () => {
    expect([dynamicK(18, { layer: 1, layers: 3, top: 3 }), dynamicK(18, { layer: 2, layers: 3, top: 3 }), dynamicK(5, { layer: 2, layers: 3, top: 3 })]).toEqual([12, 6, 3]);
  });

  test("what it cannot do is refused", () => {
    expect(() => new KMaxPool1d(0)).toThrow("KMaxPool1d: k is 0");
    expect(() => new KMaxPool1d(5).forward(ones([2, 3]))).toThrow("has fewer than 5 elements");
  });
});

test("SEG-03 unpooling puts maxima back, at odd sizes too", () => {
  const pool = new MaxPool2d(2);
  const { values, indices } = pool.forwardWithIndices(tensor([[[1, 2, 0], [3, 4, 0], [5, 6, 9]]]));
  expect(new MaxUnpool2d(2, { outputSize: [3, 3] }).forward(values, indices).toArray()).toEqual([[[0, 0, 0], [0, 4, 0], [0, 0, 0]]]);
  expect(() => new MaxPool2d(2, { padding: 2 }).forward(ones([1, 4, 4]))).toThrow("padding 2 is more than half of kernel 2");
});
