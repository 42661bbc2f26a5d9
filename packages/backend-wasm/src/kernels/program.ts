import type { Instruction, Program, Typing } from "@dl/tensor";
import { f32x4, i32x4, v128 } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import type { Host } from "../math/index.js";
import { primitive } from "./primitive.js";
import { formOf } from "./values.js";
import type { Value } from "./values.js";

/** The first steps of a formula, for profilers. */
export const titleOf = ({ instructions }: Program): string => instructions.slice(0, 5).map(({ op }) => op).join(" ") + (instructions.length > 5 ? " ..." : "");

/** Where run-time scalars lie among a kernel's arguments: as float32, then as int32. */
export interface ScalarPlace {
  readonly args: Code<"i32">;
  readonly offset: number;
}

/** A program's constants and scalars, ready before any loop begins. */
export function leafValues(f: FunctionBuilder, program: Program, typing: Typing, scalars: ScalarPlace): readonly Value[] {
  const scalarValues = Array.from({ length: program.numScalars }, (_, k): Value => {
    const held = (word: number): Code<"v128"> => f.hold("v128", v128.load32Splat(scalars.args, scalars.offset + 4 * (2 * k + word))).get;
    return number(held(0), held(1), typing.slots[program.numInputs + k] === "int32");
  });
  return [...scalarValues, ...program.constants.map((value, k) => number(f32x4.const(value), i32x4.const(value), typing.slots[program.numInputs + program.numScalars + k] === "int32"))];
}

/** A number in both forms; a fraction is never asked for as an integer. */
const number = (float: Code<"v128">, integer: Code<"v128">, isInteger: boolean): Value =>
  isInteger ? { form: "i32", code: integer, others: { f32: float } } : { form: "f32", code: float };

/** What a program leaves in each of its outputs for four elements, given its inputs and `leafValues`. */
export class Evaluation {
  /** One local per instruction, used again by every evaluation of the same function. */
  private readonly results: readonly Local<"v128">[];

  constructor(
    private readonly f: FunctionBuilder,
    private readonly host: Host,
    private readonly program: Program,
    private readonly typing: Typing,
    private readonly leaves: readonly Value[],
  ) {
    this.results = f.localsOf("v128", program.instructions.length);
  }

  run(inputs: readonly Value[]): { readonly statements: readonly Code[]; readonly outputs: readonly Value[] } {
    const values: Value[] = [...inputs, ...this.leaves];
    const statements = this.program.instructions.map((instruction, i) => {
      const form = formOf(this.typing.slots[instruction.slot]);
      const local = this.results[i];
      const statement = local.set(this.compute(instruction, values));
      values.push({ form, code: local.get });
      return statement;
    });
    return { statements, outputs: this.program.outputs.map((slot) => values[slot]) };
  }

  private compute({ op, args, slot, dtype }: Instruction, values: readonly Value[]): Code<"v128"> {
    const operands = args.map((arg) => values[arg]);
    const value = primitive(this.f, this.host, op, operands, formOf(this.typing.slots[slot]));
    // A cast to bytes keeps the low ones only.
    return op === "cast" && (dtype === "uint8" || dtype === "int8") ? wrapped(dtype, value) : value;
  }
}

const wrapped = (dtype: "uint8" | "int8", lanes: Code<"v128">): Code<"v128"> =>
  dtype === "uint8" ? v128.and(lanes, i32x4.const(0xff)) : i32x4.shrSigned(i32x4.shl(lanes, 24), 24);
