import { f32x4, i32, plus, repeatWhile, unrolled, v128, when } from "../../assembler/index.js";
import type { Code, ModuleBuilder } from "../../assembler/index.js";

/** Outputs that are computed together: eight vectors of accumulators, which with operands just fit the 16 registers of x86. */
export const tileRows = 4;
export const tileColumns = 8;

export interface TileOptions {
  /** Whether products and sums are fused into one instruction. */
  readonly fma: boolean;
}

/**
 * tile(a, b, steps, c, stride, rows, columns, first): C's tile from packed panels of `steps` steps, at least one.
 * Replaces what C held where `first` is not 0, otherwise adds to it. Only the first `rows` rows and `columns` columns are written.
 */
export function tileFunction(module: ModuleBuilder, { fma }: TileOptions): number {
  const multiplyAdd = (a: Code<"v128">, b: Code<"v128">, sum: Code<"v128">): Code<"v128"> => (fma ? f32x4.relaxedMadd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b)));
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
    const row = (r: number): Code => {
      const own = sums.slice(r * vectors, (r + 1) * vectors);
      const parts = own.map((sum, g) => {
        const lane = (k: number): Code => when(i32.gt(columns.get, i32.const(4 * g + k)), [v128.store32Lane(c.get, sum.get, k, 16 * g + 4 * k)]);
        return when(i32.ge(columns.get, i32.const(4 * g + 4)), [v128.store(c.get, sum.get, 16 * g)], [0, 1, 2].map(lane));
      });
      return when(i32.gt(rows.get, i32.const(r)), [
        when(i32.eqz(first.get), own.map((sum, g) => sum.set(f32x4.add(sum.get, v128.load(c.get, 16 * g))))),
        ...parts,
        c.set(i32.add(c.get, stride.get)),
      ]);
    };
    f.push(unrolled(tileRows, row));
  });
}
