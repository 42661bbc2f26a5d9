import type { Backend, View } from "../backend/contract.js";
import { promote } from "../dtype.js";
import type { DType } from "../dtype.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { checkInputs, record } from "./apply.js";
import type { BackwardContext, GradientRule } from "./origin.js";

export const opBrand: unique symbol = Symbol.for("dl/op");

export type OpKind = "elementwise" | "kernel" | "view" | "composite";

/** An op: a function on tensors that knows its name and kind, so that registries, suites and docs can list it. */
export interface Op<A extends readonly unknown[] = never> {
  (...args: A): Tensor;
  readonly name: string;
  readonly [opBrand]: OpKind;
  /** False where no gradient exists on purpose: comparisons, argmax, rounding. */
  readonly differentiable: boolean;
}

/** An op's inputs and everything else its arguments say. */
export type Parsed<O> = readonly [inputs: readonly Tensor[], options: O];

interface Common<A extends readonly unknown[], O> {
  readonly name: string;
  /** Splits public arguments into tensors and checked, normalised options. */
  readonly parse: (...args: A) => Parsed<O>;
  /** The gradient with respect to each input, written with differentiable ops. Without it the op is not differentiable, on purpose. */
  readonly backward?: undefined | ((context: BackwardContext<O>) => readonly (Tensor | null)[]);
  /** Floating-point operations of one call; nothing when left out, as for views and copies. A multiplication and an addition are two. */
  readonly flops?: undefined | ((inputs: readonly Tensor[], output: Tensor, options: O) => number);
}

export interface KernelSpec<A extends readonly unknown[], O> extends Common<A, O> {
  /** The output's shape. @throws ShapeError with the shapes and the fix */
  readonly shape: (inputs: readonly Tensor[], options: O) => Shape;
  /** The output's dtype; by default what the inputs promote to. */
  readonly dtype?: (inputs: readonly Tensor[], options: O) => DType;
  /** Fills `out`, fresh and zero, from the inputs. */
  readonly forward: (backend: Backend, inputs: readonly View[], out: View, options: O) => void;
}

export interface ViewSpec<A extends readonly unknown[], O> extends Common<A, O> {
  /** How the input's memory is to be read. */
  readonly view: (input: Tensor, options: O) => { shape: Shape; strides: Shape; offset: number };
}

export interface Brand {
  readonly name: string;
  readonly [opBrand]: OpKind;
}

/** Gives a function the name and mark of an op. */
/* @__NO_SIDE_EFFECTS__ */
export function brandOp<F extends object>(call: F, name: string, kind: OpKind): F & Brand {
  Object.defineProperty(call, "name", { value: name });
  return Object.assign(call, { [opBrand]: kind }) as F & Brand;
}

function ruleOf<A extends readonly unknown[], O>({ name, backward, flops }: Common<A, O>): GradientRule<O> | null {
  return backward === undefined ? null : { name, backward, ...(flops && { flops }) };
}

const promotedDType = (inputs: readonly Tensor[]): DType => inputs.reduce((dtype, x) => promote(dtype, x.dtype), inputs[0].dtype);

/** An op with a kernel of its own: one that computes a new buffer. */
/* @__NO_SIDE_EFFECTS__ */
export function defineOp<A extends readonly unknown[], O>(spec: KernelSpec<A, O>): Op<A> {
  const { name, parse, shape, dtype = promotedDType, forward } = spec;
  const rule = ruleOf(spec);
  const call = (...args: A): Tensor => {
    const [inputs, options] = parse(...args);
    checkInputs(name, inputs);
    const out = inputs[0].makeEmpty(shape(inputs, options), dtype(inputs, options));
    forward(out.backend, inputs, out, options);
    return record(out, rule, inputs, options);
  };
  return Object.assign(brandOp(call, name, "kernel"), { differentiable: rule !== null });
}

/** An op that only reads its input's memory another way; nothing is copied. */
/* @__NO_SIDE_EFFECTS__ */
export function defineView<A extends readonly unknown[], O>(spec: ViewSpec<A, O>): Op<A> {
  const { name, parse, view } = spec;
  const rule = ruleOf(spec);
  const call = (...args: A): Tensor => {
    const [inputs, options] = parse(...args);
    checkInputs(name, inputs);
    const { shape, strides, offset } = view(inputs[0], options);
    return record(inputs[0].makeView(shape, strides, offset), rule, inputs, options);
  };
  return Object.assign(brandOp(call, name, "view"), { differentiable: rule !== null });
}

/** An op composed of others: it has their gradients and runs wherever they run. */
/* @__NO_SIDE_EFFECTS__ */
export function defineComposite<A extends readonly unknown[]>(name: string, call: (...args: A) => Tensor, { differentiable = true } = {}): Op<A> {
  return Object.assign(brandOp(call, name, "composite"), { differentiable });
}
