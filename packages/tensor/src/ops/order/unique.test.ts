import { describe, expect, test } from "vitest";
import { tensor, zeros } from "../../create.js";
import type { Tensor } from "../../tensor.js";
import { maskedSelect, nonzero, unique } from "./unique.js";
import type { Unique } from "./unique.js";

const shown = ({ values, inverse, counts }: Unique): unknown[] => [values, inverse, counts].map((x: Tensor) => x.toArray());

describe("unique", () => {
  test("gives distinct elements in order, where each went, and counts", async () => {
    expect(shown(await unique(tensor([[3, 1, 2], [1, 3, 3]])))).toEqual([[1, 2, 3], [[2, 0, 1], [0, 2, 2]], [2, 1, 3]]);
    expect(shown(await unique(tensor([true, false, true])))).toEqual([[false, true], [1, 0, 1], [1, 2]]);
    expect(shown(await unique(tensor([7, -7, 7], { dtype: "int32" })))).toEqual([[-7, 7], [1, 0, 1], [1, 2]]);
  });

  test("takes every NaN for itself, as PyTorch", async () => {
    expect(shown(await unique(tensor([NaN, 1, NaN])))).toEqual([[1, NaN, NaN], [1, 0, 2], [1, 1, 1]]);
  });

  test("compares whole slices along a dim", async () => {
    const x = tensor([[1, 2], [0, 5], [1, 0], [0, 5]]);
    expect(shown(await unique(x, { dim: 0 }))).toEqual([[[0, 5], [1, 0], [1, 2]], [2, 0, 1, 0], [2, 1, 1]]);
    expect(shown(await unique(x.transpose(), { dim: -1 }))).toEqual([[[0, 1, 1], [5, 0, 2]], [2, 0, 1, 0], [2, 1, 1]]);
  });

  test("knows no and empty elements", async () => {
    expect(shown(await unique(zeros([0])))).toEqual([[], [], []]);
    expect((await unique(zeros([3, 0]), { dim: 0 })).counts.toArray()).toEqual([3]);
    expect(shown(await unique(tensor(5)))).toEqual([[5], 0, [1]]);
  });

  test("refuses options that do not exist", async () => {
    const options: object = { sorted: true };
    await expect(unique(tensor([1]), options)).rejects.toThrow('unique: unknown option "sorted"');
  });
});

describe("nonzero", () => {
  test("lists indices row-major", async () => {
    const found = await nonzero(tensor([[0, 1], [2, 0], [NaN, 0]]));
    expect([found.dtype, found.toArray()]).toEqual(["int32", [[0, 1], [1, 0], [2, 0]]]);
    expect((await nonzero(tensor([[true, false], [false, true]]).transpose())).toArray()).toEqual([[0, 0], [1, 1]]);
  });

  test("gives [K, ndim] for none and for 0-d tensors", async () => {
    expect((await nonzero(zeros([2, 2]))).shape).toEqual([0, 2]);
    expect((await nonzero(tensor(3))).shape).toEqual([1, 0]);
  });
});

describe("maskedSelect", () => {
  test("broadcasts both", async () => {
    const x = tensor([[1, 2, 3], [4, 5, 6]]);
    expect((await maskedSelect(x, x.gt(2))).toArray()).toEqual([3, 4, 5, 6]);
    expect((await maskedSelect(x, tensor([true, false, true]))).toArray()).toEqual([1, 3, 4, 6]);
    expect((await maskedSelect(tensor([7, 8]), tensor([[true], [false]]))).toArray()).toEqual([7, 8]);
    expect((await maskedSelect(x, x.gt(9))).shape).toEqual([0]);
  });

  test("refuses other masks than bool ones", async () => {
    await expect(maskedSelect(tensor([1]), tensor([1]))).rejects.toThrow("maskedSelect: the mask is float32. Compare first: x.gt(0).");
  });
});
