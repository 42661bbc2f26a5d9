import { ValueError } from "@dl/registry";
import { isTensor } from "../brand.js";
import type { View } from "../backend/contract.js";
import { constant, input, isExpr, scalar } from "../expr/expr.js";
import type { Expr } from "../expr/expr.js";
import { differentiate, substitute, topological } from "../expr/differentiate.js";
import { Program } from "../expr/program.js";
import { broadcastShapes } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { broadcastView } from "../view.js";
import { checkInputs, record } from "./apply.js";
import { brandOp } from "./define.js";
import type { Op } from "./define.js";
import type { BackwardContext, GradientRule } from "./origin.js";
import { sumTo } from "./sum-to.js";

/** A formula over scalars, as `elementwise` takes it. Arguments with a default may be left out by callers. */
export type Formula = (...operands: Expr[]) => Expr;

/** The formula's parameter list with another type in each place. */
type Operands<P extends readonly unknown[], T> = { [K in keyof P]: T };

export interface ElementwiseOp<P extends Expr[]> extends Op<Operands<P, Tensor | number>> {
  (...operands: Operands<P, Tensor | number>): Tensor;
  /** Inside of another formula an op stands for its own. */
  (...operands: Operands<P, Expr | number>): Expr;
  readonly formula: (...operands: P) => Expr;
  /** Floating-point operations per element. */
  readonly flops: number;
}

/** The gradient of a kernel with respect to one input: a kernel again, and which values it reads. */
interface Derivative {
  readonly kernel: Kernel;
  /** Positions in [grad, ...inputs, output]. */
  readonly sources: readonly number[];
}

/** One compiled form of a formula: which operands are tensors and which are run-time numbers is settled. */
export class Kernel implements GradientRule<readonly number[]> {
  readonly program: Program;
  private readonly derivatives: (Derivative | null | undefined)[] = [];

  constructor(
    readonly name: string,
    private readonly root: Expr,
    readonly numInputs: number,
    private readonly numScalars: number,
  ) {
    this.program = new Program([root], numInputs, numScalars);
  }

  get isDifferentiable(): boolean {
    return Array.from({ length: this.numInputs }, (_, i) => this.derivative(i)).some((d) => d !== null);
  }

  apply(tensors: readonly Tensor[], scalars: readonly number[]): Tensor {
    let shape = tensors[0].shape;
    for (let i = 1; i < tensors.length; i++) shape = broadcastShapes(this.name, shape, tensors[i].shape);
    const wholeScalars = scalars.length === 0 || scalars.every(Number.isInteger);
    const typing = this.program.typing(tensors, wholeScalars);
    const out = tensors[0].makeEmpty(shape, typing.outputs[0]);
    let views: readonly View[] = tensors;
    for (let i = 0; i < tensors.length; i++) {
      if (tensors[i].shape !== shape) {
        views = tensors.map((x) => broadcastView(x, shape));
        break;
      }
    }
    out.backend.map(this.program, views, [out], scalars);
    return record(out, this, tensors, scalars);
  }

  backward({ grad, inputs, output, needs, options }: BackwardContext<readonly number[]>): (Tensor | null)[] {
    const values = [grad, ...inputs, output];
    return inputs.map((x, i) => {
      const derivative = needs[i] ? this.derivative(i) : null;
      if (derivative === null) return null;
      const { kernel, sources } = derivative;
      const passesThrough = kernel.program.instructions.length === 0 && sources[0] === 0;
      const full = passesThrough ? grad : kernel.apply(sources.map((s) => values[s]), options);
      const own = full.dtype === x.dtype ? full : full.to(x.dtype);
      return sumTo(own, x.shape);
    });
  }

  private derivative(i: number): Derivative | null {
    let derivative = this.derivatives[i];
    if (derivative === undefined) this.derivatives[i] = derivative = this.derive(i);
    return derivative;
  }

