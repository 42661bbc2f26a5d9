// The discrete Fourier transform of lines [lines, parts, n]; parts is 1 for real numbers, 2 for real and imaginary part. Apart,
// and not side by side as in public tensors, so that kernels run along n.
import { record } from "../../op/apply.js";
import type { GradientRule } from "../../op/origin.js";
import type { Tensor } from "../../tensor.js";
import { embed } from "../embed.js";
import { cat } from "../joining.js";
import { factorsOf, multiplied, roots } from "./factors.js";
import type { Sign } from "./factors.js";

/** Lengths up to this one are one matrix product. */
const small = 32;
/** Primes up to this one, too: a product is then still cheaper than the three longer transforms that replace it. */
const largestMatrix = 256;

/** The largest divisor of n up to √n; 1 where n is to be transformed as a whole. */
function divisorOf(n: number): number {
  if (n <= small) return 1;
  for (let a = Math.floor(Math.sqrt(n)); a > 1; a--) if (n % a === 0) return a;
  return 1;
}

/** Lines times the matrix e^(sign·2πi·jk/n), complex numbers spelled out. */
function byMatrix(x: Tensor, sign: Sign): Tensor {
  const [lines, parts, n] = x.shape;
  const { ofReal, ofImaginary } = factorsOf(roots(x, sign, n, n, n, (j, k) => j * k));
  const rows = parts === 1 ? ofReal : cat([ofReal, ofImaginary]);
  return x.reshape([lines, parts * n]).matmul(rows.reshape([parts * n, 2 * n])).reshape([lines, 2, n]);
}

/**
 * n = a·b: with j = j₁b + j₂ and k = k₁ + k₂a, transforms over j₁, a factor e^(sign·2πi·j₂k₁/n), and transforms over j₂.
 * (Cooley & Tukey, 1965)
 */
function byDivisor(x: Tensor, a: number, sign: Sign): Tensor {
  const [lines, parts, n] = x.shape;
  const b = n / a;
  const columns = x.reshape([lines, parts, a, b]).permute([0, 3, 1, 2]).reshape([lines * b, parts, a]);
  const first = transform(columns, sign).reshape([lines, b, 2, a]).permute([0, 3, 2, 1]);
  const turned = multiplied(first, factorsOf(roots(x, sign, n, a, b, (k, j) => j * k)));
  const second = transform(turned.reshape([lines * a, 2, b]), sign).reshape([lines, a, 2, b]);
  return second.permute([0, 2, 3, 1]).reshape([lines, 2, n]);
}

/**
 * jk = (j² + k² − (k − j)²)/2 makes the transform a convolution with e^(−sign·πi·j²/n), which transforms of a power of two compute:
 * O(n log n) for primes, too. (Bluestein, 1970)
 */
function byConvolution(x: Tensor, sign: Sign): Tensor {
  const [lines, , n] = x.shape;
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const chirp = factorsOf(roots(x, sign, 2 * n, 1, n, (_, k) => (k * k) % (2 * n)));
  const opposite = roots(x, sign === 1 ? -1 : 1, 2 * n, 1, size, (_, k) => Math.min(k, size - k) ** 2 % (2 * n));
  const filter = factorsOf(transform(opposite, -1));
  const padded = embed(multiplied(x, chirp), [lines, 2, size], 2, 0, 1);
  const filtered = transform(multiplied(transform(padded, -1), filter), 1);
  return multiplied(filtered.slice(2, 0, n).div(size), chirp);
}

function transform(x: Tensor, sign: Sign): Tensor {
  const n = x.shape[2];
  const a = divisorOf(n);
  if (a > 1) return byDivisor(x, a, sign);
  return n <= largestMatrix ? byMatrix(x, sign) : byConvolution(x, sign);
}

/** Floating-point operations of one complex line. */
function lineFlops(n: number): number {
  const a = divisorOf(n);
  if (a > 1) return (n / a) * lineFlops(a) + a * lineFlops(n / a) + 6 * n;
  if (n <= largestMatrix) return 8 * n * n;
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1));
  return 3 * lineFlops(size) + 6 * size + 14 * n;
}

const rule: GradientRule<Sign> = {
  name: "dft",
  // The matrix is symmetric, so its adjoint has the opposite sign.
  backward: ({ grad, inputs: [x], options: sign }) => [dft(grad, sign === 1 ? -1 : 1).slice(1, 0, x.shape[1])],
  flops: (_, out) => out.shape[0] * lineFlops(out.shape[2]),
};

/**
 * Σⱼ xⱼ·e^(sign·2πi·jk/n) of every line, unscaled. Lengths are split into their prime factors, O(n·Σ factors); primes above 256 take
 * O(n log n). Shapes: [lines, parts, n] → [lines, 2, n].
 */
export const dft = (x: Tensor, sign: Sign): Tensor => record(transform(x.detach(), sign), rule, [x], sign);
