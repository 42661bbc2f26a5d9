import { ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { tensor } from "../../create.js";
import { randn } from "../../create-random.js";
import { complexAbs, fft, fftfreq, fftn, fftshift, ifft, irfft, rfft, rfftfreq } from "../../public-ops.js";
import { Generator } from "../../random/generator.js";

/** The largest error of `fft` of n random numbers against the definition in float64, over the largest value. */
function errorOf(n: number, dtype: "float32" | "float64"): number {
  const z = randn([n, 2], { dtype, generator: new Generator(n) });
  const [x, found] = [z.dataSync(), fft(z).dataSync()];
  const turns = Array.from({ length: n }, (_, m) => [Math.cos((2 * Math.PI * m) / n), Math.sin((2 * Math.PI * m) / n)]);
  let [error, largest] = [0, 0];
  for (let k = 0; k < n; k++) {
    let [re, im] = [0, 0];
    for (let j = 0; j < n; j++) {
      const [cos, sin] = turns[(j * k) % n];
      re += x[2 * j] * cos + x[2 * j + 1] * sin;
      im += x[2 * j + 1] * cos - x[2 * j] * sin;
    }
    error = Math.max(error, Math.abs(found[2 * k] - re), Math.abs(found[2 * k + 1] - im));
    largest = Math.max(largest, Math.hypot(re, im));
  }
  return error / largest;
}

describe("fft", () => {
  // A power of two, many factors, squares of primes, primes by matrix and by convolution.
  test.each([4096, 2310, 1369, 251, 257, 1009, 2 * 521])("length %i is within 1e-12 in float64 and 1e-6 in float32", (n) => {
    expect(errorOf(n, "float64")).toBeLessThan(1e-12);
    expect(errorOf(n, "float32")).toBeLessThan(1e-6);
  });

  test("a sine shows at its frequency, and Parseval's sum holds", () => {
    const n = 240;
    const x = tensor(Float64Array.from({ length: n }, (_, j) => Math.sin((2 * Math.PI * 17 * j) / n)));
    const magnitude = complexAbs(rfft(x));
    expect(magnitude.argmax(0).item()).toBe(17);
    expect(rfftfreq(n).dataSync()[17]).toBeCloseTo(17 / n, 7);
    const both = complexAbs(fft(tensor(Float64Array.from(x.dataSync()), { shape: [n, 1] }).expand([n, 2])));
    expect(both.square().sum().item()).toBeCloseTo(2 * n * x.square().sum().item(), 8);
  });

  test("ifft and irfft undo fft and rfft, odd lengths included", () => {
    const generator = new Generator(3);
    for (const n of [1, 7, 30, 97, 330]) {
      const z = randn([2, n, 3, 2], { dtype: "float64", generator });
      expect(ifft(fft(z, { dim: 1 }), { dim: 1 }).sub(z).abs().max().item()).toBeLessThan(1e-13);
      const x = randn([2, n], { dtype: "float64", generator });
      expect(irfft(rfft(x), { n }).sub(x).abs().max().item()).toBeLessThan(1e-13);
    }
  });

  test("integers are taken as float32", () => {
    expect(rfft(tensor([1, 2, 3], { dtype: "int32" })).dtype).toBe("float32");
  });

  test("what makes no sense is refused", () => {
    const z = tensor([[1, 2], [3, 4]]);
    expect(() => fft(tensor([1, 2, 3]))).toThrow(ShapeError);
    expect(() => fft(z, { dim: 1 })).toThrow(ShapeError);
    expect(() => fft(tensor([1, 2]))).toThrow("a tensor of shape [2] holds a single number");
    expect(() => rfft(tensor(1))).toThrow("a tensor of shape [] holds a single number");
    expect(() => fft(z, { n: 0 })).toThrow(ValueError);
    expect(() => irfft(tensor([[1, 0]]))).toThrow(ValueError);
    expect(() => fft(z, { norm: "other" as "ortho" })).toThrow('norm is "other"');
    expect(() => fftn(z, { dim: 0 } as object)).toThrow(UnknownNameError);
  });
});

test("fftshift brings frequency 0 to the middle", () => {
  expect(fftfreq(5, { d: 0.5, dtype: "float64" }).toArray()).toEqual([0, 0.4, 0.8, -0.8, -0.4]);
  expect(fftshift(fftfreq(4), 0).toArray()).toEqual([-0.5, -0.25, 0, 0.25]);
  expect(() => fftfreq(4, { d: 0 })).toThrow("d is 0");
});