  /**
   * grad · ∂formula/∂inputᵢ. Where the formula's own value removes all inputs (tanh, exp, sqrt, …) the output is read instead.
   * The new kernel's input 0 is grad, then come this kernel's inputs, then its output; those that do not occur are dropped.
   */
  private derive(i: number): Derivative | null {
    const leaves = topological([this.root]).filter((e) => e.op === "input");
    const wanted = leaves.filter((leaf) => leaf.value === i);
    if (wanted.length === 0) return null;
    const grad = input(0);
    const output = input(this.numInputs + 1);
    // Shift inputs by one to make room for grad; the root is kept to be recognised in the result.
    const shifted = new Map(leaves.map((leaf) => [leaf, input(leaf.value + 1)]));
    const root = substitute(this.root, shifted);
    const targets = wanted.map((leaf) => shifted.get(leaf) ?? leaf);
    const parts = differentiate(root, targets, grad).filter((e) => e !== null);
    if (parts.length === 0) return null;
    const total = parts.reduce((a, b) => a.add(b));
    const byOutput = root.op === "input" ? total : substitute(total, new Map([[root, output]]));
    const readsInputs = topological([byOutput]).some((e) => e.op === "input" && e !== grad && e !== output);
    return this.compact(i, readsInputs ? total : byOutput);
  }

  private compact(i: number, expr: Expr): Derivative {
    const leaves = topological([expr]).filter((e) => e.op === "input");
    const sources = [...new Set(leaves.map((e) => e.value))].sort((a, b) => a - b);
    const renumbered = new Map(leaves.map((e) => [e, input(sources.indexOf(e.value))]));
    const kernel = new Kernel(`${this.name}Backward${i}`, substitute(expr, renumbered), sources.length, this.numScalars);
    return { kernel, sources };
  }
}

const lift = (operand: Expr | number): Expr => (typeof operand === "number" ? constant(operand) : operand);

/** Settles the formula for `count` operands of which those in the bit set `numbers` are run-time scalars. */
function specialize(name: string, formula: Formula, count: number, numbers: number): Kernel {
  let inputs = 0;
  let scalars = 0;
  const operands = Array.from({ length: count }, (_, i) => ((numbers >> i) & 1 ? scalar(scalars++) : input(inputs++)));
  return new Kernel(name, formula(...operands), inputs, scalars);
}

/**
 * An op that works element by element, given as a formula over scalars. From the formula come the kernel on every backend, the
 * gradient to any order and the operation count. Operands broadcast; numbers may stand in for tensors.
 *
 * @example elementwise("softsign", (x) => x.div(x.abs().add(1)))
 */
/* @__NO_SIDE_EFFECTS__ */
export function elementwise<P extends Expr[]>(name: string, formula: (...operands: P) => Expr): ElementwiseOp<P> {
  const general = formula as Formula;
  const kernels: Kernel[] = [];
  const kernelFor = (count: number, numbers: number): Kernel => (kernels[(count << 8) | numbers] ??= specialize(name, general, count, numbers));

  const call = (...operands: readonly (Tensor | number | Expr)[]): Tensor | Expr => {
    const tensors: Tensor[] = [];
    const scalars: number[] = [];
    let numbers = 0;
    for (let i = 0; i < operands.length; i++) {
      const operand = operands[i];
      if (typeof operand === "number") {
        numbers |= 1 << i;
        scalars.push(operand);
      } else if (isExpr(operand)) {
        return general(...(operands as readonly (Expr | number)[]).map(lift));
      } else {
        tensors.push(operand);
      }
    }
    if (tensors.length === 0) {
      throw new ValueError(name, `got no tensor among ${operands.length} operands`, "At least one operand must be a tensor: tensor(values)");
    }
    if (tensors.length > 1 || !isTensor(tensors[0])) checkInputs(name, tensors);
    return kernelFor(operands.length, numbers).apply(tensors, scalars);
  };

  const arity = Math.max(formula.length, 1);
  const branded = brandOp(call, name, "elementwise");
  // Worked out when asked for: importing an op must cost nothing.
  Object.defineProperties(branded, {
    differentiable: { get: () => kernelFor(arity, 0).isDifferentiable },
    flops: { get: () => kernelFor(arity, 0).program.flops },
    formula: { value: formula },
  });
  return branded as ElementwiseOp<P>;
}
