import { call, i32, loopFrom, sequence } from "../../assembler/index.js";
import type { Code, FunctionBuilder, Local, ModuleBuilder } from "../../assembler/index.js";
import { importHost } from "../../math/index.js";
import { mapFunction } from "../map.js";
import type { MapShape } from "../map.js";

/** Some rows and columns of a contiguous matrix. */
export interface Block {
  /** Outputs that come before the matrix. */
  readonly before?: Code<"i32">;
  /** Columns of the whole matrix. */
  readonly width: Local<"i32">;
  readonly rows: readonly [first: Code<"i32">, last: Code<"i32">];
  readonly columns: readonly [first: Code<"i32">, last: Code<"i32">];
}

/** Applies a formula to outputs of a product while they are in the cache. */
export type Finish = (f: FunctionBuilder, args: Local<"i32">, block: Block) => Code;

/**
 * To be called before any other function of the module is made.
 * @param shape the formula, over dense views; null if outputs stay as they are
 * @param at the word where its arguments begin
 */
export function finishing(module: ModuleBuilder, shape: MapShape | null, at: number): Finish {
  if (shape === null) return () => sequence();
  const formula = mapFunction(module, null, importHost(module), shape);
  return (f, args, { before, width, rows, columns }) => {
    const row = f.local("i32");
    const start = (column: Code<"i32">): Code<"i32"> => {
      const within = i32.add(i32.mul(row.get, width.get), column);
      return before === undefined ? within : i32.add(before, within);
    };
    return loopFrom(row, rows[0], rows[1], 1, [call<"none">(formula, i32.add(args.get, i32.const(4 * at)), start(columns[0]), start(columns[1]), i32.const(0))]);
  };
}
