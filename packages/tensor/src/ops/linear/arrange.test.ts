import { describe, expect, test } from "vitest";
import { createReferenceBackend } from "../../backend/reference/backend.js";
import { tensor, zeros } from "../../create.js";
import type { Tensor } from "../../tensor.js";
import { broadcastTensors, cartesianProd, meshgrid, repeatInterleave, tensorSplit, unbind } from "./arrange.js";
import { einsum } from "./einsum.js";

const shown = (list: readonly Tensor[]): unknown[] => list.map((x) => x.toArray());

describe("several outputs", () => {
  test("unbind gives the slices along a dim", () => {
    const x = tensor([[1, 2, 3], [4, 5, 6]]);
    expect(shown(unbind(x))).toEqual([[1, 2, 3], [4, 5, 6]]);
    expect(shown(unbind(x, -1))).toEqual([[1, 4], [2, 5], [3, 6]]);
    expect(() => unbind(tensor(1))).toThrow("unbind: a 0-d tensor has no slices");
  });

  test("tensorSplit gives as many pieces as asked, the first ones larger", () => {
    const x = tensor([1, 2, 3, 4, 5]);
    expect(shown(tensorSplit(x, 3))).toEqual([[1, 2], [3, 4], [5]]);
    expect(shown(tensorSplit(x, 7)).at(-1)).toEqual([]);
    expect(() => tensorSplit(x, 0)).toThrow("tensorSplit: sections is 0");
  });

  test("tensorSplit cuts before positions, as torch.tensor_split", () => {
    const x = tensor([[1, 2, 3, 4]]);
    expect(shown(tensorSplit(x, [1, 3], 1))).toEqual([[[1]], [[2, 3]], [[4]]]);
    expect(shown(tensorSplit(x, [3, -2, 9], 1))).toEqual([[[1, 2, 3]], [[]], [[3, 4]], [[]]]);
  });

  test("broadcastTensors and meshgrid stretch without copying", () => {
    const [a, b] = [tensor([1, 2]), tensor([[3], [4], [5]])];
    expect(broadcastTensors(a, b).map((x) => [x.shape, x.buffer])).toEqual([[[3, 2], a.buffer], [[3, 2], b.buffer]]);
    expect(() => broadcastTensors(a, zeros([3]))).toThrow("shapes [2] and [3] do not broadcast");
    expect(meshgrid([a, tensor(7)]).map(({ shape }) => shape)).toEqual([[2, 1], [2, 1]]);
    expect(cartesianProd(a).toArray()).toEqual([1, 2]);
    const options: object = { indexing: "ji" };
    expect(() => meshgrid([a], options)).toThrow('meshgrid: unknown indexing "ji". Use "ij" or "xy".');
  });
});

describe("repeatInterleave with a tensor of repeats", () => {
  const bare = { ...createReferenceBackend(), name: "later" };
  delete bare.readSync;

  test("needs the output size where it cannot read the repeats", async () => {
    const [x, repeats] = [tensor([5, 6], { backend: bare }), tensor([2, 1], { dtype: "int32", backend: bare })];
    expect(Array.from(await repeatInterleave(x, repeats, { outputSize: 3 }).data())).toEqual([5, 5, 6]);
    expect(() => repeatInterleave(x, repeats)).toThrow('repeatInterleave: backend "later" can only be read asynchronously. Give outputSize, the sum of the repeats.');
  });

  test("refuses negative repeats and other dtypes", () => {
    expect(() => repeatInterleave(tensor([1, 2]), tensor([1, -1], { dtype: "int32" }))).toThrow("repeatInterleave: repeats[1] is -1");
    expect(() => repeatInterleave(tensor([1, 2]), tensor([1, 1]))).toThrow("repeatInterleave: the repeats are float32");
  });

  test("knows no slices", () => {
    expect(repeatInterleave(zeros([0, 3]), tensor(2, { dtype: "int32" }), { dim: 0 }).shape).toEqual([0, 3]);
  });
});

describe("einsum on the edge", () => {
  test("sums over no elements are 0", () => {
    expect(einsum("ij,jk->ik", zeros([2, 0]), zeros([0, 3])).toArray()).toEqual([[0, 0, 0], [0, 0, 0]]);
    expect(einsum("ij,ij->", zeros([0, 2]), zeros([0, 2])).item()).toBe(0);
  });

  test("promotes dtypes; truth values are counted", () => {
    const mask = tensor([true, false, true]);
    expect([einsum("i,i", mask, mask).dtype, einsum("i,i", mask, mask).item()]).toEqual(["int32", 2]);
    expect(einsum("i,i", mask, tensor([0.5, 1, 2])).item()).toBe(2.5);
  });

  test.each([
    ["ij->i->j", "has several arrows"],
    ["......", "has several ellipses"],
    ["...i,...i", "names 2 operands, got 1"],
    ["i...", '"i..." names 1 dims, operand 0 has shape []'],
  ])("%s is refused", (equation, message) => {
    expect(() => einsum(equation, tensor(1))).toThrow(message);
  });

  test("a size that differs inside of the ellipsis is named", () => {
    expect(() => einsum("...i,...i", zeros([2, 3]), zeros([4, 3]))).toThrow('dim 0 of "..." in "...i,...i" is 2 in operand 0 and 4 in operand 1');
  });
});
