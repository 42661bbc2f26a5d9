import {
  batchNorm, batchNormWithStatistics, flip, groupNorm, instanceNorm, layerNorm, localResponseNorm, normalize, repeatInterleave, rmsNorm, rsqrt,
  std, variance,
} from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { dimsOf } from "./dims.js";
import type { OnnxNode, Operators } from "./node.js";

const epsilon = (node: OnnxNode): number => node.number("epsilon", 1e-5);

/** The node's scale and bias, stretched to `shape`. */
function affine(node: OnnxNode, shape: readonly number[]): { weight: Tensor; bias: Tensor | null } {
  return { weight: node.input(1).expand(shape), bias: node.optional(2)?.expand(shape) ?? null };
}

/** On demand with mean and 1/deviation, which our op keeps to itself. */
function layerNormalization(node: OnnxNode): Tensor[] {
  const x = node.input(0);
  const dims = dimsOf(x, node.number("axis", -1));
  const shape = dims.map((d) => x.shape[d]);
  const y = layerNorm(x, shape, { ...affine(node, shape), eps: epsilon(node) });
  if (node.outputs === 1) return [y];
  const spread = variance(x, dims, { correction: 0, keepDim: true });
  return [y, x.mean(dims, { keepDim: true }), rsqrt(spread.add(epsilon(node)))];
}

function rmsNormalization(node: OnnxNode): Tensor {
  const x = node.input(0);
  const shape = x.shape.slice(node.number("axis", -1));
  return rmsNorm(x, shape, { weight: node.input(1).expand(shape), eps: epsilon(node) });
}

/** Before opset 21, weights stood for groups rather than for channels. */
function groupNormalization(node: OnnxNode): Tensor {
  const x = node.input(0);
  const groups = node.number("num_groups", 1);
  const perChannel = (values: Tensor): Tensor => (node.opset < 21 ? repeatInterleave(values, x.shape[1] / groups) : values);
  return groupNorm(x, groups, { weight: perChannel(node.input(1)), bias: perChannel(node.input(2)), eps: epsilon(node) });
}

/** By given statistics, or in training by the batch's own; then the running ones come out, too. */
function batchNormalization(node: OnnxNode): Tensor | Tensor[] {
  const [x, weight, bias, runningMean, runningVar] = [0, 1, 2, 3, 4].map((i) => node.input(i));
  const options = { weight, bias, eps: epsilon(node) };
  if (!node.flag("training_mode")) return batchNorm(x, { ...options, mean: runningMean, variance: runningVar });
  const own = batchNormWithStatistics(x, options);
  const kept = node.number("momentum", 0.9);
  const running = (old: Tensor, fresh: Tensor): Tensor => old.mul(kept).add(fresh.mul(1 - kept));
  return [own.y, running(runningMean, own.mean), running(runningVar, own.variance)];
}

/** Of an even number of neighbours ONNX has the odd one after the channel, we before it. */
function responseNormalization(node: OnnxNode): Tensor {
  const size = node.number("size", 1);
  const mirror = (x: Tensor): Tensor => (size % 2 === 0 ? flip(x, 1) : x);
  const options = { alpha: node.number("alpha", 1e-4), beta: node.number("beta", 0.75), k: node.number("bias", 1) };
  return mirror(localResponseNorm(mirror(node.input()), size, options));
}

function meanVarianceNormalization(node: OnnxNode): Tensor {
  const x = node.input();
  const axes = node.numbers("axes") ?? [0, 2, 3];
  return x.sub(x.mean(axes, { keepDim: true })).div(std(x, axes, { correction: 0, keepDim: true }).add(1e-9));
}

export const normalization: Operators = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  InstanceNormalization: (node) => instanceNorm(node.input(0), { weight: node.input(1), bias: node.input(2), eps: epsilon(node) }),
  GroupNormalization: groupNormalization,
  LpNormalization: (node) => normalize(node.input(), { p: node.number("p", 2), dim: node.number("axis", -1) }),
  LRN: responseNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
};
