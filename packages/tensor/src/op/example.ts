import type { DType } from "../dtype.js";
import type { Tensor } from "../tensor.js";
import type { Op } from "./define.js";

/** Numbers, truth values, or arrays of them, of equal lengths at each depth. */
export type Nested = number | boolean | readonly Nested[];

export interface ExampleSpec {
  /** Shapes of the inputs; values are drawn with a fixed seed from `range`. */
  readonly shapes?: readonly (readonly number[])[];
  /** The inputs' values, where they matter. */
  readonly inputs?: readonly Nested[];
  /** One dtype per input; float32 where left out (bool where all values are). Only float inputs are differentiated. */
  readonly dtypes?: readonly DType[];
  /** Interval that random values come from; [-2, 2] by default. Stay away from kinks: gradients are checked numerically. */
  readonly range?: readonly [low: number, high: number];
  /** How the op is called with the inputs; by default `op(...inputs)`. */
  readonly call?: (inputs: readonly Tensor[]) => Tensor;
  /** Expected values of the output, by hand or from a reference. */
  readonly expect?: Nested;
  /** Allowed relative and absolute error of `expect`; 1e-5 by default, since ops run in float32. */
  readonly tolerance?: number;
  /** False where numeric gradients say nothing: on a kink, or for inputs that are no floats. */
  readonly gradient?: false;
  /** The call must throw, with a message that contains this. */
  readonly throws?: string;
}

export interface Example extends ExampleSpec {
  readonly op: Op;
  readonly call: (inputs: readonly Tensor[]) => Tensor;
}

/**
 * A sample call of an op. The suites read it six times over: values, gradients of first and second order, conformance of
 * backends, benchmarks, documentation, determinism; one with `throws` shows what is refused, and how.
 */
export function example(op: Op, spec: ExampleSpec): Example {
  return { call: (inputs) => (op as Op<readonly Tensor[]>)(...inputs), ...spec, op };
}
