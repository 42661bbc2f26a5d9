import { batchNorm, norm, pad, rsqrt, unfold, variance, where } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { dimsOf, singles } from "./dims.js";
import type { OnnxNode, Operators } from "./node.js";

interface Standardized {
  readonly y: Tensor;
  readonly mean: Tensor;
  readonly inverseStd: Tensor;
}

/** (x − mean)/√(variance + eps) over `dims`. */
function standardize(x: Tensor, dims: readonly number[], eps: number): Standardized {
  const mean = x.mean(dims, { keepDim: true });
  const inverseStd = rsqrt(variance(x, dims, { correction: 0, keepDim: true }).add(eps));
  return { y: x.sub(mean).mul(inverseStd), mean, inverseStd };
}

const epsilon = (node: OnnxNode): number => node.number("epsilon", 1e-5);

/** One value per channel, laid along dim 1. */
const perChannel = (x: Tensor, rank: number): Tensor => x.reshape([-1, ...singles(rank - 2)]);

function layerNorm(node: OnnxNode): Tensor[] {
  const x = node.input(0);
  const { y, mean, inverseStd } = standardize(x, dimsOf(x, node.number("axis", -1)), epsilon(node));
  const scaled = y.mul(node.input(1));
  const bias = node.optional(2);
  return [bias === undefined ? scaled : scaled.add(bias), mean, inverseStd];
}

function rmsNorm(node: OnnxNode): Tensor {
  const x = node.input(0);
  const meanSquare = x.square().mean(dimsOf(x, node.number("axis", -1)), { keepDim: true });
  return x.mul(rsqrt(meanSquare.add(epsilon(node)))).mul(node.input(1));
}

function instanceNorm(node: OnnxNode): Tensor {
  const x = node.input(0);
  const { y } = standardize(x, dimsOf(x, 2), epsilon(node));
  return y.mul(perChannel(node.input(1), x.ndim)).add(perChannel(node.input(2), x.ndim));
}

function groupNorm(node: OnnxNode): Tensor {
  const x = node.input(0);
  const grouped = x.reshape([x.shape[0], node.number("num_groups", 1), -1]);
  const y = standardize(grouped, [2], epsilon(node)).y.reshape(x.shape);
  return y.mul(perChannel(node.input(1), x.ndim)).add(perChannel(node.input(2), x.ndim));
}

/** By given statistics, or in training by the batch's own; then the running ones come out, too. */
function batchNormalization(node: OnnxNode): Tensor | Tensor[] {
  const [x, weight, bias, runningMean, runningVar] = [0, 1, 2, 3, 4].map((i) => node.input(i));
  const eps = epsilon(node);
  if (!node.flag("training_mode")) return batchNorm(x, { weight, bias, eps, mean: runningMean, variance: runningVar });
  const dims = x.shape.flatMap((_, d) => (d === 1 ? [] : [d]));
  const kept = node.number("momentum", 0.9);
  const running = (old: Tensor, fresh: Tensor): Tensor => old.mul(kept).add(fresh.mul(1 - kept));
  return [batchNorm(x, { weight, bias, eps }), running(runningMean, x.mean(dims)), running(runningVar, variance(x, dims, { correction: 0 }))];
}

/** Divides by the norm of each line; a line of zeros stays. */
function lpNorm(node: OnnxNode): Tensor {
  const x = node.input();
  const length = norm(x, node.number("axis", -1), { p: node.number("p", 2), keepDim: true });
  return where(length.eq(0), x, x.div(length));
}

/** x/(bias + alpha/size·Σx²)^beta, summed over `size` neighbouring channels. (Krizhevsky et al., 2012) */
function localResponseNorm(node: OnnxNode): Tensor {
  const x = node.input();
  const size = node.number("size", 1);
  const before = Math.floor((size - 1) / 2);
  const padding = [...new Array<number>(2 * (x.ndim - 2)).fill(0), before, size - 1 - before];
  const power = unfold(pad(x.square(), padding), 1, size, 1).sum(-1);
  const scale = power.mul(node.number("alpha", 1e-4) / size).add(node.number("bias", 1));
  return x.div(scale.pow(node.number("beta", 0.75)));
}

export const normalization: Operators = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNorm,
  RMSNormalization: rmsNorm,
  InstanceNormalization: instanceNorm,
  GroupNormalization: groupNorm,
  LpNormalization: lpNorm,
  LRN: localResponseNorm,
  MeanVarianceNormalization: (node) => standardize(node.input(), node.numbers("axes") ?? [0, 2, 3], 0).y,
};
