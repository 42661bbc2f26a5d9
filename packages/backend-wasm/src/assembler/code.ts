import type { Piece } from "./bytes.js";

export type ValueType = "i32" | "f32" | "f64" | "v128";

/** Instructions that leave a value of type T on the stack, or nothing. The type exists for the compiler only. */
export interface Code<T extends ValueType | "none" = "none"> {
  readonly bytes: Piece;
  readonly leaves?: T;
}

export const code = <T extends ValueType | "none">(...bytes: Piece[]): Code<T> => ({ bytes });

/** Several statements, one after the other. */
export const sequence = (...statements: readonly (Code | readonly Code[])[]): Code => code(statements.flat().map((statement) => statement.bytes));

/** A body that runs as often as there are numbers below `count`, written out. */
export const unrolled = (count: number, body: (k: number) => Code | readonly Code[]): Code => sequence(...Array.from({ length: count }, (_, k) => body(k)));
