import { f32x4, i32, i32x4, plus, repeatWhile, sequence, unrolled, v128, when } from "../../assembler/index.js";
import type { Code, Local, ModuleBuilder } from "../../assembler/index.js";

/** Outputs that are computed together: eight vectors of accumulators, which with operands just fit the 16 registers of x86. */
export const tileRows = 4;
export const tileColumns = 8;

export interface TileOptions {
  /** Whether products and sums are fused into one instruction. */
  readonly fma: boolean;
  /** Whether an element is two steps of int16, side by side, instead of one of float32; sums are then int32. Default false. */
  readonly pairs?: boolean;
}

type Sum = (a: Code<"v128">, b: Code<"v128">) => Code<"v128">;

const adder = ({ pairs = false }: TileOptions): Sum => (pairs ? i32x4.add : f32x4.add);

export function multiplyAdder(options: TileOptions): (a: Code<"v128">, b: Code<"v128">, sum: Code<"v128">) => Code<"v128"> {
  if (options.pairs === true) return (a, b, sum) => i32x4.add(sum, i32x4.dotI16(a, b));
  if (options.fma) return f32x4.relaxedMadd;
  return (a, b, sum) => f32x4.add(sum, f32x4.mul(a, b));
}

/** Writes vectors of neighbours to where `target` points, as far as there are `columns`, after adding what is there where `isFirst` is 0. */
export function storeColumns(target: Local<"i32">, sums: readonly Local<"v128">[], columns: Local<"i32">, isFirst: Local<"i32">, options: TileOptions): Code {
  const add = adder(options);
  const parts = sums.map((sum, g) => {
    const lane = (k: number): Code => when(i32.gt(columns.get, i32.const(4 * g + k)), [v128.store32Lane(target.get, sum.get, k, 16 * g + 4 * k)]);
    return when(i32.ge(columns.get, i32.const(4 * g + 4)), [v128.store(target.get, sum.get, 16 * g)], [0, 1, 2].map(lane));
  });
  return sequence(
    when(i32.eqz(isFirst.get), sums.map((sum, g) => sum.set(add(sum.get, v128.load(target.get, 16 * g))))),
    parts,
  );
}

interface Scalars<T extends "f32" | "i32"> {
  readonly add: (a: Code<T>, b: Code<T>) => Code<T>;
  readonly load: (address: Code<"i32">) => Code<T>;
  readonly store: (address: Code<"i32">, value: Code<T>) => Code;
}

/** Writes a number to each of the rows below each other, `stride` bytes apart, after adding what is there where `isFirst` is 0. */
export const storeDown = <T extends "f32" | "i32">({ add, load, store }: Scalars<T>, target: Local<"i32">, totals: readonly Local<T>[], stride: Local<"i32">, isFirst: Local<"i32">): Code =>
  sequence(
    totals.map((sum) =>
      sequence(
        when(i32.eqz(isFirst.get), [sum.set(add(sum.get, load(target.get)))]),
        store(target.get, sum.get),
        target.set(i32.add(target.get, stride.get)),
      ),
    ),
  );

/**
 * tile(a, b, steps, c, stride, rows, columns, first): C's tile from packed panels of `steps` steps, at least one.
 * Replaces what C held where `first` is not 0, otherwise adds to it. Only the first `rows` rows and `columns` columns are written.
 */
export function tileFunction(module: ModuleBuilder, options: TileOptions): number {
  const multiplyAdd = multiplyAdder(options);
  return module.function(null, ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"], [], (f) => {
    const [a, b, steps, c, stride, rows, columns, first] = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => f.param("i32", k));
    const vectors = tileColumns / 4;
    const sums = f.localsOf("v128", tileRows * vectors);
    const right = f.localsOf("v128", vectors);
    const left = f.local("v128");
    // One step a turn: with more in one block, V8 loads the operands of all of them first and runs out of registers.
    const step = [
      ...right.map((vector, g) => vector.set(v128.load(b.get, 16 * g))),
      unrolled(tileRows, (r) => [
        left.set(v128.load32Splat(a.get, 4 * r)),
        ...right.map((vector, g) => {
          const sum = sums[r * vectors + g];
          return sum.set(multiplyAdd(left.get, vector.get, sum.get));
        }),
      ]),
      plus(a, 4 * tileRows),
      plus(b, 4 * tileColumns),
      plus(steps, -1),
    ];
    f.push(
      sums.map((sum) => sum.set(f32x4.const(0))),
      repeatWhile(step, i32.gt(steps.get, i32.const(0))),
    );
    const row = (r: number): Code =>
      when(i32.gt(rows.get, i32.const(r)), [storeColumns(c, sums.slice(r * vectors, (r + 1) * vectors), columns, first, options), c.set(i32.add(c.get, stride.get))]);
    f.push(unrolled(tileRows, row));
  });
}
