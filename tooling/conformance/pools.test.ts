import { grad } from "@dl/autograd";
import { wasm } from "@dl/backend-wasm";
import { Generator, avgPool1d, avgPool2d, avgPool3d, createReferenceBackend, gather, lpPool2d, maxPool1d, maxPool2d, maxPool2dWithIndices, maxPool3d, sizeOf, tensor } from "@dl/tensor";
import type { Backend, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";

const contestants: readonly (readonly [string, Backend])[] = await Promise.all([1, 2].map(async (threads) => [`${threads} threads`, await wasm({ threads }).create()] as const));

function random(shape: readonly number[], seed: number, backend: Backend): Tensor {
  const values = new Float64Array(sizeOf(shape));
  new Generator(seed).fillUniform(values, 0.5, 2);
  return tensor(values, { shape, backend, dtype: "float32" });
}

/** What is pooled, its gradient, and the gradient of a mixture of that gradient's elements. */
function derivatives(pool: (x: Tensor) => Tensor, shape: readonly number[], backend: Backend): Tensor[] {
  const x = random(shape, 1, backend);
  x.requiresGrad = true;
  const y = pool(x);
  const [first] = grad(y.square().mul(random(y.shape, 2, backend)).sum(), [x], { createGraph: true });
  const [second] = grad(first.mul(random(shape, 3, backend)).sum(), [x]);
  return [y, first, second];
}

const pools: Readonly<Record<string, readonly [shape: readonly number[], pool: (x: Tensor) => Tensor]>> = {
  "lines, the largest": [[2, 3, 17], (x) => maxPool1d(x, 3, { stride: 2, padding: 1 })],
  "lines, means": [[2, 3, 17], (x) => avgPool1d(x, 3, { stride: 2, padding: 1, ceilMode: true })],
  "images, the largest of touching windows": [[4, 8, 28, 28], (x) => maxPool2d(x, 2)],
  "images, the largest of overlapping windows": [[2, 3, 17, 19], (x) => maxPool2d(x, 3, { stride: 2, padding: 1, ceilMode: true })],
  "images, the largest of spread windows": [[2, 3, 17, 19], (x) => maxPool2d(x, [2, 3], { stride: 1, dilation: [3, 2] })],
  "images, means of touching windows": [[4, 8, 28, 28], (x) => avgPool2d(x, 2)],
  "images, means of overlapping windows without the padding": [[2, 3, 17, 19], (x) => avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false })],
  "images whose memory is transposed": [[2, 3, 9, 8], (x) => avgPool2d(maxPool2d(x.transpose(2, 3), 2, { stride: 1 }), 2)],
  "images, norms": [[2, 3, 9, 8], (x) => lpPool2d(x, 2, 2)],
  "images, the largest, found again by their positions": [[2, 3, 9, 8], (x) => gather(x.reshape([2, 3, 72]), 2, maxPool2dWithIndices(x.detach(), 3, { padding: 1 }).indices.reshape([2, 3, 9]))],
  "volumes, the largest": [[1, 2, 5, 6, 7], (x) => maxPool3d(x, 2, { padding: 1 })],
  "volumes, means": [[1, 2, 5, 6, 7], (x) => avgPool3d(x, [2, 3, 2], { stride: 1 })],
};

describe.each(contestants)("pools with %s are differentiable twice, as on the reference backend (CNN-01, OPT-10)", (_, backend) => {
  test.each(Object.entries(pools))("%s", (_name, [shape, pool]) => {
    const expected = derivatives(pool, shape, createReferenceBackend());
    derivatives(pool, shape, backend).forEach((found, order) => {
      const [values, wanted] = [found.dataSync(), expected[order].dataSync()];
      expect(found.shape).toEqual(expected[order].shape);
      expect(wanted.some((value) => value !== 0)).toBe(true);
      values.forEach((value, i) => { if (!(Math.abs(value - wanted[i]) <= 1e-5 * (1 + Math.abs(wanted[i])))) expect.fail(`order ${order} at ${i}: ${value}, not ${wanted[i]}`); });
    });
  });
});
