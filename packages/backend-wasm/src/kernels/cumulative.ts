import type { CumulativeKind, DType } from "@dl/tensor";
import { ModuleBuilder, f32, f64, i32, loopFrom, sequence, unrolled, v128, when } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { accumulator } from "./fold.js";
import { formOf, loadUnit } from "./values.js";
import { WalkLayout, toNext, walkRows } from "./walk.js";
import type { Row } from "./walk.js";
import { word } from "./word.js";

/** What a running fold is generated for. Views, in this order: x, the output. */
export interface CumulativeShape {
  readonly kind: CumulativeKind;
  readonly dtype: DType;
  /** Rows are lines along the dim, or lie across it: then their elements are neighbours of four bytes on both sides. */
  readonly way: "lines" | "across";
  /** Dims outside of a row. */
  readonly depth: number;
}

export const cumulativeLayout = ({ depth }: Pick<CumulativeShape, "depth">): WalkLayout => new WalkLayout(depth, 2);

/** After the walk, where rows lie across the dim: its length, and steps along it, in bytes. */
export const AlongLine = { count: 0, x: 1, out: 2 } as const;

/** What is so far, and how it goes on. */
interface Running {
  readonly reset: Code;
  /** Takes the element at an address in, and stores what is so far at another. */
  step(from: Code<"i32">, to: Code<"i32">): readonly Code[];
}

/** Sums of floats are kept in float64. */
function floatSum(f: FunctionBuilder): Running {
  const total = f.local("f64");
  return {
    reset: total.set(f64.const(0)),
    step: (from, to) => [f32.store(to, f32.demote(total.tee(f64.add(total.get, f64.promote(f32.load(from))))))],
  };
}

function floatExtreme(f: FunctionBuilder, kind: "max" | "min"): Running {
  const best = f.local("f32");
  return {
    reset: best.set(f32.const(kind === "max" ? -Infinity : Infinity)),
    step: (from, to) => [f32.store(to, best.tee(f32[kind](best.get, f32.load(from))))],
  };
}

const largest = 2 ** 31 - 1;

function integer(f: FunctionBuilder, kind: CumulativeKind, dtype: DType): Running {
  const [sofar, value] = f.localsOf("i32", 2);
  const [load, store] = dtype === "int32" ? [i32.load, i32.store] : [dtype === "int8" ? i32.load8s : i32.load8u, i32.store8];
  const wins = (kind === "max" ? i32.gt : i32.lt)(value.get, sofar.get);
  const take = kind === "sum" ? sofar.set(i32.add(sofar.get, value.get)) : when(wins, [sofar.set(value.get)]);
  return {
    reset: sofar.set(i32.const({ sum: 0, max: -largest - 1, min: largest }[kind])),
    step: (from, to) => [value.set(load(from)), take, store(to, sofar.get)],
  };
}

function runningOf(f: FunctionBuilder, { kind, dtype }: CumulativeShape): Running {
  if (dtype !== "float32") return integer(f, kind, dtype);
  return kind === "sum" ? floatSum(f) : floatExtreme(f, kind);
}

function line(f: FunctionBuilder, running: Running, row: Row): readonly Code[] {
  const [x, out] = row.pointers;
  return [running.reset, loopFrom(f.local("i32"), i32.const(0), row.length.get, 1, [...running.step(x.get, out.get), ...toNext(row)])];
}

/** Goes down the columns of a row together, many, then few, then one at a time. */
class Columns {
  private readonly pointers: readonly Local<"i32">[];
  private readonly steps: readonly Local<"i32">[];
  private readonly count: Local<"i32">;
  private readonly left: Local<"i32">;

  constructor(
    private readonly f: FunctionBuilder,
    private readonly shape: CumulativeShape,
    own: (name: keyof typeof AlongLine) => Code<"i32">,
    private readonly row: Row,
  ) {
    this.pointers = f.localsOf("i32", 2);
    this.steps = [f.hold("i32", own("x")), f.hold("i32", own("out"))];
    this.count = f.hold("i32", own("count"));
    this.left = row.length;
  }

  emit(): readonly Code[] {
    const running = runningOf(this.f, this.shape);
    const [x, out] = this.pointers;
    return [this.vectors(4), this.vectors(1), this.whileLeft(1, [running.reset], running.step(x.get, out.get))];
  }

  private vectors(groups: number): Code {
    const { f, shape: { kind, dtype } } = this;
    const form = formOf(dtype) === "f32" ? "f32" : "i32";
    const columns = Array.from({ length: groups }, () => accumulator(f, kind, form));
    const [x, out] = this.pointers;
    const body = unrolled(groups, (g) => sequence(columns[g].add(loadUnit(dtype, x.get, 16 * g)), v128.store(out.get, columns[g].lanes(), 16 * g)));
    return this.whileLeft(4 * groups, columns.map((column) => column.reset()), [body]);
  }

  /** As long as there are `width` columns: down these, then on to the next. */
  private whileLeft(width: number, reset: readonly Code[], body: readonly Code[]): Code {
    const { f, pointers, steps, count, left, row } = this;
    const upward = f.local("i32");
    const down = loopFrom(f.local("i32"), i32.const(0), count.get, 1, [...body, ...toNext({ pointers, steps, length: count })]);
    const next = row.pointers.map((pointer) => pointer.set(i32.add(pointer.get, i32.const(4 * width))));
    return sequence(
      loopFrom(upward, i32.sub(i32.const(width - 1), left.get), i32.const(0), width, [...reset, ...pointers.map((pointer, k) => pointer.set(row.pointers[k].get)), down, ...next]),
      left.set(i32.sub(i32.const(width - 1), upward.get)),
    );
  }
}

/** run(args, from, to): running folds of rows from … to, or of that part of the only one. */
export function cumulativeModule(shape: CumulativeShape, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `cumulative ${shape.kind}`);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const layout = cumulativeLayout(shape);
    const own = (name: keyof typeof AlongLine): Code<"i32"> => word(f.param("i32", 0), layout.own + AlongLine[name]);
    walkRows(f, layout, (row) => (shape.way === "lines" ? line(f, runningOf(f, shape), row) : new Columns(f, shape, own, row).emit()));
  });
  return module;
}
