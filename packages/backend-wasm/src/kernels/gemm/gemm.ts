// Matrix products by packed panels and register tiles. (Goto & van de Geijn, 2008, Anatomy of high-performance matrix multiplication)
import { ModuleBuilder, call, i32, loopFrom, sequence, when } from "../../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../../assembler/index.js";
import type { MapShape } from "../map.js";
import { forRows } from "../rows.js";
import { word, words } from "../word.js";
import { finishing } from "./finish.js";
import type { Finish } from "./finish.js";
import { packFunction } from "./pack.js";
import { tileColumns, tileFunction, tileRows } from "./tile.js";
import type { TileOptions } from "./tile.js";

/** Steps of a panel: a panel of B then takes 8 KB and stays in the first-level cache while panels of A go by. */
export const stepsPerPanel = 256;
/** Rows of C that one unit of work computes: its part of A takes 64 KB packed. */
export const rowsPerUnit = 64;
/** Scratch that a packed part of A takes. */
export const packedRowsBytes = 4 * rowsPerUnit * stepsPerPanel;

/** Arguments of all three entries, in words; `isFirst` is 0 to add to what C holds. */
export const GemmArgs = { a: 0, aRow: 1, aStep: 2, b: 3, bStep: 4, bColumn: 5, c: 6, rows: 7, steps: 8, columns: 9, packed: 10, rowUnits: 11, columnsPerUnit: 12, isFirst: 13, batch: 14 } as const;

/** Where arguments of the formula that finishes the outputs begin. */
export const gemmFinishAt = (depth: number): number => GemmArgs.batch + 4 * depth;

export const padded = (size: number, to: number): number => Math.ceil(size / to) * to;
/** Bytes of a packed B. */
export const packedColumnsBytes = (steps: number, columns: number): number => 4 * steps * padded(columns, tileColumns);

interface Functions {
  readonly packRows: number;
  readonly packColumns: number;
  readonly tile: number;
}

const atMost = (f: FunctionBuilder, value: Code<"i32">, bound: number): readonly [Local<"i32">, Code] => {
  const local = f.local("i32");
  return [local, sequence(local.set(value), when(i32.gt(local.get, i32.const(bound)), [local.set(i32.const(bound))]))];
};

const roundedUp = (value: Code<"i32">, to: number): Code<"i32"> => i32.and(i32.add(value, i32.const(to - 1)), i32.const(-to));

/** Operands of a product in locals. */
interface Product {
  readonly a: Local<"i32">;
  readonly aRow: Local<"i32">;
  readonly aStep: Local<"i32">;
  readonly c: Local<"i32">;
  readonly rows: Local<"i32">;
  readonly steps: Local<"i32">;
  readonly columns: Local<"i32">;
  /** 0 to add to what C holds. */
  readonly replaces: Local<"i32">;
}

/**
 * Rows [firstRow, lastRow) and columns [firstColumn, lastColumn) of C, from a packed B; `scratch` holds packed rows of A.
 * The first column is a multiple of the tile's width.
 */
