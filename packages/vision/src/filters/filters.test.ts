import { backward, gradcheck } from "@dl/autograd";
import { ShapeError, ValueError } from "@dl/registry";
import { Generator, rand, randn, tensor, type Tensor } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filter2d, gaussianBlur, gaussianKernel, gaussianSteps, laplacian, medianBlur, prewitt, sobel, unsharp } from "../index.js";

const image = (rows: readonly (readonly number[])[]): Tensor => tensor([rows.map((row) => [...row])]);
const ramp = image([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]);
const rowsOf = (result: Tensor): number[][] => (result.toArray() as number[][][])[0];
const meanSquare = (x: Tensor): number => x.square().mean().item();

/** Dark on the left, bright on the right, with noise. */
function step(noise: number): { readonly clean: Tensor; readonly noisy: Tensor } {
  const clean = image(Array.from({ length: 32 }, () => Array.from({ length: 32 }, (_, x) => Number(x >= 16))));
  return { clean, noisy: clean.add(randn([1, 32, 32], { generator: new Generator(1) }).mul(noise)) };
}

describe("CNV-01 correlation and convolution", () => {
  test("a kernel on the ramp 1 to 16, as it is and turned by 180°", () => {
    const kernel = tensor([[1, 0, -1], [2, 0, -2], [1, 0, -1]]);
    expect(rowsOf(filter2d(ramp, kernel, { padding: "valid" }))).toStrictEqual([[-8, -8], [-8, -8]]);
    expect(rowsOf(filter2d(ramp, kernel, { padding: "valid", mode: "conv" }))).toStrictEqual([[8, 8], [8, 8]]);
  });

  test("they agree on kernels that look the same after half a turn", () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 9, maxLength: 9 });
    fc.assert(fc.property(values, (k) => {
      const kernel = tensor([0, 1, 2].map((i) => [0, 1, 2].map((j) => k[3 * i + j] + k[8 - 3 * i - j])));
      expect(filter2d(ramp, kernel).toArray()).toStrictEqual(filter2d(ramp, kernel, { mode: "conv" }).toArray());
    }));
  });

  test("convolution is a sum over the definition, and the order of two does not matter", () => {
    const x = rand([1, 6, 7], { generator: new Generator(2) });
    const [a, b] = [3, 4].map((seed) => randn([3, 3], { generator: new Generator(seed) }));
    const full = { mode: "conv", padding: 2, paddingMode: "zeros" } as const;
    const [ab, ba] = [filter2d(filter2d(x, a, full), b, full), filter2d(filter2d(x, b, full), a, full)];
    expect(ab.shape).toStrictEqual([1, 10, 11]);
    expect(ab.sub(ba).abs().max().item()).toBeLessThan(1e-5);
    const direct = (i: number, j: number): number =>
      [0, 1, 2].reduce((sum, u) => sum + [0, 1, 2].reduce((part, v) => part + (rowsOf(a.unsqueeze(0))[u][v] * (rowsOf(x)[i - u]?.[j - v] ?? 0)), 0), 0);
    expect(rowsOf(filter2d(x, a, full))[3][4]).toBeCloseTo(direct(3, 4), 5);
  });

  test("each channel by itself, in batches, too; gradients flow", () => {
    const x = rand([2, 3, 5, 5], { generator: new Generator(5), dtype: "float64", requiresGrad: true });
    const kernel = tensor([[0, 1, 0], [1, -4, 1], [0, 1, 0]], { dtype: "float64" });
    const whole = filter2d(x, kernel);
    const alone = filter2d(x.detach().select(0, 1).slice(0, 2, 3), kernel);
    expect(whole.detach().select(0, 1).slice(0, 2, 3).toArray()).toStrictEqual(alone.toArray());
    expect(() => { gradcheck((y: Tensor) => filter2d(y, kernel), [x]); }).not.toThrow();
    backward(sobel(x).sum());
    expect(x.grad?.shape).toStrictEqual([2, 3, 5, 5]);
  });
});

describe("CNV-02 edges", () => {
  test.each([["sobel", sobel, 4], ["prewitt", prewitt, 3]] as const)("%s answers at the two columns of a step only", (_, filter, height) => {
    const { clean } = step(0);
    const [row] = rowsOf(filter(clean));
    expect(row.map((value, x) => [x, value] as const).filter(([, value]) => value !== 0)).toStrictEqual([[15, height], [16, height]]);
    expect(filter(clean, { direction: "y" }).abs().max().item()).toBe(0);
    expect(rowsOf(filter(clean, { direction: "x" }))[0][15]).toBe(height);
  });

  test("the Laplacian of a plane is 0 inside, of a single point its kernel", () => {
    expect(laplacian(ramp).slice(1, 1, 3).slice(2, 1, 3).abs().max().item()).toBe(0);
    const point = image([[0, 0, 0], [0, 1, 0], [0, 0, 0]]);
    expect(rowsOf(laplacian(point, { paddingMode: "zeros" }))).toStrictEqual([[0, 1, 0], [1, -4, 1], [0, 1, 0]]);
    expect(rowsOf(laplacian(point, { neighbours: 8, paddingMode: "zeros" }))).toStrictEqual([[1, 1, 1], [1, -8, 1], [1, 1, 1]]);
  });
});

