import { ModuleBuilder, f32, f32x4, i32, i32x4, loopBelow, loopFrom, plus, sequence, v128 } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { indexed } from "./gather.js";
import { WalkLayout, toNext, walkRows } from "./walk.js";
import type { Row } from "./walk.js";
import { word } from "./word.js";

export type Addend = "f32" | "i32" | "byte";

export type ScatterWay =
  /** A row is a line along the dim that indices point along. */
  | "lines"
  /** A row lies across the dim, which is gone through for each row from its beginning. */
  | "across"
  /** The same where one index counts for a whole row, whose elements are neighbours on both sides. */
  | "whole rows";

/** What a scatter is generated for. Views, in this order: the index, what is added to (without steps along the dim), the source. */
export interface ScatterShape {
  readonly addend: Addend;
  readonly indexBytes: 1 | 4;
  /** Dims outside of a row, without the one that indices point along. */
  readonly depth: number;
  readonly way: ScatterWay;
}

/** Of what comes after the walk, in words: how many elements there are along the dim, and steps along it, in bytes. */
export const AlongDim = { target: 0, count: 1, index: 2, source: 3 } as const;

export const scatterLayout = ({ depth }: Pick<ScatterShape, "depth">): WalkLayout => new WalkLayout(depth, 3);

const added: Readonly<Record<Addend, (to: Code<"i32">, from: Code<"i32">) => Code>> = {
  f32: (to, from) => f32.store(to, f32.add(f32.load(to), f32.load(from))),
  i32: (to, from) => i32.store(to, i32.add(i32.load(to), i32.load(from))),
  byte: (to, from) => i32.store8(to, i32.add(i32.load8u(to), i32.load8u(from))),
};

/** Adds `length` neighbours to others; moves the pointers. */
function addRun(f: FunctionBuilder, addend: Addend, to: Local<"i32">, from: Local<"i32">, length: Local<"i32">): Code {
  const upward = f.local("i32");
  const size = addend === "byte" ? 1 : 4;
  const both = (addend === "f32" ? f32x4 : i32x4).add(v128.load(to.get), v128.load(from.get));
  const step = (bytes: number): Code[] => [plus(from, bytes), plus(to, bytes)];
  return sequence(
    upward.set(i32.sub(i32.const(3), length.get)),
    addend === "byte" ? [] : [loopBelow(upward, i32.const(0), 4, [v128.store(to.get, both), ...step(16)])],
    plus(upward, -3),
    loopBelow(upward, i32.const(0), 1, [added[addend](to.get, from.get), ...step(size)]),
  );
}

/** Adds up one row, element by element, each to where its own index points. */
function addEach(f: FunctionBuilder, { addend, indexBytes }: ScatterShape, along: Local<"i32">, row: Row): Code {
  const [index, target, source] = row.pointers;
  const place = f.local("i32");
  const one = [place.set(i32.add(target.get, indexed(indexBytes, index.get, along))), added[addend](place.get, source.get)];
  return loopFrom(f.local("i32"), i32.const(0), row.length.get, 1, [...one, ...toNext(row)]);
}

/** Goes through the dim, each time with pointers to where the row of that position begins. */
function acrossDim(f: FunctionBuilder, shape: ScatterShape, own: (k: keyof typeof AlongDim) => Local<"i32">, row: Row): readonly Code[] {
  const along = own("target");
  const [count, indexStep, sourceStep] = [own("count"), own("index"), own("source")];
  const [k, ...inner] = f.localsOf("i32", 4);
  const [index, target, source] = inner;
  const begin = inner.map((pointer, i) => pointer.set(row.pointers[i].get));
  const place = target.set(i32.add(target.get, indexed(shape.indexBytes, index.get, along)));
  const body = shape.way === "whole rows" ? [place, addRun(f, shape.addend, target, source, row.length)] : [addEach(f, shape, along, { ...row, pointers: inner })];
  return [
    loopFrom(k, i32.const(0), count.get, 1, [
      ...begin,
      ...body,
      row.pointers[0].set(i32.add(row.pointers[0].get, indexStep.get)),
      row.pointers[2].set(i32.add(row.pointers[2].get, sourceStep.get)),
    ]),
  ];
}

/** run(args, from, to): adds up rows from … to, or that part of the only one. Different rows never add to one element. */
export function scatterModule(shape: ScatterShape, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `scatter ${shape.way}`);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const layout = scatterLayout(shape);
    const own = (k: keyof typeof AlongDim): Local<"i32"> => f.hold("i32", word(f.param("i32", 0), layout.own + AlongDim[k]));
    if (shape.way === "lines") {
      const along = own("target");
      walkRows(f, layout, (row) => [addEach(f, shape, along, row)]);
    } else {
      walkRows(f, layout, (row) => acrossDim(f, shape, own, row));
    }
  });
  return module;
}
