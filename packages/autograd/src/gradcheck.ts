import { DTypeError, ValueError, checkOptions } from "@dl/registry";
import { showShape, withGradMode } from "@dl/tensor";
import type { Tensor, TypedArray } from "@dl/tensor";
import { grad, leafOf } from "./grad.js";

export interface GradcheckOptions {
  /** Step of the central differences. Default 1e-5. */
  readonly eps?: number;
  /** Allowed difference, absolute plus relative to the numeric value. Default 1e-6. */
  readonly tolerance?: number;
}

type Differentiable = (...inputs: Tensor[]) => Tensor;

/** Row-major position → index, for messages. */
function indexOf(position: number, shape: readonly number[]): string {
  const index: number[] = [];
  let rest = position;
  for (let d = shape.length - 1; d >= 0; d--) {
    index.unshift(rest % shape[d]);
    rest = Math.floor(rest / shape[d]);
  }
  return showShape(index);
}

/** Row i of the Jacobian with respect to each input. */
function analyticRow(output: Tensor, inputs: readonly Tensor[], i: number): TypedArray[] {
  const seed = output.makeEmpty(output.shape, output.dtype).dataSync();
  seed[i] = 1;
  const gradOutputs = [output.makeFrom(seed, output.dtype, output.shape)];
  return grad(output, inputs, { gradOutputs, retainGraph: true, allowUnused: true }).map((g) => g.dataSync());
}

/** ∂f/∂(one input element) by central differences, for all outputs. */
function numericColumn(f: Differentiable, inputs: readonly Tensor[], which: number, at: number, eps: number): number[] {
  const shifted = (by: number): TypedArray => {
    const input = inputs[which];
    const values = input.dataSync();
    values[at] += by;
    return withGradMode(false, () => f(...inputs.with(which, input.makeFrom(values, input.dtype, input.shape)))).dataSync();
  };
  const [high, low] = [shifted(eps), shifted(-eps)];
  return Array.from(high, (value, i) => (value - low[i]) / (2 * eps));
}

const isFloating = (x: Tensor): boolean => x.dtype === "float64" || x.dtype === "float32";

function checkInput(f: Differentiable, points: readonly Tensor[], rows: readonly TypedArray[][], output: Tensor, which: number, eps: number, tolerance: number): void {
  for (let at = 0; at < points[which].size; at++) {
    const numeric = numericColumn(f, points, which, at, eps);
    numeric.forEach((expected, i) => {
      const analytic = rows[i][which][at];
      if (!(Math.abs(analytic - expected) <= tolerance * (1 + Math.abs(expected)))) {
        throw new ValueError(
          "gradcheck",
          `∂output${indexOf(i, output.shape)}/∂input ${which}${indexOf(at, points[which].shape)} is ${analytic} analytically, ${expected} numerically`,
          "Mend the backward, or keep the inputs away from kinks",
          { input: which, element: at, output: i, analytic, numeric: expected },
        );
      }
    });
  }
}

/**
 * Compares the gradients of `f` with central differences, element by element, in float64.
 * Float inputs are differentiated; integer and bool ones are passed along.
 * @returns true
 * @throws ValueError that names the first element that differs; DTypeError on float32 inputs
 */
export function gradcheck(f: Differentiable, inputs: readonly Tensor[], options: GradcheckOptions = {}): true {
  checkOptions("gradcheck", options, ["eps", "tolerance"]);
  const { eps = 1e-5, tolerance = 1e-6 } = options;
  const narrow = inputs.findIndex((x) => x.dtype === "float32");
  if (narrow !== -1) {
    throw new DTypeError("gradcheck", `input ${narrow} is float32, whose rounding hides errors`, 'Make it with dtype "float64"', { input: narrow });
  }
  return withGradMode(true, () => {
    const points = inputs.map((x) => (isFloating(x) ? leafOf(x) : x));
    const output = f(...points);
    const rows = Array.from({ length: output.size }, (_, i) => analyticRow(output, points, i));
    points.forEach((x, which) => { if (isFloating(x)) checkInput(f, points, rows, output, which, eps, tolerance); });
    return true;
  });
}

/** A fixed, irregular direction: sin of the running number. */
function directionLike(x: Tensor): Tensor {
  const values = x.makeEmpty(x.shape, x.dtype).dataSync();
  for (let i = 0; i < values.length; i++) values[i] = Math.sin(i + 1);
  return x.makeFrom(values, x.dtype, x.shape);
}

/**
 * Checks second derivatives: `gradcheck` of the gradient itself, with respect to the inputs and to the incoming gradient.
 * @throws as `gradcheck`
 */
export function gradgradcheck(f: Differentiable, inputs: readonly Tensor[], options: GradcheckOptions = {}): true {
  const probe = withGradMode(false, () => f(...inputs));
  const floats = inputs.flatMap((x, i) => (isFloating(x) ? [i] : []));
  for (const which of floats) {
    const gradient = (...args: Tensor[]): Tensor => withGradMode(true, () => {
      const points = args.slice(0, -1).map((x) => (isFloating(x) && !x.requiresGrad ? leafOf(x) : x));
      return grad(f(...points), [points[which]], { gradOutputs: [args[args.length - 1]], createGraph: true, allowUnused: true })[0];
    });
    gradcheck(gradient, [...inputs, directionLike(probe)], options);
  }
  return true;
}
