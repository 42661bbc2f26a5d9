import { ValueError } from "@dl/registry";
import type { Tensor } from "../../tensor.js";
import { defineComposite, defineOp } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import { sizeOf } from "../../shape.js";
import type { PerDim } from "../conv/geometry.js";
import { windows } from "../conv/windows.js";
import { pad } from "../pad.js";
import { batchwise, checkPool, poolingOf } from "./geometry.js";
import type { PoolOptions, Pooling } from "./geometry.js";

export interface AveragePoolOptions extends PoolOptions {
  /** Whether zeros of the padding count as elements. Default true. */
  readonly countIncludePad?: boolean;
  /** What sums are divided by, instead of the number of elements. */
  readonly divisorOverride?: number;
}

const kernelSums = defineOp({
  name: "sumPool",
  parse: (x: Tensor, pooling: Pooling) => [[x.contiguous()], pooling],
  shape: ([x], { out }) => [x.shape[0], x.shape[1], ...out],
  flops: (_, output, { kernel }) => output.size * sizeOf(kernel),
  forward: (backend, [x], out, pooling) => backend.sumPool?.(x, pooling, out),
  backward: ({ grad, options }): Tensor[] => [kernelSpread(grad, options)],
});

const kernelSpread = defineOp({
  name: "sumPoolGradient",
  parse: (grad: Tensor, pooling: Pooling) => [[grad.contiguous()], pooling],
  shape: ([grad], { sizes }) => [grad.shape[0], grad.shape[1], ...sizes],
  flops: ([grad], _, { kernel }) => grad.size * sizeOf(kernel),
  forward: (backend, [grad], out, pooling) => backend.sumPoolGradient?.(grad, pooling, out),
  backward: ({ grad, options }): Tensor[] => [kernelSums(grad, options)],
});

/** Σ over each window: [N, C, ...S] → [N, C, ...out]. In one kernel where the backend has it and its gradient. */
export function windowSum(x: Tensor, pooling: Pooling): Tensor {
  const { backend } = x;
  const hasKernels = backend.sumPool !== undefined && backend.sumPoolGradient !== undefined;
  if (hasKernels && x.dtype === "float32" && x.size * sizeOf(pooling.out) > 0) return kernelSums(x, pooling);
  const { padding, ...lattice } = pooling;
  const wide = pad(x, padding.toReversed().flat());
  const rank = lattice.kernel.length;
  return windows(wide, lattice).sum(lattice.kernel.map((_, d) => d - rank));
}

/** How many elements of dim `d` window i counts: never those that ceilMode adds. */
function countAlong({ sizes, kernel, stride, asked, out }: Pooling, d: number, includePad: boolean): number[] {
  const [before, after] = asked[d];
  const [first, last] = includePad ? [-before, sizes[d] + after] : [0, sizes[d]];
  return Array.from({ length: out[d] }, (_, i) => {
    const begin = i * stride[d] - before;
    return Math.min(begin + kernel[d], last) - Math.max(begin, first);
  });
}

/** 1/elements for every window, [...out]: a product of the dims' own counts. */
function reciprocals(x: Tensor, pooling: Pooling, includePad: boolean): Tensor {
  let counts = [1];
  for (let d = 0; d < pooling.out.length; d++) {
    const along = countAlong(pooling, d, includePad);
    counts = counts.flatMap((count) => along.map((own) => count * own));
  }
  return x.makeFrom(Float64Array.from(counts, (count) => 1 / count), x.dtype, pooling.out);
}

function averaged(x: Tensor, pooling: Pooling, { countIncludePad = true, divisorOverride }: AveragePoolOptions): Tensor {
  const sums = windowSum(x, pooling);
  if (divisorOverride !== undefined) return sums.div(divisorOverride);
  const plain = pooling.padding.every(([before, after], d) => after === pooling.asked[d][1] && (countIncludePad || before + after === 0));
  return plain ? sums.div(sizeOf(pooling.kernel)) : sums.mul(reciprocals(x, pooling, countIncludePad));
}

type AveragePool = Op<[x: Tensor, kernelSize: PerDim, options?: AveragePoolOptions]>;

/* @__NO_SIDE_EFFECTS__ */
function defineAveragePool(name: string, rank: number): AveragePool {
  return defineComposite(name, (x: Tensor, kernelSize: PerDim, options: AveragePoolOptions = {}): Tensor => {
    checkPool(name, options, ["countIncludePad", "divisorOverride"]);
    if (options.divisorOverride === 0) throw new ValueError(name, "divisorOverride is 0", "Give a number other than 0");
    const { pooling, batched } = poolingOf(name, x, kernelSize, rank, options);
    return batchwise(x, batched, (batch) => averaged(batch, pooling, options));
  });
}

/**
 * The mean of each window. Shapes: [N, C, L] or [C, L] → [N, C, L′] or [C, L′].
 * @throws ShapeError, ValueError
 */
export const avgPool1d: AveragePool = defineAveragePool("avgPool1d", 1);
/** The mean of each window. Shapes: [N, C, H, W] → [N, C, H′, W′]. */
export const avgPool2d: AveragePool = defineAveragePool("avgPool2d", 2);
/** The mean of each window. Shapes: [N, C, D, H, W] → [N, C, D′, H′, W′]. */
export const avgPool3d: AveragePool = defineAveragePool("avgPool3d", 3);
