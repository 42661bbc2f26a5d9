import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { build } from "../../create.js";
import type { TensorOptions } from "../../create.js";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { normalizeDims } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { roll } from "../joining.js";

export interface FrequencyOptions extends TensorOptions {
  /** Distance between neighbouring samples. Default 1. */
  readonly d?: number;
}

function frequencies(where: string, n: number, count: number, { d = 1, ...rest }: FrequencyOptions, numberOf: (k: number) => number): Tensor {
  checkOptions(where, rest, ["dtype", "requiresGrad", "backend"]);
  checkWhole(where, "n", n, 1);
  if (!(d > 0)) throw new ValueError(where, `d is ${d}`, "Give the distance between neighbouring samples, above 0", { d });
  return build(where, [count], rest, (data) => { for (let k = 0; k < count; k++) data[k] = numberOf(k) / (n * d); });
}

/** The frequencies, in cycles per unit of d, that `fft` of length n gives: 0, 1, …, then the negative ones, over n·d. Shape: [n]. */
export const fftfreq = (n: number, options: FrequencyOptions = {}): Tensor => frequencies("fftfreq", n, n, options, (k) => (2 * k < n ? k : k - n));

/** The frequencies that `rfft` of length n gives: 0, 1, …, ⌊n/2⌋ over n·d. Shape: [⌊n/2⌋ + 1]. */
export const rfftfreq = (n: number, options: FrequencyOptions = {}): Tensor => frequencies("rfftfreq", n, Math.floor(n / 2) + 1, options, (k) => k);

const rolled = (where: string, x: Tensor, dims: number | readonly number[], shiftOf: (size: number) => number): Tensor =>
  normalizeDims(where, dims, x.ndim).reduce((y, dim) => roll(y, shiftOf(x.shape[dim]), dim), x);

/**
 * Moves frequency 0 to the middle of `dims`. They are x's own dims and have to be named, since the last dim of a complex tensor must
 * stay: fftshift(fft(z), -2). Shapes: any → same.
 */
export const fftshift = /* @__PURE__ */ defineComposite("fftshift", (x: Tensor, dims: number | readonly number[]): Tensor =>
  rolled("fftshift", x, dims, (size) => Math.floor(size / 2)),
);

/** Undoes `fftshift`. Shapes: any → same. */
export const ifftshift = /* @__PURE__ */ defineComposite("ifftshift", (x: Tensor, dims: number | readonly number[]): Tensor =>
  rolled("ifftshift", x, dims, (size) => -Math.floor(size / 2)),
);

export const examples = (): Example[] => [
  example(fftshift, { inputs: [[0, 1, 2, -2, -1]], call: ([x]) => fftshift(x, 0), expect: [-2, -1, 0, 1, 2] }),
  example(fftshift, { shapes: [[2, 3, 2]], call: ([x]) => fftshift(x, [0, 1]) }),
  example(ifftshift, { inputs: [[-2, -1, 0, 1, 2]], call: ([x]) => ifftshift(x, 0), expect: [0, 1, 2, -2, -1] }),
  example(ifftshift, { shapes: [[3, 2]], call: ([x]) => ifftshift(x, 0) }),
];
