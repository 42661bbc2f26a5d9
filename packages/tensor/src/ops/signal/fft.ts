import { checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import type { Tensor } from "../../tensor.js";
import { normalizeDims } from "../../shape.js";
import { asComplex } from "./complex.js";
import { dft } from "./dft.js";
import { alongLines, checkLength, fitted, lineDim, scaleOf } from "./lines.js";
import type { FFTNorm } from "./lines.js";

export interface FFTOptions {
  /** Length of the transform: longer than the signal pads with zeros, shorter cuts. Default: the signal's. */
  readonly n?: number;
  /** The dim transformed, counted without the one that holds real and imaginary part. Default −1. */
  readonly dim?: number;
  /** Where the factor 1/n goes: "backward" (default) the inverse, "forward" the forward transform, "ortho" 1/√n to both. */
  readonly norm?: FFTNorm;
}

export interface FFTNOptions {
  /** The dims transformed, counted without the one that holds real and imaginary part. Default: all. */
  readonly dims?: number | readonly number[];
  /** As in `fft`. */
  readonly norm?: FFTNorm;
}

function transformed(where: string, z: Tensor, options: FFTOptions | undefined, direction: "forward" | "backward"): Tensor {
  checkOptions(where, options, ["n", "dim", "norm"]);
  const own = asComplex(where, z);
  const dim = lineDim(where, own, own.ndim - 1, options?.dim);
  const n = checkLength(where, own, dim, options?.n);
  const scale = scaleOf(where, options?.norm ?? "backward", n, direction);
  const done = alongLines(fitted(own, dim, n), dim, (lines) => dft(lines, direction === "forward" ? -1 : 1));
  return scale === 1 ? done : done.mul(scale);
}

/**
 * The discrete Fourier transform Xₖ = Σⱼ xⱼ·e^(−2πi·jk/n) along `dim`, of any length n: O(n·Σ prime factors of n), O(n log n) for large
 * primes. Use `rfft` for real signals. Shapes: [.., L, 2] → [.., n, 2]. (Cooley & Tukey, 1965; Bluestein, 1970)
 * @throws ShapeError unless z is complex and has elements; ValueError on an unknown norm
 */
export const fft = /* @__PURE__ */ defineComposite("fft", (z: Tensor, options?: FFTOptions): Tensor => transformed("fft", z, options, "forward"));

/** The inverse of `fft`, (1/n)·Σₖ Xₖ·e^(2πi·jk/n). Shapes: [.., L, 2] → [.., n, 2]. @throws ShapeError unless z is complex and has elements */
export const ifft = /* @__PURE__ */ defineComposite("ifft", (z: Tensor, options?: FFTOptions): Tensor => transformed("ifft", z, options, "backward"));

function overDims(where: string, z: Tensor, options: FFTNOptions | undefined, direction: "forward" | "backward"): Tensor {
  checkOptions(where, options, ["dims", "norm"]);
  const { dims, norm = "backward" } = options ?? {};
  return normalizeDims(where, dims, asComplex(where, z).ndim - 1).reduce((done, dim) => transformed(where, done, { dim, norm }, direction), z);
}

/** `fft` along several dims, by default all: [−2, −1] gives torch's fft2. Shapes: [.., 2] → same. @throws ShapeError unless z is complex */
export const fftn = /* @__PURE__ */ defineComposite("fftn", (z: Tensor, options?: FFTNOptions): Tensor => overDims("fftn", z, options, "forward"));

/** The inverse of `fftn`. Shapes: [.., 2] → same. @throws ShapeError unless z is complex */
export const ifftn = /* @__PURE__ */ defineComposite("ifftn", (z: Tensor, options?: FFTNOptions): Tensor => overDims("ifftn", z, options, "backward"));

const signal = [[1, 0], [2, -1], [0, -1], [-1, 2]];
const spectrum = [[2, 0], [-2, -2], [0, -2], [4, 4]];

export const examples = (): Example[] => [
  example(fft, { inputs: [signal], expect: spectrum }),
  example(fft, { inputs: [[[1, 0], [2, 0]]], call: ([z]) => fft(z, { n: 4, norm: "forward" }), expect: [[0.75, 0], [0.25, -0.5], [-0.25, 0], [0.25, 0.5]] }),
  example(fft, { shapes: [[3, 2, 2]], call: ([z]) => fft(z, { dim: 0, norm: "ortho" }) }),
  example(fft, { shapes: [[18, 2]] }),
  example(fft, { shapes: [[4]], throws: "a tensor of shape [4] holds no complex numbers" }),
  example(fft, { shapes: [[4, 2]], call: ([z]) => fft(z, { dim: 1 }), throws: "dim 1 is out of range for 1 dimensions" }),
  example(ifft, { inputs: [spectrum], expect: signal }),
  example(ifft, { shapes: [[2, 3, 2]], call: ([z]) => ifft(z, { n: 2 }) }),
  example(fftn, { inputs: [[[[1, 0], [2, 0]], [[3, 0], [5, 0]]]], expect: [[[11, 0], [-3, 0]], [[-5, 0], [1, 0]]] }),
  example(fftn, { shapes: [[2, 3, 2, 2]], call: ([z]) => fftn(z, { dims: [-2, -1] }) }),
  example(ifftn, { inputs: [[[[11, 0], [-3, 0]], [[-5, 0], [1, 0]]]], expect: [[[1, 0], [2, 0]], [[3, 0], [5, 0]]] }),
  example(ifftn, { shapes: [[2, 3, 2]], call: ([z]) => ifftn(z, { norm: "ortho" }) }),
];
