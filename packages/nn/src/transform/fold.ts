import { noGrad } from "@dl/autograd";
import { zeros } from "@dl/tensor";
import type { Shape, Tensor } from "@dl/tensor";
import { Conv1d, Conv2d, Conv3d } from "../layers/conv/conv.js";
import { Linear } from "../layers/linear.js";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "../layers/norm/batch-norm.js";
import type { Module } from "../module/module.js";
import { remade, withParameters } from "./copy.js";

type Conv = Conv1d | Conv2d | Conv3d;
type BatchNorm = BatchNorm1d | BatchNorm2d | BatchNorm3d;

const convs: readonly unknown[] = [Conv1d, Conv2d, Conv3d];
const norms: readonly unknown[] = [BatchNorm1d, BatchNorm2d, BatchNorm3d];

// A subclass may compute something else, so it is left alone.
const isLinear = (module: Module): module is Linear => module.constructor === Linear;
const isConv = (module: Module): module is Conv => convs.includes(module.constructor);
const isBatchNorm = (module: Module): module is BatchNorm => norms.includes(module.constructor);

const biasOf = ({ weight, bias }: Linear | Conv): Tensor => bias ?? zeros([weight.shape[0]], { dtype: weight.dtype, backend: weight.backend });

/** second(first(x)) as one layer: W = W₂W₁, b = W₂b₁ + b₂. */
function foldLinear(first: Linear, second: Linear): Linear {
  const { dtype } = first.weight;
  const hasBias = first.bias !== null || second.bias !== null;
  const args = [first.inFeatures, second.outFeatures, { bias: hasBias, dtype }];
  const weight = second.weight.matmul(first.weight);
  if (!hasBias) return withParameters(remade(first, args), { weight });
  return withParameters(remade(first, args), { weight, bias: second.weight.matmul(biasOf(first)).add(biasOf(second)) });
}

/** The arguments of a layer with an offset. */
function argsWithBias(layer: Linear | Conv): unknown[] {
  const options = isLinear(layer) ? 2 : 3;
  const given = layer.args[options];
  return [...layer.args.slice(0, options), { ...(typeof given === "object" ? given : {}), bias: true }];
}

const perChannel = (x: Tensor, { length }: Shape): Tensor => x.reshape([-1, ...Array.from({ length: length - 1 }, () => 1)]);

/** What evaluation does after the layer, within it: W = s·W, b = s·(b − mean) + bias with s = weight/√(variance + eps), per output channel. */
function foldNorm(layer: Linear | Conv, norm: BatchNorm, mean: Tensor, variance: Tensor): Linear | Conv {
  const factor = variance.add(norm.eps).pow(-0.5);
  const scale = norm.weight === null ? factor : factor.mul(norm.weight);
  const centred = biasOf(layer).sub(mean).mul(scale);
  const weight = layer.weight.mul(perChannel(scale, layer.weight.shape));
  return withParameters(remade(layer, argsWithBias(layer)), { weight, bias: norm.bias === null ? centred : centred.add(norm.bias) });
}

const rankOf = (layer: Linear | Conv): number => Math.max(1, layer.weight.ndim - 2);

/** Two layers as one that does what both do in evaluation, `null` where there is none. */
export function fold(first: Module, second: Module): Linear | Conv | null {
  if (isLinear(first) && isLinear(second) && first.outFeatures === second.inFeatures) return noGrad(() => foldLinear(first, second));
  if (!(isLinear(first) || isConv(first)) || !isBatchNorm(second)) return null;
  const { runningMean: mean, runningVar: variance } = second;
  const fits = norms.indexOf(second.constructor) === rankOf(first) - 1 && second.numFeatures === first.weight.shape[0];
  return fits && mean !== null && variance !== null ? noGrad(() => foldNorm(first, second, mean, variance)) : null;
}