describe("CNV-06 CNV-07 Gaussian smoothing", () => {
  test("the course's procedure: a grid from −2 to 2, weights, divided by their sum", () => {
    const { grid, weights, kernel } = gaussianSteps(5, 1);
    expect(grid).toStrictEqual([-2, -1, 0, 1, 2]);
    expect([weights[2][2], weights[0][0]]).toStrictEqual([1, Math.exp(-4)]);
    const middle = [0.0219382, 0.0983203, 0.1621028, 0.0983203, 0.0219382];
    kernel[2].forEach((value, i) => { expect(value).toBeCloseTo(middle[i], 7); });
    expect(kernel[0][0]).toBeCloseTo(0.002969, 7);
    expect(kernel.flat().reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  });

  test.each([3, 5, 19, 31])("rows then columns is the whole kernel of size %d", (size) => {
    const x = rand([2, 40, 36], { generator: new Generator(size) });
    const difference = gaussianBlur(x, { size, sigma: size / 5 }).sub(filter2d(x, gaussianKernel(size, size / 5)));
    expect(difference.abs().max().item()).toBeLessThan(1e-6);
  });

  test("the wider, the smoother; noise falls by more than 3 dB, and so does the edge", () => {
    const { clean, noisy } = step(0.2);
    const variances = [0.5, 1, 2, 4].map((sigma) => meanSquare(gaussianBlur(noisy, { size: 19, sigma }).sub(noisy.mean())));
    expect(variances).toStrictEqual(variances.toSorted((a, b) => b - a));
    const blurred = gaussianBlur(noisy, { size: 5, sigma: 1 });
    expect(10 * Math.log10(meanSquare(noisy.sub(clean)) / meanSquare(blurred.sub(clean)))).toBeGreaterThan(3);
    expect(sobel(gaussianBlur(clean, { size: 5, sigma: 1 })).max().item()).toBeLessThan(sobel(clean).max().item());
  });

  test("the default spread is torchvision's", () => {
    const x = rand([1, 8, 8], { generator: new Generator(9) });
    expect(gaussianBlur(x, { size: 5 }).toArray()).toStrictEqual(gaussianBlur(x, { size: 5, sigma: 1.1 }).toArray());
  });
});

describe("unsharp and median", () => {
  test("unsharp adds what blurring takes away", () => {
    const { clean } = step(0);
    const blur = { size: 5, sigma: 1 };
    const sharp = unsharp(clean, { ...blur, amount: 2 });
    expect(sharp.sub(clean).sub(clean.sub(gaussianBlur(clean, blur)).mul(2)).abs().max().item()).toBeLessThan(1e-6);
    expect(sobel(sharp).max().item()).toBeGreaterThan(sobel(clean).max().item());
  });

  test("the median removes single odd pixels and leaves the edge", () => {
    const { clean } = step(0);
    const odd = rowsOf(clean);
    for (const [y, x] of [[3, 4], [10, 20], [25, 30]]) odd[y][x] = 1 - odd[y][x];
    expect(medianBlur(image(odd)).toArray()).toStrictEqual(clean.toArray());
    expect(medianBlur(image([[9, 1], [2, 3]]), { paddingMode: "replicate" }).shape).toStrictEqual([1, 2, 2]);
  });
});

test("bad input says what is wrong", () => {
  expect(() => filter2d(tensor([[1, 2]]), tensor([[1]]))).toThrow(ShapeError);
  expect(() => filter2d(tensor([[1, 2]]), tensor([[1]]))).toThrow("an image with channels last needs permute(2, 0, 1)");
  expect(() => filter2d(ramp, tensor([1, 2]))).toThrow("the kernel has shape [2]. Give [KH, KW]");
  expect(() => filter2d(ramp, tensor([[1]]), { mode: "both" as "conv" })).toThrow("Use one of xcorr, conv");
  expect(() => gaussianKernel(4, 1)).toThrow("size is 4. Give an odd number");
  expect(() => gaussianBlur(ramp, { size: 3, sigma: 0 })).toThrow(ValueError);
  expect(() => medianBlur(ramp, { size: 2 })).toThrow("size is 2");
  expect(() => sobel(ramp, { direction: "z" as "x" })).toThrow("Use one of x, y, magnitude");
});

test("bytes are refused with what to do, but by the median, which only chooses", () => {
  const bytes = tensor([[[0, 255]]], { dtype: "uint8" });
  for (const filter of [sobel, (x: Tensor) => gaussianBlur(x, { size: 1, sigma: 1 }), (x: Tensor) => filter2d(x, tensor([[1]]))]) {
    expect(() => filter(bytes)).toThrow('Convert with x.to("float32")');
  }
  expect(medianBlur(bytes, { size: 1 }).toArray()).toStrictEqual([[[0, 255]]]);
});
