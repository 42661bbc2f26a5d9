import { ShapeError, ValueError } from "@dl/registry";
import { tensor, type Tensor } from "@dl/tensor";

/** @throws ValueError unless both sizes are odd */
export function checkKernel(where: string, sizes: readonly number[]): void {
  if (sizes.every((size) => Number.isSafeInteger(size) && size > 0 && size % 2 === 1)) return;
  throw new ValueError(where, `kernelSize is [${sizes.join(", ")}]`, "Give odd numbers, so that there is a centre", { kernelSize: sizes });
}

/** exp(−x²/2σ²) at x = −radius … radius, summing to 1. */
function bell(sigma: number, radius: number): number[] {
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-0.5 * ((i - radius) / sigma) ** 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Writes the matrix that blurs a line of `length` pixels, which are mirrored at its ends. */
function writeBlur(matrix: Float64Array, weights: readonly number[], length: number): void {
  const radius = (weights.length - 1) / 2;
  for (let i = 0; i < length; i++) {
    for (let t = 0; t < weights.length; t++) {
      const source = length - 1 - Math.abs(length - 1 - Math.abs(i + t - radius));
      matrix[i * length + source] += weights[t];
    }
  }
}

/** One matrix for each spread. Shape: [spreads, 1, length, length]. */
function blurs(where: string, like: Tensor, sigmas: readonly number[], size: number, length: number): Tensor {
  const radius = (size - 1) / 2;
  if (radius >= length) throw new ShapeError(where, `a kernel of ${size} does not fit ${length} pixels`, `Use at most ${2 * length - 1}`, { size, length });
  const matrices = new Float64Array(sigmas.length * length * length);
  sigmas.forEach((sigma, n) => { writeBlur(matrices.subarray(n * length * length, (n + 1) * length * length), bell(sigma, radius), length); });
  return tensor(matrices, { dtype: like.dtype, backend: like.backend, shape: [sigmas.length, 1, length, length] });
}

/**
 * Smooths pictures by Gaussians, pixels mirrored at the edge. Shapes: [N, C, H, W] and one spread in pixels, or N of them → the same.
 *
 * As products with matrices, rows from the right and columns from the left: each picture has a kernel of its own, and a convolution in N·C groups is
 * slower than matrices of the size of pictures.
 * @throws ShapeError when the picture is smaller than half of the kernel
 */
export function blurred(where: string, batch: Tensor, [width, height]: readonly [width: number, height: number], sigmas: readonly number[]): Tensor {
  const [, , rows, columns] = batch.shape;
  return blurs(where, batch, sigmas, height, rows).matmul(batch.matmul(blurs(where, batch, sigmas, width, columns).transpose()));
}
