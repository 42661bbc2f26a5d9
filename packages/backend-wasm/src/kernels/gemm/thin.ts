// Products whose left side has a few rows only: packing the right side would cost more than multiplying with it.
import { ModuleBuilder, f32, f32x4, i32, loopBelow, loopFrom, plus, sequence, unrolled, v128, when } from "../../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../../assembler/index.js";
import type { MapShape } from "../map.js";
import { word } from "../word.js";
import { finishing } from "./finish.js";
import { multiplyAdder, storeColumns, storeDown } from "./tile.js";
import type { TileOptions } from "./tile.js";

export const mostThinRows = 4;

/** Arguments, in words; strides in bytes. `isFirst` is 0 to add to what C holds, whose rows lie `cRow` apart. */
export const ThinArgs = { a: 0, aRow: 1, aStep: 2, b: 3, bStep: 4, bColumn: 5, c: 6, cRow: 7, steps: 8, columns: 9, isFirst: 10 } as const;

/** Where arguments of the formula that finishes the outputs begin. */
export const thinFinishAt = 11;

export type ThinWay =
  /** Steps of both sides are neighbours: each output is a dot product. */
  | "dots"
  /** Columns of the right side are neighbours: rows of it are added up. */
  | "rows";

/** Columns of one unit of work of the second way: as many accumulators as registers hold. */
export const thinUnit = (rows: number): number => (rows > 2 ? 8 : 16);

interface Operands {
  readonly a: readonly Local<"i32">[];
  readonly held: (name: keyof typeof ThinArgs) => Local<"i32">;
  readonly rows: number;
  /** Finishes columns of all rows. */
  readonly finish: (first: Code<"i32">, last: Code<"i32">) => Code;
  readonly options: TileOptions;
}

const moved = (pointer: Local<"i32">, by: Code<"i32">): Code => pointer.set(i32.add(pointer.get, by));

/** Begins rows of A anew. */
const restart = ({ a, held }: Operands): Code => {
  const [start, step] = [held("a"), held("aRow")];
  return sequence(a.map((row, r) => row.set(r === 0 ? start.get : i32.add(a[r - 1].get, step.get))));
};

/** Outputs of one column at a time, in vectors along the steps and, for the last few, one by one. */
function dots(f: FunctionBuilder, own: Operands): void {
  const { a, held, rows } = own;
  const multiplyAdd = multiplyAdder(own.options);
  const vectors = Math.floor(mostThinRows / rows);
  const sums = Array.from({ length: rows }, () => f.localsOf("v128", vectors));
  const right = f.localsOf("v128", vectors);
  const totals = f.localsOf("f32", rows);
  const [column, k, b, target] = f.localsOf("i32", 4);
  const total = (vector: Local<"v128">): Code<"f32"> => {
    const lane = (i: number): Code<"f32"> => f32x4.extract(vector.get, i);
    return f32.add(f32.add(lane(0), lane(1)), f32.add(lane(2), lane(3)));
  };
  const wide = [
    ...right.map((vector, g) => vector.set(v128.load(b.get, 16 * g))),
    ...sums.flatMap((row, r) => row.map((sum, g) => sum.set(multiplyAdd(v128.load(a[r].get, 16 * g), right[g].get, sum.get)))),
    ...[...a, b].map((pointer) => plus(pointer, 16 * vectors)),
  ];
  const single = [
    ...totals.map((sum, r) => sum.set(f32.add(sum.get, f32.mul(f32.load(a[r].get), f32.load(b.get))))),
    ...[...a, b].map((pointer) => plus(pointer, 4)),
  ];
  const steps = held("steps");
  const begin = restart(own);
  const [start, across, isFirst, stride, c] = [held("b"), held("bColumn"), held("isFirst"), held("cRow"), held("c")];
  f.push(
    loopFrom(column, f.param("i32", 1).get, f.param("i32", 2).get, 1, [
      begin,
      b.set(i32.add(start.get, i32.mul(column.get, across.get))),
      ...sums.flat().map((sum) => sum.set(f32x4.const(0))),
      k.set(i32.const(0)),
      loopBelow(k, i32.sub(steps.get, i32.const(4 * vectors - 1)), 4 * vectors, wide),
      ...sums.map((row, r) => sequence(row.slice(1).map((sum) => row[0].set(f32x4.add(row[0].get, sum.get))), totals[r].set(total(row[0])))),
      loopBelow(k, steps.get, 1, single),
      target.set(i32.add(c.get, i32.mul(column.get, i32.const(4)))),
      storeDown(f32, target, totals, stride, isFirst),
    ]),
    own.finish(f.param("i32", 1).get, f.param("i32", 2).get),
  );
}

/** Outputs of a unit of columns at a time, step by step. */
function addedRows(f: FunctionBuilder, own: Operands): void {
  const { a, held, rows } = own;
  const multiplyAdd = multiplyAdder(own.options);
  const width = thinUnit(rows);
  const sums = Array.from({ length: rows }, () => f.localsOf("v128", width / 4));
  const right = f.localsOf("v128", width / 4);
  const left = f.local("v128");
  const [unit, k, b, target, first, columns] = f.localsOf("i32", 6);
  const [start, stepA, stepB, steps, all, isFirst, stride, c] = (["b", "aStep", "bStep", "steps", "columns", "isFirst", "cRow", "c"] as const).map(held);
  const step = [
    ...right.map((vector, g) => vector.set(v128.load(b.get, 16 * g))),
    unrolled(rows, (r) => sequence(left.set(v128.load32Splat(a[r].get)), sums[r].map((sum, g) => sum.set(multiplyAdd(left.get, right[g].get, sum.get))))),
    ...a.map((pointer) => moved(pointer, stepA.get)),
    moved(b, stepB.get),
  ];
  const begin = restart(own);
  f.push(
    loopFrom(unit, f.param("i32", 1).get, f.param("i32", 2).get, 1, [
      begin,
      first.set(i32.mul(unit.get, i32.const(4 * width))),
      b.set(i32.add(start.get, first.get)),
      ...sums.flat().map((sum) => sum.set(f32x4.const(0))),
      loopFrom(k, i32.const(0), steps.get, 1, step),
      target.set(i32.add(c.get, first.get)),
      columns.set(i32.sub(all.get, i32.mul(unit.get, i32.const(width)))),
      ...sums.map((row) => sequence(storeColumns(target, row, columns, isFirst, own.options), moved(target, stride.get))),
    ]),
    first.set(i32.mul(f.param("i32", 1).get, i32.const(width))),
    columns.set(i32.mul(f.param("i32", 2).get, i32.const(width))),
    when(i32.gt(columns.get, all.get), [columns.set(all.get)]),
    own.finish(first.get, columns.get),
  );
}

/** run(args, from, to): columns from … to, or units of them. @param formula what finishes the outputs */
export function thinModule(way: ThinWay, rows: number, options: TileOptions, sharedMemory: boolean, formula: MapShape | null): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `thin product by ${way}`);
  const finish = finishing(module, formula, thinFinishAt);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const args = f.param("i32", 0);
    const held = (name: keyof typeof ThinArgs): Local<"i32"> => f.hold("i32", word(args, ThinArgs[name]));
    const width = held("columns");
    (way === "dots" ? dots : addedRows)(f, {
      a: f.localsOf("i32", rows), held, rows, options,
      finish: (first, last) => finish(f, args, { width, rows: [i32.const(0), i32.const(rows)], columns: [first, last] }),
    });
  });
  return module;
}
