import { ShapeError, StateError, ValueError } from "@dl/registry";
import { expect, test } from "vitest";
import { psnr, ssim } from "../index.js";

const ramp = Float32Array.from({ length: 256 }, (_, i) => (i % 16) / 16);

test("PSNR by hand: an error of 0.1 everywhere is 20 dB", () => {
  expect(psnr([0.1, 0.6], [0, 0.5])).toBeCloseTo(20, 12);
  expect(psnr([25.5], [0], { dataRange: 255 })).toBeCloseTo(20, 12);
  expect(psnr(ramp, ramp)).toBe(Infinity);
});

test("SSIM is 1 of equal images, symmetric, and falls with noise", () => {
  const noisy = ramp.map((value, i) => value + (i % 3 === 0 ? 0.2 : -0.1));
  expect(ssim(ramp, ramp, { shape: [16, 16] })).toBeCloseTo(1, 12);
  const value = ssim(noisy, ramp, { shape: [16, 16] });
  expect(value).toBeLessThan(0.95);
  expect(value).toBeCloseTo(ssim(ramp, noisy, { shape: [16, 16] }), 12);
});

test("SSIM of flat images is what c₁ and the means leave", () => {
  const [dark, bright] = [new Float64Array(144).fill(0.2), new Float64Array(144).fill(0.6)];
  for (const window of ["gaussian", "uniform"] as const) {
    expect(ssim(dark, bright, { shape: [12, 12], window })).toBeCloseTo((2 * 0.2 * 0.6 + 1e-4) / (0.04 + 0.36 + 1e-4), 10);
  }
});

test("SSIM of several planes is their mean", () => {
  const flipped = ramp.map((value) => 1 - value);
  const one = ssim(flipped, ramp, { shape: [16, 16] });
  const both = Float32Array.of(...flipped, ...ramp);
  expect(ssim(both, Float32Array.of(...ramp, ...ramp), { shape: [1, 2, 16, 16] })).toBeCloseTo((one + 1) / 2, 12);
});

test("rejects bad input", () => {
  expect(() => psnr([0], [0, 1])).toThrow(ShapeError);
  expect(() => psnr([NaN], [0])).toThrow(/pixel NaN at position 0/);
  expect(() => psnr([], [])).toThrow(StateError);
  expect(() => psnr([0], [0], { dataRange: 0 })).toThrow(ValueError);
  expect(() => ssim(ramp, ramp, { shape: [8, 32] })).toThrow(/images of \[8, 32\] under a window of 11 × 11/);
  expect(() => ssim(ramp, ramp, { shape: [256] })).toThrow(ShapeError);
  expect(() => ssim(ramp, ramp, { shape: [16, 17] })).toThrow(/256 pixels for a shape of 272/);
  expect(() => ssim(ramp, ramp, { shape: [16, 16], windowSize: 4 })).toThrow(/windowSize is 4/);
});
