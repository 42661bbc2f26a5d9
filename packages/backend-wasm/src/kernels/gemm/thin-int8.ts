// Products of a few rows of int8 with a matrix whose steps are neighbours: what a network reads for one sample are its weights, once.
import { ModuleBuilder, i16x8, i32, i32x4, loopBelow, loopFrom, plus, v128 } from "../../assembler/index.js";
import type { Code, Local } from "../../assembler/index.js";
import { word } from "../word.js";
import { storeDown } from "./tile.js";

/** Arguments, in words; strides in bytes. A is laid out in pairs (see pairs.ts), B in bytes; `isFirst` is 0 to add to what C holds. */
export const ThinInt8Args = { a: 0, aRow: 1, b: 2, bColumn: 3, c: 4, cRow: 5, steps: 6, isFirst: 7 } as const;

/** run(args, from, to): columns from … to, each of them the dot products of a column with all rows. */
export function thinInt8Module(rows: number, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, "thin product of int8");
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const [args, from, to] = [0, 1, 2].map((k) => f.param("i32", k));
    const [start, aRow, bs, across, c, cRow, steps, isFirst] = Object.values(ThinInt8Args).map((k) => f.hold("i32", word(args, k)));
    const [column, k, b, target] = f.localsOf("i32", 4);
    const [a, totals] = [f.localsOf("i32", rows), f.localsOf("i32", rows)];
    const sums = f.localsOf("v128", rows);
    const [low, high, bytes] = f.localsOf("v128", 3);
    const both = (row: Local<"i32">): Code<"v128"> => i32x4.add(i32x4.dotI16(v128.load(row.get), low.get), i32x4.dotI16(v128.load(row.get, 16), high.get));
    const wide = [
      bytes.set(v128.load(b.get)),
      low.set(i16x8.extendLowI8(bytes.get)),
      high.set(i16x8.extendHighI8(bytes.get)),
      ...sums.map((sum, r) => sum.set(i32x4.add(sum.get, both(a[r])))),
      ...a.map((row) => plus(row, 32)),
      plus(b, 16),
    ];
    const single = [
      ...totals.map((sum, r) => sum.set(i32.add(sum.get, i32.mul(i32.load16s(a[r].get), i32.load8s(b.get))))),
      ...a.map((row) => plus(row, 2)),
      plus(b, 1),
    ];
    const lane = (r: number, i: number): Code<"i32"> => i32x4.extract(sums[r].get, i);
    f.push(
      loopFrom(column, from.get, to.get, 1, [
        ...a.map((row, r) => row.set(r === 0 ? start.get : i32.add(a[r - 1].get, aRow.get))),
        ...sums.map((sum) => sum.set(i32x4.const(0))),
        b.set(i32.add(bs.get, i32.mul(column.get, across.get))),
        k.set(i32.const(0)),
        loopBelow(k, i32.sub(steps.get, i32.const(15)), 16, wide),
        ...totals.map((sum, r) => sum.set(i32.add(i32.add(lane(r, 0), lane(r, 1)), i32.add(lane(r, 2), lane(r, 3))))),
        loopBelow(k, steps.get, 1, single),
        target.set(i32.add(c.get, i32.mul(column.get, i32.const(4)))),
        storeDown(i32, target, totals, cRow, isFirst),
      ]),
    );
  });
  return module;
}
