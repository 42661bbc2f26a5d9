import { i32 } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";

/** Word k of a kernel's arguments. */
export const word = (args: Local<"i32">, k: number): Code<"i32"> => i32.load(args.get, 4 * k);

/** `count` words from the k-th on, in locals. */
export const words = (f: FunctionBuilder, args: Local<"i32">, k: number, count: number): Local<"i32">[] =>
  Array.from({ length: count }, (_, i) => f.hold("i32", word(args, k + i)));
