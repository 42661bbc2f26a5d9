import { backward } from "@dl/autograd";
import { tensorsBefore } from "@dl/nn";
import type { Layer } from "@dl/nn";
import { createReferenceBackend, isFloat, showShape, tensor, withGradMode } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { CheckError } from "../check.js";
import { inputsFor, joinedOutput, make, nameOf } from "./example.js";
import type { LayerExample } from "./example.js";

/** Every leaf on the tape of `output` that collects a gradient. */
export const leavesOf = (output: Tensor): Tensor[] => tensorsBefore([output]).filter((x) => x.requiresGrad && x.isLeaf);

/** Σ sin(i + 1)·outputᵢ: a scalar that every element of the output moves, each by another amount. */
export function objectiveOf(layer: Layer, inputs: readonly Tensor[]): Tensor {
  const output = joinedOutput(layer, inputs);
  const weights = tensor(Float64Array.from({ length: output.size }, (_, i) => Math.sin(i + 1)), { dtype: output.dtype, backend: output.backend });
  return output.mul(weights).sum();
}

/** A float64 copy on the reference backend. */
function wideLayer(example: LayerExample): { readonly layer: Layer; readonly inputs: readonly Tensor[] } {
  const backend = createReferenceBackend();
  const layer = make(example).to(backend).to("float64");
  return { layer, inputs: inputsFor(example, { backend, wide: true }) };
}

const eps = 1e-5;
const tolerance = 1e-6;

function checkPoint(where: string, objective: () => number, name: string, point: Tensor): void {
  const values = point.dataSync();
  const analytic = point.grad?.dataSync() ?? new Float64Array(values.length);
  const objectiveAt = (i: number, by: number): number => {
    const moved = values.slice();
    moved[i] += by;
    point.assign(tensor(moved, { shape: point.shape, backend: point.backend }));
    return objective();
  };
  for (let i = 0; i < values.length; i++) {
    const numeric = (objectiveAt(i, eps) - objectiveAt(i, -eps)) / (2 * eps);
    if (!(Math.abs(analytic[i] - numeric) <= tolerance * (1 + Math.abs(numeric)))) {
      throw new CheckError(where, `∂/∂${name} of shape ${showShape(point.shape)}, element ${i}, is ${analytic[i]} analytically, ${numeric} numerically`, "Let every step of forward be differentiable, or keep the example away from kinks");
    }
  }
  point.assign(tensor(values, { shape: point.shape, backend: point.backend }));
}

/** Compares the gradients of all parameters and float inputs with central differences, in float64. */
export function checkGradients(example: LayerExample, training: boolean): void {
  const { layer, inputs } = wideLayer(example);
  const where = nameOf(layer);
  layer.train(training);
  const floats = inputs.flatMap((x, i) => (isFloat(x.dtype) ? [[`input ${i}`, x] as const] : []));
  for (const [, x] of floats) x.requiresGrad = true;
  const loss = objectiveOf(layer, inputs);
  if (!loss.requiresGrad) return;
  if (loss.dtype !== "float64") throw new CheckError(where, `in float64 the output is ${loss.dtype}`, "Make helper tensors in the dtype of the inputs");
  backward(loss);
  const objective = (): number => withGradMode(false, () => objectiveOf(layer, inputs).item());
  for (const [name, point] of [...floats, ...layer.namedParameters()]) checkPoint(where, objective, name, point);
}
