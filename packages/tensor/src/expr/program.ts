import { isFloat, promote, rankOf } from "../dtype.js";
import type { DType } from "../dtype.js";
import { topological } from "./differentiate.js";
import type { Expr, PrimitiveName } from "./expr.js";
import { primitives } from "./primitives.js";

export interface Instruction {
  readonly op: PrimitiveName;
  /** Slots of the operands. */
  readonly args: readonly number[];
  /** Slot of the result. */
  readonly slot: number;
  /** The target of a cast. */
  readonly dtype?: DType;
}

/** The dtype of every slot of a program, for one combination of input dtypes. */
export interface Typing {
  readonly slots: readonly DType[];
  readonly outputs: readonly DType[];
  /** What intermediate values are kept in: float32 when nothing wider occurs, otherwise float64 (which also holds int32 exactly). */
  readonly compute: "float32" | "float64";
}

let programs = 0;

/**
 * A formula laid out in order of evaluation, common subexpressions merged: what a backend compiles, once, under the key `id`.
 * Slots are numbered inputs first, then scalars, constants and results.
 */
export class Program {
  readonly id = programs++;
  readonly instructions: readonly Instruction[];
  readonly constants: readonly number[];
  readonly outputs: readonly number[];
  /** Floating-point operations per element. */
  readonly flops: number;
  private readonly typings = new Map<number, Typing>();

  constructor(
    readonly roots: readonly Expr[],
    readonly numInputs: number,
    readonly numScalars: number,
  ) {
    const layout = lay(roots, numInputs, numScalars);
    this.instructions = layout.instructions;
    this.constants = layout.constants;
    this.outputs = layout.outputs;
    this.flops = this.instructions.reduce((total, { op }) => total + primitives[op].flops, 0);
  }

  get numLeaves(): number {
    return this.numInputs + this.numScalars + this.constants.length;
  }

  get numSlots(): number {
    return this.numLeaves + this.instructions.length;
  }

  /** @param wholeScalars whether every run-time scalar is a whole number (such a scalar does not turn int32 into float32) */
  typing(inputs: readonly { readonly dtype: DType }[], wholeScalars: boolean): Typing {
    let key = wholeScalars ? 1 : 0;
    for (let i = 0; i < inputs.length; i++) key = key * 6 + rankOf(inputs[i].dtype);
    let typing = this.typings.get(key);
    if (typing === undefined) {
      typing = inferTypes(this, inputs.map((x) => x.dtype), wholeScalars);
      this.typings.set(key, typing);
    }
    return typing;
  }
}

function lay(roots: readonly Expr[], numInputs: number, numScalars: number): Pick<Program, "instructions" | "constants" | "outputs"> {
  const order = topological(roots);
  const constants = [...new Set(order.filter((node) => node.op === "const").map((node) => node.value))];
  const slots = new Map<Expr, number>();
  const known = new Map<string, number>();
  const instructions: Instruction[] = [];
  const leaves = numInputs + numScalars + constants.length;
  const slotOf = (node: Expr): number => slots.get(node) ?? -1;
  for (const node of order) {
    if (node.op === "input") slots.set(node, node.value);
    else if (node.op === "scalar") slots.set(node, numInputs + node.value);
    else if (node.op === "const") slots.set(node, numInputs + numScalars + constants.findIndex((value) => value === node.value || (Number.isNaN(value) && Number.isNaN(node.value))));
    else {
      const args = node.args.map(slotOf);
      const key = `${node.op}:${args.join()}:${node.dtype ?? ""}`;
      let slot = known.get(key);
      if (slot === undefined) {
        slot = leaves + instructions.length;
        known.set(key, slot);
        instructions.push({ op: node.op, args, slot, ...(node.dtype && { dtype: node.dtype }) });
      }
      slots.set(node, slot);
    }
  }
  return { instructions, constants, outputs: roots.map(slotOf) };
}

/** Numbers are weak: a whole one takes the type of what it meets, a fractional one asks for a float. */
type WeakType = "whole" | "fraction";

function join(a: DType | WeakType, b: DType | WeakType): DType | WeakType {
  if (a === "whole") return b;
  if (b === "whole") return a;
  if (a === "fraction") return b === "fraction" || isFloat(b) ? b : "float32";
  if (b === "fraction") return isFloat(a) ? a : "float32";
  return promote(a, b);
}

const settle = (type: DType | WeakType): DType => (type === "whole" ? "int32" : type === "fraction" ? "float32" : type);

/** Arithmetic happens in int32 at least; truth values and bytes are only stored. */
const arithmetic = (type: DType | WeakType): DType | WeakType =>
  type === "bool" || type === "uint8" || type === "int8" ? "int32" : type;

function resultType({ op, dtype }: Instruction, args: readonly (DType | WeakType)[]): DType | WeakType {
  switch (primitives[op].result) {
    case "bool":
      return "bool";
    case "target":
      return dtype ?? "float32";
    case "branch":
      return join(args[1], args[2]);
    case "same":
      return arithmetic(args.reduce(join));
    case "float":
      return join(args.reduce(join), "fraction");
  }
}

function inferTypes(program: Program, inputs: readonly DType[], wholeScalars: boolean): Typing {
  const slots: (DType | WeakType)[] = [...inputs];
  for (let i = 0; i < program.numScalars; i++) slots.push(wholeScalars ? "whole" : "fraction");
  for (const value of program.constants) slots.push(Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? "whole" : "fraction");
  for (const instruction of program.instructions) slots.push(resultType(instruction, instruction.args.map((slot) => slots[slot])));
  const settled = slots.map(settle);
  const narrow = settled.includes("float32") && !slots.includes("float64") && !slots.includes("int32");
  return { slots: settled, outputs: program.outputs.map((slot) => settled[slot]), compute: narrow ? "float32" : "float64" };
}
