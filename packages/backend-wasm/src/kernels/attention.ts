// Attention a block of keys at a time: weights never exist for more than a few queries and a block of keys. (Milakov & Gimelshein, 2018;
// Dao et al., 2022)
import { ModuleBuilder, call, f32, f32x4, i32, loopBelow, loopFrom, sequence, when } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { vectorMath } from "../math/index.js";
import { largestEverywhere, along } from "./along.js";
import { accumulator } from "./fold.js";
import { packFunction } from "./gemm/pack.js";
import { tileColumns, tileFunction, tileRows } from "./gemm/tile.js";
import type { TileOptions } from "./gemm/tile.js";
import { RoomArgs, ownRoom } from "./room.js";
import { forRows } from "./rows.js";
import { word, words } from "./word.js";

/** Queries of one unit of work, which share packed keys and values. */
export const queriesPerUnit = 64;
/** Keys of a block. */
const blockKeys = 256;

/** Arguments, in words; strides in bytes. After them the room for each thread, then the walk over units. */
export const AttentionArgs = {
  queries: 0, keys: 1, width: 2, valueWidth: 3, queryRow: 4, queryStep: 5, keyRow: 6, keyStep: 7, valueRow: 8, valueStep: 9, isCausal: 10, scale: 11,
} as const;
export const attentionRoomAt = 12;
const walkAt = attentionRoomAt + Object.keys(RoomArgs).length;

/** What the walk over units moves: the number of the first query, and addresses. */
export const attentionViews = ["first", "query", "key", "value", "out", "logTotals"] as const;
type ViewName = (typeof attentionViews)[number];

/** Sizes of the walk come first; then for each view where it begins, and its strides. */
export const attentionWalk = {
  size: (d: number): number => walkAt + d,
  view: (k: number, depth: number): number => walkAt + depth + k * (1 + depth),
};

const roundedUp = (size: number, to: number): number => Math.ceil(size / to) * to;

const scoresBytes = 4 * tileRows * blockKeys;
const totalsBytes = 4 * queriesPerUnit;

/** Packed queries, keys and values, scores as a matrix and packed, and what is so far of each query: its top score and its total. */
export function attentionRoom(width: number, valueWidth: number): number {
  return 4 * (queriesPerUnit * width + blockKeys * (width + roundedUp(valueWidth, tileColumns))) + 2 * scoresBytes + 2 * totalsBytes;
}

const times4 = (value: Code<"i32">): Code<"i32"> => i32.shl(value, i32.const(2));
const minimum = (into: Local<"i32">, a: Code<"i32">, b: Code<"i32">): Code => sequence(into.set(a), when(i32.gt(into.get, b), [into.set(b)]));

interface Functions {
  readonly packRows: number;
  readonly packColumns: number;
  readonly tile: number;
}

class AttentionEmitter {
  private readonly held: Readonly<Record<Exclude<keyof typeof AttentionArgs, "scale">, Local<"i32">>>;
  private readonly scale: Local<"v128">;
  private readonly views: Readonly<Record<ViewName, Local<"i32">>>;
  /** Parts of the room. */
  private readonly packedQueries: Local<"i32">;
  private readonly packedKeys: Local<"i32">;
  private readonly packedValues: Local<"i32">;
  private readonly scores: Local<"i32">;
  private readonly packedWeights: Local<"i32">;
  private readonly tops: Local<"i32">;
  private readonly totals: Local<"i32">;
  /** Queries of the unit; the first key of the block and how many it has; the first query of the tile, within the unit. */
  private readonly count: Local<"i32">;
  private readonly key: Local<"i32">;
  private readonly taken: Local<"i32">;
  private readonly row: Local<"i32">;
  /** Queries of the tile, and the keys that the last of them sees. */
  private readonly rows: Local<"i32">;
  private readonly reach: Local<"i32">;
  private readonly end: Local<"i32">;

  constructor(
    private readonly f: FunctionBuilder,
    private readonly functions: Functions,
    private readonly depth: number,
  ) {
    const args = f.param("i32", 0);
    const names = Object.keys(AttentionArgs).filter((name) => name !== "scale") as (keyof AttentionEmitter["held"])[];
    this.held = Object.fromEntries(names.map((name) => [name, f.hold("i32", word(args, AttentionArgs[name]))])) as AttentionEmitter["held"];
    this.scale = f.hold("v128", f32x4.splat(f32.load(args.get, 4 * AttentionArgs.scale)));
    this.views = Object.fromEntries(attentionViews.map((name, k) => [name, f.hold("i32", word(args, attentionWalk.view(k, depth)))])) as AttentionEmitter["views"];
    [this.packedQueries, this.packedKeys, this.packedValues, this.scores, this.packedWeights, this.tops, this.totals] = f.localsOf("i32", 7);
    [this.count, this.key, this.taken, this.row, this.rows, this.reach, this.end] = f.localsOf("i32", 7);
  }

