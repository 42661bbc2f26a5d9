import { ModuleBuilder, i32, loopBelow, loopFrom, plus, sequence, v128 } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { WalkLayout, toNext, walkRows } from "./walk.js";
import type { Row } from "./walk.js";
import { word } from "./word.js";

/** What a gather is generated for. Views, in this order: the index, what is gathered from (without steps along the dim), the output. */
export interface GatherShape {
  readonly bytes: 1 | 4;
  readonly indexBytes: 1 | 4;
  /** Dims outside of a row. */
  readonly depth: number;
  /** Whether one index counts for a whole row, whose elements are neighbours on both sides. */
  readonly wholeRows: boolean;
}

/** After the walk: how far apart elements lie along the dim, in bytes. */
export const gatherLayout = ({ depth }: Pick<GatherShape, "depth">): WalkLayout => new WalkLayout(depth, 3);

/** An index as an offset in bytes. */
export const indexed = (indexBytes: 1 | 4, address: Code<"i32">, along: Local<"i32">): Code<"i32"> =>
  i32.mul((indexBytes === 4 ? i32.load : i32.load8u)(address), along.get);

const copied = (bytes: 1 | 4, to: Code<"i32">, from: Code<"i32">): Code => (bytes === 4 ? i32.store(to, i32.load(from)) : i32.store8(to, i32.load8u(from)));

/** Copies `length` neighbours; moves the pointers. */
function copyRun(f: FunctionBuilder, bytes: 1 | 4, from: Local<"i32">, to: Local<"i32">, length: Local<"i32">): Code {
  const upward = f.local("i32");
  const perVector = 16 / bytes;
  const step = (size: number): Code[] => [plus(from, size), plus(to, size)];
  return sequence(
    upward.set(i32.sub(i32.const(perVector - 1), length.get)),
    loopBelow(upward, i32.const(0), perVector, [v128.store(to.get, v128.load(from.get)), ...step(16)]),
    plus(upward, 1 - perVector),
    loopBelow(upward, i32.const(0), 1, [copied(bytes, to.get, from.get), ...step(bytes)]),
  );
}

function gatherRow(f: FunctionBuilder, { bytes, indexBytes, wholeRows }: GatherShape, along: Local<"i32">, row: Row): readonly Code[] {
  const [index, from, to] = row.pointers;
  const source = i32.add(from.get, indexed(indexBytes, index.get, along));
  if (wholeRows) return [from.set(source), copyRun(f, bytes, from, to, row.length)];
  return [loopFrom(f.local("i32"), i32.const(0), row.length.get, 1, [copied(bytes, to.get, source), ...toNext(row)])];
}

/** run(args, from, to): gathers rows from … to, or that part of the only one. */
export function gatherModule(shape: GatherShape, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, "gather");
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const layout = gatherLayout(shape);
    const along = f.hold("i32", word(f.param("i32", 0), layout.own));
    walkRows(f, layout, (row) => gatherRow(f, shape, along, row));
  });
  return module;
}
