import { Program, contiguousView, inputExpr, reshaped, scalarExpr, sizeOf } from "@dl/tensor";
import type { Backend, View } from "@dl/tensor";

// Two reductions whose formulas divide, and one formula: three kernels, where single ops would take six.

function makePrograms() {
  const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((k) => inputExpr(k));
  const [share, eps] = [scalarExpr(0), scalarExpr(0)];
  return {
    mean: new Program([a.mul(share)], 1, 1),
    variance: new Program([a.sub(b).square().mul(share)], 2, 1),
    result: new Program([a.sub(b).mul(c.add(eps).rsqrt())], 3, 1),
    meanProduct: new Program([a.mul(b).mul(share)], 2, 1),
    gradient: new Program([a.sub(c).sub(b.mul(d)).mul(e.add(eps).rsqrt())], 5, 1),
  };
}

let made: ReturnType<typeof makePrograms> | undefined;
const programs = (): ReturnType<typeof makePrograms> => (made ??= makePrograms());

/** Everything but the rows of [outer, rows, inner]. */
const gone = [0, 2];

/** One number per row, shown everywhere in its row. */
const stretched = (row: View, shape: readonly number[]): View => reshaped(row, shape, [0, 1, 0]);

const shareOf = ({ shape: [outer, , inner] }: View): number => 1 / (outer * inner);

export function standardize(backend: Backend, x: View, epsilon: number, y: View, mean: View, variance: View): void {
  backend.reduce("sum", programs().mean, [x], [shareOf(x)], gone, mean);
  backend.reduce("sum", programs().variance, [x, stretched(mean, x.shape)], [shareOf(x)], gone, variance);
  backend.map(programs().result, [x, stretched(mean, x.shape), stretched(variance, x.shape)], [y], [epsilon]);
}

export function standardizeGradient(backend: Backend, grad: View, y: View, variance: View, epsilon: number, out: View): void {
  const rows = [y.shape[1]];
  const [meanGrad, meanProduct] = [0, 1].map(() => contiguousView(backend.alloc("float32", sizeOf(rows)), "float32", rows));
  backend.reduce("sum", programs().mean, [grad], [shareOf(y)], gone, meanGrad);
  backend.reduce("sum", programs().meanProduct, [grad, y], [shareOf(y)], gone, meanProduct);
  backend.map(programs().gradient, [grad, y, ...[meanGrad, meanProduct, variance].map((row) => stretched(row, y.shape))], [out], [epsilon]);
  backend.free(meanGrad.buffer);
  backend.free(meanProduct.buffer);
}
