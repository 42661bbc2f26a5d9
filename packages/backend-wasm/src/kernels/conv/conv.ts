// Convolution as products whose right operand is never laid out: panels of it are gathered from the image when they are needed.
import { ModuleBuilder, call, i32, loopFrom, plus, sequence, unrolled, v128, when } from "../../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../../assembler/index.js";
import { stepsPerPanel } from "../gemm/gemm.js";
import { packFunction } from "../gemm/pack.js";
import { tileColumns, tileFunction, tileRows } from "../gemm/tile.js";
import type { TileOptions } from "../gemm/tile.js";
import { word } from "../word.js";

/** Arguments of `packRowsModule`: matrices that follow each other, laid out in panels of rows. */
export const PackArgs = { source: 0, unit: 1, row: 2, step: 3, rows: 4, steps: 5, target: 6, targetUnit: 7 } as const;

/**
 * run(args, from, to): packs matrices from … to. Each becomes parts of up to `stepsPerPanel` steps, each part panels of four rows.
 */
export function packRowsModule(sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, "pack rows");
  const pack = packFunction(module, tileRows);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const [args, from, to] = [0, 1, 2].map((k) => f.param("i32", k));
    const held = (k: number): Local<"i32"> => f.hold("i32", word(args, k));
    const [source, unitBytes, row, step, rows, steps, target, targetUnit] = Object.values(PackArgs).map(held);
    const [unit, at, taken, end] = f.localsOf("i32", 4);
    f.push(
      loopFrom(unit, from.get, to.get, 1, [
        end.set(i32.add(target.get, i32.mul(unit.get, targetUnit.get))),
        loopFrom(at, i32.const(0), steps.get, stepsPerPanel, [
          taken.set(i32.sub(steps.get, at.get)),
          when(i32.gt(taken.get, i32.const(stepsPerPanel)), [taken.set(i32.const(stepsPerPanel))]),
          end.set(call(pack, i32.add(i32.add(source.get, i32.mul(unit.get, unitBytes.get)), i32.mul(at.get, step.get)), step.get, row.get, taken.get, rows.get, end.get)),
        ]),
      ]),
    );
  });
  return module;
}

/**
 * Arguments of `gatheredModule`. The right operand of product u holds, at step s and column j, the element of image u whose byte offset
 * is stepTable[s] + columnTable[j]; the column table is filled up to whole panels.
 */
export const GatherArgs = {
  /** Packed left operands: product u takes number u mod `groups`, then every `groups`-th further one. */
  packed: 0, packedUnit: 1, groups: 2,
  /** How many products are added up. */
  terms: 3,
  images: 4, imageUnit: 5, columnTable: 6, stepTable: 7,
  rows: 8, steps: 9, columns: 10, out: 11, outUnit: 12,
} as const;

interface Gather {
  readonly columnTable: Local<"i32">;
  readonly stepTable: Local<"i32">;
}

/** Lays out `taken` steps of eight columns from `image` at `target`. */
function gatherPanel(f: FunctionBuilder, { columnTable, stepTable }: Gather, image: Local<"i32">, column: Local<"i32">, step: Local<"i32">, taken: Local<"i32">, target: Code<"i32">): Code {
  const columns = f.localsOf("i32", tileColumns);
  const [s, base, at] = f.localsOf("i32", 3);
  const inRow = (g: number): Code<"i32"> => i32.eq(i32.sub(columns[4 * g + 3].get, columns[4 * g].get), i32.const(12));
  const lane = (k: number): Code<"i32"> => i32.add(base.get, columns[k].get);
  const gathered = (g: number): Code<"v128"> => [1, 2, 3].reduce((lanes, k) => v128.load32Lane(lane(4 * g + k), lanes, k), v128.load32Zero(lane(4 * g)));
  const steps = (value: (g: number) => Code<"v128">): Code =>
    loopFrom(s, i32.const(0), taken.get, 1, [
      base.set(i32.add(image.get, i32.load(i32.add(stepTable.get, i32.mul(i32.add(step.get, s.get), i32.const(4)))))),
      unrolled(tileColumns / 4, (g) => v128.store(at.get, value(g), 16 * g)),
      plus(at, 4 * tileColumns),
    ]);
  return sequence(
    columns.map((local, k) => local.set(i32.load(i32.add(columnTable.get, i32.mul(column.get, i32.const(4))), 4 * k))),
    at.set(target),
    // Eight neighbours are two vectors; otherwise every element has its own place.
    when(i32.and(inRow(0), inRow(1)), [steps((g) => v128.load(lane(4 * g)))], [steps(gathered)]),
  );
}

/** run(args, from, to, scratch): panels of eight columns from … to, counted through all products. */
export function gatheredModule(options: TileOptions, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, "convolution");
  const tile = tileFunction(module, options);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const [args, from, to, scratch] = [0, 1, 2, 3].map((k) => f.param("i32", k));
    const held = (k: number): Local<"i32"> => f.hold("i32", word(args, k));
    const a = GatherArgs;
    const [packed, packedUnit, groups, terms] = [a.packed, a.packedUnit, a.groups, a.terms].map(held);
    const [images, imageUnit, columnTable, stepTable] = [a.images, a.imageUnit, a.columnTable, a.stepTable].map(held);
    const [rows, steps, columns, out, outUnit] = [a.rows, a.steps, a.columns, a.out, a.outUnit].map(held);
    const panels = f.hold("i32", i32.divUnsigned(i32.add(columns.get, i32.const(tileColumns - 1)), i32.const(tileColumns)));
    const [unit, product, column, term, step, taken, row, panel, image, isFirst, target, stride, left] = f.localsOf("i32", 13);
    const tiles = loopFrom(row, i32.const(0), rows.get, tileRows, [
      call(tile, panel.get, scratch.get, taken.get, i32.add(target.get, i32.mul(row.get, stride.get)), stride.get, i32.sub(rows.get, row.get), i32.sub(columns.get, column.get), isFirst.get),
      panel.set(i32.add(panel.get, i32.mul(taken.get, i32.const(4 * tileRows)))),
    ]);
    f.push(
      stride.set(i32.mul(columns.get, i32.const(4))),
      loopFrom(unit, from.get, to.get, 1, [
        product.set(i32.divUnsigned(unit.get, panels.get)),
        column.set(i32.mul(i32.remUnsigned(unit.get, panels.get), i32.const(tileColumns))),
        target.set(i32.add(i32.add(out.get, i32.mul(product.get, outUnit.get)), i32.mul(column.get, i32.const(4)))),
        isFirst.set(i32.const(1)),
        loopFrom(term, i32.const(0), terms.get, 1, [
          left.set(i32.mul(term.get, groups.get)),
          image.set(i32.add(images.get, i32.mul(i32.add(product.get, left.get), imageUnit.get))),
          panel.set(i32.add(packed.get, i32.mul(i32.add(i32.remUnsigned(product.get, groups.get), left.get), packedUnit.get))),
          loopFrom(step, i32.const(0), steps.get, stepsPerPanel, [
            taken.set(i32.sub(steps.get, step.get)),
            when(i32.gt(taken.get, i32.const(stepsPerPanel)), [taken.set(i32.const(stepsPerPanel))]),
            gatherPanel(f, { columnTable, stepTable }, image, column, step, taken, scratch.get),
            tiles,
            isFirst.set(i32.const(0)),
          ]),
        ]),
      ]),
    );
  });
  return module;
}
