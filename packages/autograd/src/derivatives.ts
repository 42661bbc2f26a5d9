import { ShapeError } from "@dl/registry";
import { showShape, stack, withGradMode } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { grad, leafOf } from "./grad.js";

type TensorMap = (x: Tensor) => Tensor;

export interface DerivativeOptions {
  /** Make the result differentiable itself. Default false. */
  readonly createGraph?: boolean;
}

/** A tensor of x's shape, dtype and backend with a single 1. */
function unit(x: Tensor, at: number): Tensor {
  const values = x.makeEmpty(x.shape, x.dtype).dataSync();
  values[at] = 1;
  return x.makeFrom(values, x.dtype, x.shape);
}

/** A point to differentiate at: x itself when a graph hangs on it, otherwise a leaf with its value. */
const pointAt = (x: Tensor): Tensor => (x.requiresGrad ? x : leafOf(x));

const checkShapes = (where: string, what: string, given: Tensor, wanted: Tensor): void => {
  if (showShape(given.shape) !== showShape(wanted.shape)) {
    throw new ShapeError(where, `the ${what} has shape ${showShape(given.shape)}, not ${showShape(wanted.shape)}`, `Give one of shape ${showShape(wanted.shape)}`);
  }
};

/** All first derivatives ∂f(x)ᵢ/∂xⱼ. Shape: [...f(x).shape, ...x.shape]. One sweep per output element. */
export function jacobian(f: TensorMap, x: Tensor, { createGraph = false }: DerivativeOptions = {}): Tensor {
  return withGradMode(true, () => {
    const point = pointAt(x);
    const y = f(point);
    const shape = [...y.shape, ...x.shape];
    if (y.size === 0 || !y.requiresGrad) return x.makeEmpty(shape, x.dtype);
    const rows = Array.from({ length: y.size }, (_, i) => grad(y, [point], { gradOutputs: [unit(y, i)], retainGraph: true, createGraph, allowUnused: true })[0]);
    return stack(rows).reshape(shape);
  });
}

/** All second derivatives ∂²f(x)/∂xᵢ∂xⱼ of a scalar function. Shape: [...x.shape, ...x.shape]. */
export function hessian(f: TensorMap, x: Tensor, options: DerivativeOptions = {}): Tensor {
  return jacobian((point) => grad(f(point), [point], { createGraph: true, allowUnused: true })[0], x, options);
}

/** The value f(x) and the vector–Jacobian product vᵀ·J. Shapes: v as f(x); the product as x. */
export function vjp(f: TensorMap, x: Tensor, v: Tensor, { createGraph = false }: DerivativeOptions = {}): { value: Tensor; product: Tensor } {
  return withGradMode(true, () => {
    const point = pointAt(x);
    const value = f(point);
    checkShapes("vjp", "vector", v, value);
    const [product] = grad(value, [point], { gradOutputs: [v], createGraph, allowUnused: true });
    return { value: createGraph ? value : value.detach(), product };
  });
}

/**
 * The value f(x) and the Jacobian–vector product J·v, by differentiating vᵀ·J with respect to v: two reverse sweeps.
 * Shapes: v as x; the product as f(x).
 */
export function jvp(f: TensorMap, x: Tensor, v: Tensor, { createGraph = false }: DerivativeOptions = {}): { value: Tensor; product: Tensor } {
  checkShapes("jvp", "vector", v, x);
  return withGradMode(true, () => {
    const point = pointAt(x);
    const value = f(point);
    const dummy = leafOf(value.makeEmpty(value.shape, value.dtype));
    const [row] = grad(value, [point], { gradOutputs: [dummy], createGraph: true, allowUnused: true });
    const product = row.requiresGrad
      ? grad(row, [dummy], { gradOutputs: [v], createGraph, allowUnused: true })[0]
      : value.makeEmpty(value.shape, value.dtype);
    return { value: createGraph ? value : value.detach(), product };
  });
}
