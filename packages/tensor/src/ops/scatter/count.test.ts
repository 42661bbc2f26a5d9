import { describe, expect, test } from "vitest";
import { tensor, zeros } from "../../create.js";
import { bincount, histogram } from "./count.js";

const whole = (values: readonly number[]) => tensor(values, { dtype: "int32" });

describe("bincount", () => {
  test("counts whole numbers, up to the largest or further", async () => {
    const counts = await bincount(whole([1, 1, 3]));
    expect([counts.dtype, counts.toArray()]).toEqual(["int32", [0, 2, 0, 1]]);
    expect((await bincount(whole([1, 1, 3]), { minLength: 6 })).toArray()).toEqual([0, 2, 0, 1, 0, 0]);
    expect((await bincount(whole([]))).shape).toEqual([0]);
  });

  test("adds up weights", async () => {
    const counts = await bincount(whole([2, 0, 2]), { weights: tensor([0.5, 1, 0.25]) });
    expect([counts.dtype, counts.toArray()]).toEqual(["float32", [1, 0, 0.75]]);
  });

  test.each([
    [() => bincount(whole([1, -2])), "bincount: element -2 at position 1 is negative"],
    [() => bincount(tensor([1])), "bincount: x is float32"],
    [() => bincount(whole([1]).unsqueeze(0)), "bincount: x has shape [1, 1]"],
    [() => bincount(whole([1]), { weights: zeros([2]) }), "bincount: x has shape [1], the weights [2]"],
    [() => bincount(whole([1]), { minLength: -1 }), "bincount: minLength is -1"],
  ])("refuses bad input: %#", async (call, message) => {
    await expect(call()).rejects.toThrow(message);
  });
});

describe("histogram, with the values of torch.histogram", () => {
  test("of equal bins over the values' own range; the last bin includes its upper edge", () => {
    const { counts, edges } = histogram(tensor([1, 2, 3, 5]), 2);
    expect([counts.toArray(), edges.toArray()]).toEqual([[2, 2], [1, 3, 5]]);
    expect(histogram(tensor([1, 2, 3, 5]), 2, { density: true }).counts.toArray()).toEqual([0.25, 0.25]);
  });

  test("leaves out what lies outside of the range, and NaN", () => {
    const { counts, edges } = histogram(tensor([-1, 0, 0.5, 1, 2, 2.5, NaN]), 2, { range: [0, 2] });
    expect([counts.toArray(), edges.toArray()]).toEqual([[2, 2], [0, 1, 2]]);
  });

  test("between given edges", () => {
    const { counts } = histogram(tensor([0.5, 1, 2, 3, 5, 2.9]), [1, 2, 3]);
    expect(counts.toArray()).toEqual([1, 3]);
    expect(histogram(tensor([0.5, 1, 2, 3, 5, 2.9], { dtype: "float64" }), [0.1, 0.7], { weight: tensor([3, 1, 1, 1, 1, 1]) }).counts.toArray()).toEqual([3]);
  });

  test("widens a range without width, and knows no elements", () => {
    expect(histogram(tensor([2, 2]), 4).edges.toArray()).toEqual([1.5, 1.75, 2, 2.25, 2.5]);
    expect(histogram(tensor([2, 2]), 4).counts.toArray()).toEqual([0, 0, 2, 0]);
    expect(histogram(zeros([0]), 2).counts.toArray()).toEqual([0, 0]);
    expect(histogram(whole([1, 2, 2]), 2).counts.dtype).toBe("float32");
  });

  test.each([
    [() => histogram(tensor([1]), [2, 1]), "histogram: the edges are [2, 1]"],
    [() => histogram(tensor([1]), 0), "histogram: bins is 0"],
    [() => histogram(tensor([1]), 2, { range: [1, 0] }), "histogram: the range is [1, 0]"],
    [() => histogram(tensor([1]), 2, { weight: zeros([2]) }), "histogram: the weights have shape [2], x has [1]"],
  ])("refuses bad input: %#", (call, message) => {
    expect(call).toThrow(message);
  });
});
