import { call, f32, f64 } from "../assembler/index.js";
import type { Code, ModuleBuilder, ValueType } from "../assembler/index.js";

/** Functions of the host, for arguments so far out that vectors are no help. */
export interface Host {
  readonly sin: (x: Code<"f32">) => Code<"f32">;
  readonly cos: (x: Code<"f32">) => Code<"f32">;
  /** The remainder with the sign of x, exact. */
  readonly rem: (x: Code<"f32">, y: Code<"f32">) => Code<"f32">;
}

/** What instances of kernels are given beside the memory; `workerSource` gives the same. */
export const mathOfHost = { sin: Math.sin, cos: Math.cos, rem: (x: number, y: number): number => x % y };

/** Imports them into a module. Comes before its first function. */
export function importHost(module: ModuleBuilder): Host {
  const imported = (name: keyof typeof mathOfHost, params: readonly ValueType[]): number => module.importFunction(name, params, ["f64"]);
  const wide = (index: number, ...args: readonly Code<"f32">[]): Code<"f32"> => f32.demote(call(index, ...args.map((x) => f64.promote(x))));
  const [sin, cos, rem] = [imported("sin", ["f64"]), imported("cos", ["f64"]), imported("rem", ["f64", "f64"])];
  return { sin: (x) => wide(sin, x), cos: (x) => wide(cos, x), rem: (x, y) => wide(rem, x, y) };
}
