import type { Program, View } from "@dl/tensor";
import { CallBuilder } from "../source/builder.js";
import type { Call } from "../source/builder.js";
import { formula } from "../source/formula.js";
import { positions } from "../source/position.js";
import type { CellOf } from "./cells.js";

const isWhole = (scalars: readonly number[]): boolean => scalars.every(Number.isInteger);

/** Reads a program's inputs at the given places; those that it does not use are not read. */
export function programAt(builder: CallBuilder, program: Program, inputs: readonly View[], at: readonly string[], scalars: readonly number[], cellOf: CellOf): ReturnType<typeof formula> {
  const used = new Set([...program.instructions.flatMap(({ args }) => args), ...program.outputs]);
  const lines: string[] = [];
  const names = inputs.map((view, k) => {
    if (!used.has(k)) return "0";
    lines.push(`const u${k} = ${builder.input(cellOf(view))}[${at[k]}];`);
    return `u${k}`;
  });
  const computed = formula(builder, program, program.typing(inputs, isWhole(scalars)), names, scalars);
  return { lines: [...lines, ...computed.lines], value: computed.value };
}

/** The program, element by element of the output's shape. */
export function mapCall(program: Program, inputs: readonly View[], shape: readonly number[], scalars: readonly number[], cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const { lines, at } = positions(builder, shape, inputs, "i", "p");
  const computed = programAt(builder, program, inputs, at, scalars, cellOf);
  return builder.build([...lines, ...computed.lines], computed.value);
}
