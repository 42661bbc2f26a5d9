import { checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { likeOf } from "../../op/like.js";
import type { Tensor } from "../../tensor.js";
import { asFloat } from "../special/formula-op.js";
import { asComplex } from "./complex.js";
import { dft } from "./dft.js";
import type { FFTOptions } from "./fft.js";
import { alongLines, checkLength, fitted, lineDim, scaleOf } from "./lines.js";

const keys = ["n", "dim", "norm"];

/**
 * The Fourier transform of a real signal; only the first ⌊n/2⌋ + 1 frequencies, since the others are their conjugates.
 * Shapes: [.., L] → [.., ⌊n/2⌋ + 1, 2].
 * @throws ShapeError when x has no elements along `dim`; ValueError on an unknown norm
 */
export const rfft = /* @__PURE__ */ defineComposite("rfft", (x: Tensor, options?: FFTOptions): Tensor => {
  checkOptions("rfft", options, keys);
  const dim = lineDim("rfft", x, x.ndim, options?.dim);
  const n = checkLength("rfft", x, dim, options?.n);
  const scale = scaleOf("rfft", options?.norm ?? "backward", n, "forward");
  const real = fitted(asFloat(x), dim, n).unsqueeze(-1);
  const half = alongLines(real, dim, (lines) => dft(lines, -1).slice(2, 0, Math.floor(n / 2) + 1));
  return scale === 1 ? half : half.mul(scale);
});

/** How often each of the first ⌊n/2⌋ + 1 frequencies occurs in a real signal of length n: with its conjugate, unless it is its own. */
const multiplicities = (n: number): number[] => Array.from({ length: Math.floor(n / 2) + 1 }, (_, k) => (k === 0 || 2 * k === n ? 1 : 2));

/**
 * The real signal of length n whose `rfft` is z, n = 2·(L − 1) by default: give n for odd lengths. Imaginary parts that a real signal
 * cannot have, at frequency 0 and n/2, are ignored. Shapes: [.., L, 2] → [.., n].
 * @throws ShapeError unless z is complex; ValueError when n is below 1 or the norm unknown
 */
export const irfft = /* @__PURE__ */ defineComposite("irfft", (z: Tensor, options?: FFTOptions): Tensor => {
  checkOptions("irfft", options, keys);
  const own = asComplex("irfft", z);
  const dim = lineDim("irfft", own, own.ndim - 1, options?.dim);
  const n = checkLength("irfft", own, dim, options?.n ?? 2 * (own.shape[dim] - 1));
  const weights = likeOf(own, multiplicities(n), [Math.floor(n / 2) + 1]).mul(scaleOf("irfft", options?.norm ?? "backward", n, "backward"));
  const half = fitted(own, dim, weights.size);
  // The real part of the conjugates' sum is that of the numbers themselves, so doubling stands for them.
  return alongLines(half, dim, (lines) => dft(fitted(lines.mul(weights), 2, n), 1).slice(1, 0, 1)).squeeze(-1);
});

export const examples = (): Example[] => [
  example(rfft, { inputs: [[1, 2, 0, -1]], expect: [[2, 0], [1, -3], [0, 0]] }),
  example(rfft, { inputs: [[1, 2, 4]], expect: [[7, 0], [-2, 1.7320508]] }),
  example(rfft, { shapes: [[3, 2]], call: ([x]) => rfft(x, { dim: 0, n: 4, norm: "ortho" }) }),
  example(rfft, { shapes: [[4, 0]], throws: "dim 1 of [4, 0] has no elements" }),
  example(irfft, { inputs: [[[2, 0], [1, -3], [0, 0]]], expect: [1, 2, 0, -1] }),
  example(irfft, { inputs: [[[7, 0], [-2, 1.7320508]]], call: ([z]) => irfft(z, { n: 3 }), expect: [1, 2, 4] }),
  example(irfft, { shapes: [[2, 3, 2]], call: ([z]) => irfft(z, { norm: "ortho" }) }),
  example(irfft, { shapes: [[3, 2, 2]], call: ([z]) => irfft(z, { dim: 0, n: 7 }) }),
];