  emit(): void {
    const { f, depth, held, views } = this;
    const [args, from, to, scratch] = [0, 1, 2, 3].map((k) => f.param("i32", k));
    const valuesBytes = i32.mul(i32.const(4 * blockKeys), i32.and(i32.add(held.valueWidth.get, i32.const(tileColumns - 1)), i32.const(-tileColumns)));
    f.push(
      this.packedQueries.set(ownRoom((name) => word(args, attentionRoomAt + RoomArgs[name]), scratch)),
      this.packedKeys.set(i32.add(this.packedQueries.get, i32.mul(held.width.get, i32.const(4 * queriesPerUnit)))),
      this.packedValues.set(i32.add(this.packedKeys.get, i32.mul(held.width.get, i32.const(4 * blockKeys)))),
      this.scores.set(i32.add(this.packedValues.get, valuesBytes)),
      this.packedWeights.set(i32.add(this.scores.get, i32.const(scoresBytes))),
      this.tops.set(i32.add(this.packedWeights.get, i32.const(scoresBytes))),
      this.totals.set(i32.add(this.tops.get, i32.const(totalsBytes))),
    );
    const sizes = words(f, args, attentionWalk.size(0), depth);
    const walked = attentionViews.map((name, k) => ({ at: views[name], strides: words(f, args, attentionWalk.view(k, depth) + 1, depth) }));
    f.push(forRows(f, from, to, sizes, walked, [this.unit()]));
  }

  private unit(): Code {
    const { f, held, views, count, key, end, packedQueries } = this;
    const ignored = f.local("i32");
    return sequence(
      minimum(count, i32.sub(held.queries.get, views.first.get), i32.const(queriesPerUnit)),
      ignored.set(call(this.functions.packRows, views.query.get, held.queryStep.get, held.queryRow.get, held.width.get, count.get, packedQueries.get)),
      end.set(held.keys.get),
      when(held.isCausal.get, [minimum(end, i32.add(views.first.get, count.get), held.keys.get)]),
      loopFrom(key, i32.const(0), end.get, blockKeys, [this.block()]),
      this.finish(),
    );
  }

  /** One block of keys, with all queries of the unit. */
  private block(): Code {
    const { f, held, views, key, taken, end, row } = this;
    const [ignored, panel] = f.localsOf("i32", 2);
    const pack = (view: Local<"i32">, along: Code<"i32">, across: Code<"i32">, steps: Code<"i32">, lines: Code<"i32">, rowBytes: Local<"i32">, target: Local<"i32">): Code =>
      ignored.set(call(this.functions.packColumns, i32.add(view.get, i32.mul(key.get, rowBytes.get)), along, across, steps, lines, target.get));
    return sequence(
      minimum(taken, i32.sub(end.get, key.get), i32.const(blockKeys)),
      pack(views.key, held.keyStep.get, held.keyRow.get, held.width.get, taken.get, held.keyRow, this.packedKeys),
      pack(views.value, held.valueRow.get, held.valueStep.get, taken.get, held.valueWidth.get, held.valueRow, this.packedValues),
      panel.set(this.packedQueries.get),
      loopFrom(row, i32.const(0), this.count.get, tileRows, [
        this.tile(panel),
        panel.set(i32.add(panel.get, i32.mul(held.width.get, i32.const(4 * tileRows)))),
      ]),
    );
  }

  /** A tile's queries with the block's keys. */
  private tile(panel: Local<"i32">): Code {
    const { f, held, views, key, taken, row, rows, reach } = this;
    const [column, right, r, ignored] = f.localsOf("i32", 4);
    const { tile, packRows } = this.functions;
    const score = [
      call<"none">(tile, panel.get, right.get, held.width.get, i32.add(this.scores.get, times4(column.get)), i32.const(4 * blockKeys), rows.get, i32.sub(reach.get, column.get), i32.const(1)),
      right.set(i32.add(right.get, i32.mul(held.width.get, i32.const(4 * tileColumns)))),
    ];
    const target = i32.add(views.out.get, times4(i32.add(i32.mul(row.get, held.valueWidth.get), column.get)));
    const sum = [
      call<"none">(tile, this.packedWeights.get, right.get, reach.get, target, times4(held.valueWidth.get), rows.get, i32.sub(held.valueWidth.get, column.get), i32.eqz(key.get)),
      right.set(i32.add(right.get, i32.mul(taken.get, i32.const(4 * tileColumns)))),
    ];
    return sequence(
      minimum(rows, i32.sub(this.count.get, row.get), i32.const(tileRows)),
      reach.set(taken.get),
      when(held.isCausal.get, [minimum(reach, i32.sub(i32.add(i32.add(views.first.get, row.get), rows.get), key.get), taken.get)]),
      when(i32.gt(reach.get, i32.const(0)), [
        right.set(this.packedKeys.get),
        loopFrom(column, i32.const(0), reach.get, tileColumns, score),
        loopFrom(r, i32.const(0), rows.get, 1, [this.weights(r)]),
        ignored.set(call(packRows, this.scores.get, i32.const(4), i32.const(4 * blockKeys), reach.get, rows.get, this.packedWeights.get)),
        right.set(this.packedValues.get),
        loopFrom(column, i32.const(0), held.valueWidth.get, tileColumns, sum),
      ]),
    );
  }

