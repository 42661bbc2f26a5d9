import { BackendError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { createReferenceBackend } from "./backend/reference/backend.js";
import { arange, ones, tensor, zeros } from "./create.js";
import { randn } from "./create-random.js";
import { flip, gelu, lerp, minimum, unflatten, unfold } from "./public-ops.js";
import type { Tensor } from "./tensor.js";

const counting = (shape: number[]): Tensor => arange(shape.reduce((a, b) => a * b, 1)).to("float32").reshape(shape);

describe("views", () => {
  test("share memory and copy only where strides leave no other way", () => {
    const x = counting([2, 3, 4]);
    for (const view of [x.transpose(), x.permute([2, 0, 1]), x.slice(1, 1), x.select(0, 1), x.expand([5, 2, 3, 4]), x.reshape([6, 4]), x.unsqueeze(0), unfold(x, 2, 2, 1)]) {
      expect(view.buffer).toBe(x.buffer);
    }
    expect(x.transpose().reshape([24]).buffer).not.toBe(x.buffer);
    expect(x.slice(0, 1).flatten().buffer).toBe(x.buffer);
  });

  test("chains of views read the right elements", () => {
    const x = counting([3, 4]);
    expect(x.transpose().slice(0, 1, 4, 2).toArray()).toEqual([[1, 5, 9], [3, 7, 11]]);
    expect(x.slice(0, -2).select(1, -1).toArray()).toEqual([7, 11]);
    expect(flip(x, [0, 1]).select(0, 0).toArray()).toEqual([11, 10, 9, 8]);
    expect(unflatten(x, 1, [2, -1]).shape).toEqual([3, 2, 2]);
    expect(x.unsqueeze(1).squeeze().shape).toEqual([3, 4]);
    expect(counting([1, 2, 1]).squeeze(0).shape).toEqual([2, 1]);
  });

  const refused: [string, () => unknown, RegExp][] = [
    ["two unknown sizes", () => counting([6]).reshape([-1, -1]), /Only one size may be -1/],
    ["elements that do not fit", () => counting([6]).reshape([4]), /6 elements cannot take shape \[4\]/],
    ["stretching a size that is not 1", () => counting([2, 3]).expand([4, 3]), /does not stretch to \[4, 3\]/],
    ["dim out of range", () => counting([2, 3]).transpose(0, 2), /dim 2 is out of range for 2 dimensions. Use a dim from -2 to 1/],
    ["index out of range", () => counting([2, 3]).select(0, 2), /index 2 is out of range for dim 0 of shape \[2, 3\]/],
    ["fractional position", () => counting([4]).slice(0, 0.5), /not whole numbers/],
    ["zero step", () => counting([4]).slice(0, 0, 4, 0), /step is 0/],
    ["a window larger than the line", () => unfold(counting([4]), 0, 5, 1), /window of 5 does not fit/],
  ];
  test.each(refused)("refused: %s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe("arithmetic", () => {
  test("dtypes promote as in PyTorch", () => {
    const [i, f, d, b] = [tensor([1, 2], { dtype: "int32" }), tensor([1, 2]), tensor([1, 2], { dtype: "float64" }), tensor([true, false])];
    expect(i.add(1).dtype).toBe("int32");
    expect(i.add(0.5).dtype).toBe("float32");
    expect(i.div(2).dtype).toBe("float32");
    expect(i.add(f).dtype).toBe("float32");
    expect(f.add(d).dtype).toBe("float64");
    expect(b.add(b).dtype).toBe("int32");
    expect(i.exp().dtype).toBe("float32");
    expect(i.eq(f).dtype).toBe("bool");
    expect(i.mul(b).toArray()).toEqual([1, 0]);
  });

  test("int32 wraps around", () => {
    const big = tensor([2147483647], { dtype: "int32" });
    expect(big.add(1).item()).toBe(-2147483648);
    expect(tensor([123456789], { dtype: "int32" }).mul(987654321).item()).toBe(Math.imul(123456789, 987654321));
  });

  test("formulas longer than a chunk, strided and broadcast, equal plain loops", () => {
    const x = randn([3, 1500]);
    const y = randn([1500, 3]);
    const row = randn([3, 1]);
    const out = lerp(x, y.transpose(), row).dataSync();
    const [a, b, w] = [x.dataSync(), y.dataSync(), row.dataSync()];
    for (const k of [0, 1023, 1024, 2999, 4499]) {
      const [i, j] = [Math.floor(k / 1500), k % 1500];
      expect(out[k]).toBeCloseTo(a[k] + w[i] * (b[j * 3 + i] - a[k]), 5);
    }
    expect(gelu(x).slice(1, 1400).dataSync()).toEqual(gelu(x.slice(1, 1400)).dataSync());
  });

  test("NaN and infinities go through", () => {
    const x = tensor([NaN, Infinity, -Infinity]);
    expect(x.relu().toArray()).toEqual([NaN, Infinity, 0]);
    expect(minimum(x, 0).toArray()).toEqual([NaN, 0, -Infinity]);
    expect(x.clamp(-1, 1).toArray()).toEqual([NaN, 1, -1]);
  });

  test("a number must meet a tensor, on one backend", () => {
    const elsewhere = zeros([1], { backend: createReferenceBackend() });
    expect(() => ones([1]).add(elsewhere)).toThrow(BackendError);
    expect(() => ones([1]).add(elsewhere)).toThrow(/x.to\(other.backend\)/);
    expect(ones([1]).add(elsewhere.to(ones([1]).backend)).item()).toBe(1);
  });
});

describe("matmul", () => {
  const naive = (a: Tensor, b: Tensor): number[] => {
    const [m, k] = a.shape;
    const n = b.shape[1];
    const [x, y] = [a.dataSync(), b.dataSync()];
    return Array.from({ length: m * n }, (_, p) => {
      let sum = 0;
      for (let q = 0; q < k; q++) sum += x[Math.floor(p / n) * k + q] * y[q * n + (p % n)];
      return sum;
    });
  };

  test.each([[1, 1, 1], [5, 7, 9], [130, 300, 6], [3, 600, 131], [64, 64, 64]])("%i × %i × %i equals the definition, also transposed", (m, k, n) => {
    const [a, b] = [randn([m, k], { dtype: "float64" }), randn([k, n], { dtype: "float64" })];
    const expected = naive(a, b);
    const plain = a.matmul(b).dataSync();
    const transposed = a.transpose().contiguous().transpose().matmul(b.transpose().contiguous().transpose()).dataSync();
    expected.forEach((value, i) => {
      expect(Math.abs(plain[i] - value)).toBeLessThan(1e-10);
      expect(transposed[i]).toBe(plain[i]);
    });
  });

  test("empty operands give zeros", () => {
    expect(zeros([2, 0]).matmul(zeros([0, 3])).toArray()).toEqual([[0, 0, 0], [0, 0, 0]]);
  });

  test("dtypes must agree", () => {
    expect(() => ones([2, 2]).matmul(ones([2, 2], { dtype: "int32" }))).toThrow(/cannot multiply float32 with int32/);
  });
});

describe("reading", () => {
  test("item wants one element; data is a copy; toString prints as PyTorch", async () => {
    expect(() => ones([2]).item()).toThrow(/has 2 elements, not one/);
    expect([...(await counting([2, 2]).transpose().data())]).toEqual([0, 2, 1, 3]);
    expect(String(tensor([[1, 2.5]]))).toBe("tensor([[1.0000, 2.5000]])");
  });

  test("assign takes the same shape and dtype only, and leaves the old memory alone", () => {
    const x = ones([2]);
    const before = x.detach();
    x.assign(zeros([2]));
    expect(x.toArray()).toEqual([0, 0]);
    expect(before.toArray()).toEqual([1, 1]);
    expect(() => { x.assign(zeros([3])); }).toThrow(/cannot take/);
  });
});

describe("reductions", () => {
  test("sums of many floats keep 1e-6 relative", () => {
    const n = 1 << 22;
    const x = tensor(new Float32Array(n).fill(0.1));
    expect(Math.abs(x.sum().item() / (Math.fround(0.1) * n) - 1)).toBeLessThan(1e-6);
  });

  test("over every combination of dims of a permuted tensor", () => {
    const x = counting([2, 3, 4]).permute([2, 0, 1]);
    const whole = x.contiguous();
    for (const dims of [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]) {
      expect(x.sum(dims).toArray()).toEqual(whole.sum(dims).toArray());
      expect(x.max(dims).toArray()).toEqual(whole.max(dims).toArray());
    }
    expect(x.sum([0, 2]).toArray()).toEqual([66, 210]);
    expect(x.argmax(0).toArray()).toEqual([[3, 3, 3], [3, 3, 3]]);
  });
});