function block(f: FunctionBuilder, functions: Functions, p: Product, packed: Local<"i32">, scratch: Local<"i32">, bounds: readonly Local<"i32">[]): Code {
  const [firstRow, lastRow, firstColumn, lastColumn] = bounds;
  const [step, column, row, panelA, panelB, count, stride, isFirst, allColumns] = f.localsOf("i32", 9);
  const [taken, take] = atMost(f, i32.sub(p.steps.get, step.get), stepsPerPanel);
  const tiles = loopFrom(row, firstRow.get, lastRow.get, tileRows, [
    call(
      functions.tile,
      panelA.get,
      panelB.get,
      taken.get,
      i32.add(i32.add(p.c.get, i32.mul(row.get, stride.get)), i32.mul(column.get, i32.const(4))),
      stride.get,
      i32.sub(lastRow.get, row.get),
      i32.sub(lastColumn.get, column.get),
      isFirst.get,
    ),
    panelA.set(i32.add(panelA.get, i32.mul(taken.get, i32.const(4 * tileRows)))),
  ]);
  const source = i32.add(p.a.get, i32.add(i32.mul(firstRow.get, p.aRow.get), i32.mul(step.get, p.aStep.get)));
  return sequence(
    stride.set(i32.mul(p.columns.get, i32.const(4))),
    allColumns.set(roundedUp(p.columns.get, tileColumns)),
    isFirst.set(p.replaces.get),
    loopFrom(step, i32.const(0), p.steps.get, stepsPerPanel, [
      take,
      count.set(call(functions.packRows, source, p.aStep.get, p.aRow.get, taken.get, i32.sub(lastRow.get, firstRow.get), scratch.get)),
      loopFrom(column, firstColumn.get, lastColumn.get, tileColumns, [
        // Panels of earlier steps hold 4·step bytes for each of all columns.
        panelB.set(i32.add(packed.get, i32.mul(i32.const(4), i32.add(i32.mul(step.get, allColumns.get), i32.mul(column.get, taken.get))))),
        panelA.set(scratch.get),
        tiles,
      ]),
      isFirst.set(i32.const(0)),
    ]),
  );
}

/** Packs columns [first, last) of B, all panels of steps. */
function packAll(f: FunctionBuilder, functions: Functions, b: Code<"i32">, strides: readonly [step: Code<"i32">, column: Code<"i32">], p: Product, packed: Local<"i32">, first: Code<"i32">, last: Code<"i32">): Code {
  const [step, ignored] = f.localsOf("i32", 2);
  const [taken, take] = atMost(f, i32.sub(p.steps.get, step.get), stepsPerPanel);
  const target = i32.add(packed.get, i32.mul(i32.const(4), i32.add(i32.mul(step.get, roundedUp(p.columns.get, tileColumns)), i32.mul(first, taken.get))));
  const source = i32.add(b, i32.add(i32.mul(step.get, strides[0]), i32.mul(first, strides[1])));
  return loopFrom(step, i32.const(0), p.steps.get, stepsPerPanel, [
    take,
    ignored.set(call(functions.packColumns, source, strides[0], strides[1], taken.get, i32.sub(last, first), target)),
  ]);
}

function product(f: FunctionBuilder, args: Local<"i32">): Product {
  const held = (k: number): Local<"i32"> => f.hold("i32", word(args, k));
  return {
    a: held(GemmArgs.a), aRow: held(GemmArgs.aRow), aStep: held(GemmArgs.aStep), c: held(GemmArgs.c),
    rows: held(GemmArgs.rows), steps: held(GemmArgs.steps), columns: held(GemmArgs.columns), replaces: held(GemmArgs.isFirst),
  };
}

const minimum = (a: Code<"i32">, b: Code<"i32">, into: Local<"i32">): Code => sequence(into.set(a), when(i32.gt(into.get, b), [into.set(b)]));

/** pack(args, from, to): panels of B's columns from … to into `packed`. */
function packEntry(f: FunctionBuilder, functions: Functions): void {
  const [args, from, to] = [0, 1, 2].map((k) => f.param("i32", k));
  const p = product(f, args);
  const packed = f.hold("i32", word(args, GemmArgs.packed));
  const [first, last] = f.localsOf("i32", 2);
  f.push(
    first.set(i32.mul(from.get, i32.const(tileColumns))),
    minimum(i32.mul(to.get, i32.const(tileColumns)), p.columns.get, last),
    packAll(f, functions, word(args, GemmArgs.b), [word(args, GemmArgs.bStep), word(args, GemmArgs.bColumn)], p, packed, first.get, last.get),
  );
}