  /** Scores of row r → their powers, against the top score so far; what was summed up against a lower one is brought up to it. */
  private weights(r: Local<"i32">): Code {
    const { f, held, views, key, row, reach } = this;
    const [seen, query, line, at, state] = f.localsOf("i32", 5);
    const [top, before, factor, power] = f.localsOf("v128", 4);
    const sum = accumulator(f, "sum", "f32");
    const scaled = (value: Code<"v128">): Code<"v128"> => f32x4.mul(value, this.scale.get);
    const begin = at.set(line.get);
    const first = (vector: Code<"v128">): Code<"f32"> => f32x4.extract(vector, 0);
    return sequence(
      query.set(i32.add(row.get, r.get)),
      line.set(i32.add(this.scores.get, i32.mul(r.get, i32.const(4 * blockKeys)))),
      state.set(i32.add(this.tops.get, times4(query.get))),
      seen.set(reach.get),
      when(held.isCausal.get, [minimum(seen, i32.sub(i32.add(i32.add(views.first.get, query.get), i32.const(1)), key.get), reach.get)]),
      when(i32.lt(seen.get, i32.const(0)), [seen.set(i32.const(0))]),
      before.set(f32x4.splat(f32.load(state.get))),
      when(i32.eqz(key.get), [before.set(f32x4.const(-Infinity))]),
      top.set(before.get),
      begin,
      along(f, seen.get, [at], (four) => [top.set(f32x4.pmax(top.get, four.only(scaled(four.load(0)), f32x4.const(-Infinity))))]),
      ...largestEverywhere(top),
      sum.reset(),
      begin,
      along(f, seen.get, [at], (four) => [
        power.set(vectorMath.exp(f, f32x4.sub(scaled(four.load(0)), top.get))),
        four.store(0, power.get),
        sum.add(four.only(power.get, sum.neutral)),
      ]),
      // What the row does not see weighs nothing.
      at.set(seen.get),
      loopBelow(at, reach.get, 1, [f32.store(i32.add(line.get, times4(at.get)), f32.const(0))]),
      power.set(sum.total()),
      f32.store(state.get, first(top.get)),
      state.set(i32.add(this.totals.get, times4(query.get))),
      when(i32.eqz(key.get), [f32.store(state.get, first(power.get))], [
        factor.set(vectorMath.exp(f, f32x4.sub(before.get, top.get))),
        f32.store(state.get, f32.add(f32.mul(f32.load(state.get), first(factor.get)), first(power.get))),
        at.set(i32.add(views.out.get, times4(i32.mul(query.get, held.valueWidth.get)))),
        along(f, held.valueWidth.get, [at], (four) => [four.store(0, f32x4.mul(four.load(0), factor.get))]),
      ]),
    );
  }

  /** Divides by the totals, and keeps their logarithms. */
  private finish(): Code {
    const { f, held, views, count, row } = this;
    const [at, offset] = f.localsOf("i32", 2);
    const total = f.local("v128");
    const splat = (table: Local<"i32">): Code<"v128"> => f32x4.splat(f32.load(i32.add(table.get, offset.get)));
    return loopFrom(row, i32.const(0), count.get, 1, [
      offset.set(times4(row.get)),
      total.set(splat(this.totals)),
      f32.store(i32.add(views.logTotals.get, offset.get), f32x4.extract(f32x4.add(vectorMath.log(f, total.get), splat(this.tops)), 0)),
      at.set(i32.add(views.out.get, times4(i32.mul(row.get, held.valueWidth.get)))),
      along(f, held.valueWidth.get, [at], (four) => [four.store(0, f32x4.div(four.load(0), total.get))]),
    ]);
  }
}

/** run(args, from, to, scratch): units from … to of all queries. */
export function attentionModule(depth: number, options: TileOptions, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, "attention");
  const functions = { packRows: packFunction(module, tileRows), packColumns: packFunction(module, tileColumns), tile: tileFunction(module, options) };
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => { new AttentionEmitter(f, functions, depth).emit(); });
  return module;
}
