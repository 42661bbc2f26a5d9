import { backward } from "@dl/autograd";
import { Adadelta, Adagrad, Adam, AdamW, Adamax, NAdam, RAdam, RMSprop, SGD, parameter } from "@dl/nn";
import type { Optimizer } from "@dl/nn";
import { ones, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, readFixture, wave } from "./fixture.js";

interface Options {
  readonly optimizer: string;
  readonly options: { readonly maximize?: boolean };
  readonly groups: readonly object[];
  readonly dtype: "float32" | "float64";
}

const optimizers = { Adadelta, Adagrad, Adam, AdamW, Adamax, NAdam, RAdam, RMSprop, SGD };
const curvatures = [100, 10, 1, 0.1];
// In float64 all but NAdam agree to 1e-14: PyTorch keeps the product of its momenta in float32.
const tolerance = { float32: 1e-6, float64: 1e-8 };
/** Gradients, and so the kept tensors, are up to 100 times the points: so is their rounding. */
const stateTolerance = { float32: 1e-5, float64: 1e-8 };

/** optimizers.py's problem: an ill-conditioned bowl, and the mean square of tanh(weight·x) − y. */
function lossOf(bowl: Tensor, weight: Tensor): Tensor {
  const { dtype } = bowl;
  const like = { dtype: dtype === "float64" ? dtype : ("float32" as const) };
  const quadratic = tensor(curvatures, { dtype }).mul(bowl.square()).sum().mul(0.5);
  return quadratic.add(weight.matmul(wave([3, 5], like)).tanh().sub(wave([2, 5], { ...like, phase: 7 })).square().mean());
}

/** All points of the walk one under the other, and the state at its end. */
function walk({ optimizer: name, options, groups, dtype }: Options, steps: number): { points: number[]; kept: ReadonlyMap<string, Tensor> } {
  const [bowl, weight] = [parameter(ones([4], { dtype })), parameter(wave([2, 3], { scale: 0.5, dtype }))];
  const given = [{ params: [bowl], ...groups[0] }, { params: [weight], ...groups[1] }];
  const optimizer = Reflect.construct(optimizers[name as keyof typeof optimizers], [given, options]) as Optimizer;
  const points: number[] = [];
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad();
    const loss = lossOf(bowl, weight);
    backward(options.maximize === true ? loss.neg() : loss);
    optimizer.step();
    points.push(...bowl.dataSync(), ...weight.dataSync());
  }
  return { points, kept: optimizer.stateDict().tensors };
}

describe("trajectories as PyTorch's", () => {
  test.each(readFixture<Options>("optimizers").map((item) => [item.name, item] as const))("MLP-07 %s", (_, { options, tensors }) => {
    const { points: wanted, ...state } = tensors;
    const { points, kept } = walk(options, wanted.shape[0]);
    expectClose(tensor(points, { shape: wanted.shape, dtype: "float64" }), wanted.to("float64"), tolerance[options.dtype], "the trajectory");
    expect([...kept.keys()].sort()).toStrictEqual(Object.keys(state).sort());
    for (const [key, value] of Object.entries(state)) expectClose(kept.get(key) ?? value.neg(), value, stateTolerance[options.dtype], key);
  });
});