/** multiply(args, from, to, scratch): units from … to of one product with a packed B; a unit is some rows and some columns of C. */
function multiplyEntry(f: FunctionBuilder, functions: Functions, finish: Finish): void {
  const [args, from, to, scratch] = [0, 1, 2, 3].map((k) => f.param("i32", k));
  const p = product(f, args);
  const packed = f.hold("i32", word(args, GemmArgs.packed));
  const rowUnits = f.hold("i32", word(args, GemmArgs.rowUnits));
  const width = f.hold("i32", word(args, GemmArgs.columnsPerUnit));
  const unit = f.local("i32");
  const bounds = f.localsOf("i32", 4);
  const [firstRow, lastRow, firstColumn, lastColumn] = bounds;
  f.push(
    loopFrom(unit, from.get, to.get, 1, [
      firstRow.set(i32.mul(i32.remUnsigned(unit.get, rowUnits.get), i32.const(rowsPerUnit))),
      minimum(i32.add(firstRow.get, i32.const(rowsPerUnit)), p.rows.get, lastRow),
      firstColumn.set(i32.mul(i32.divUnsigned(unit.get, rowUnits.get), width.get)),
      minimum(i32.add(firstColumn.get, width.get), p.columns.get, lastColumn),
      block(f, functions, p, packed, scratch, bounds),
      finish(f, args, { width: p.columns, rows: [firstRow.get, lastRow.get], columns: [firstColumn.get, lastColumn.get] }),
    ]),
  );
}

/** batch(args, from, to, scratch): products from … to of a batch; each thread packs the B of its own product. */
function batchEntry(f: FunctionBuilder, functions: Functions, depth: number, finish: Finish): void {
  const [args, from, to, scratch] = [0, 1, 2, 3].map((k) => f.param("i32", k));
  const p = product(f, args);
  const b = f.hold("i32", word(args, GemmArgs.b));
  const packed = f.hold("i32", i32.add(scratch.get, i32.const(packedRowsBytes)));
  const bounds = f.localsOf("i32", 4);
  const [firstRow, lastRow, firstColumn, lastColumn] = bounds;
  const strides = (k: number): Local<"i32">[] => words(f, args, GemmArgs.batch + depth * (1 + k), depth);
  const views = [p.a, b, p.c].map((at, k) => ({ at, strides: strides(k) }));
  const sizes = words(f, args, GemmArgs.batch, depth);
  // Outputs before the product at hand, if all lie one after the other.
  const done = i32.shrUnsigned(i32.sub(p.c.get, word(args, GemmArgs.c)), i32.const(2));
  f.push(
    firstColumn.set(i32.const(0)),
    lastColumn.set(p.columns.get),
    forRows(f, from, to, sizes, views, [
      packAll(f, functions, b.get, [word(args, GemmArgs.bStep), word(args, GemmArgs.bColumn)], p, packed, i32.const(0), p.columns.get),
      loopFrom(firstRow, i32.const(0), p.rows.get, rowsPerUnit, [
        minimum(i32.add(firstRow.get, i32.const(rowsPerUnit)), p.rows.get, lastRow),
        block(f, functions, p, packed, scratch, bounds),
        finish(f, args, { before: done, width: p.columns, rows: [firstRow.get, lastRow.get], columns: [firstColumn.get, lastColumn.get] }),
      ]),
    ]),
  );
}

export type GemmEntry = "pack" | "multiply" | "batch";

/** One entry of the product as a module; `depth` counts the dims of a batch. @param formula what finishes the outputs */
export function gemmModule(entry: GemmEntry, depth: number, options: TileOptions, sharedMemory: boolean, formula: MapShape | null = null): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `product ${entry}`);
  const finish = finishing(module, formula, gemmFinishAt(depth));
  const functions = { packRows: packFunction(module, tileRows), packColumns: packFunction(module, tileColumns), tile: tileFunction(module, options) };
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    if (entry === "pack") packEntry(f, functions);
    else if (entry === "multiply") multiplyEntry(f, functions, finish);
    else batchEntry(f, functions, depth, finish);
  });
  return module;
}
