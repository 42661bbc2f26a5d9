import type { DType, Program, Typing } from "@dl/tensor";
import { ModuleBuilder, f32, f32x4, i32, i32x4, loopBelow, plus, sequence, unrolled, v128, when } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { accumulator, foldForm, folded, masked } from "./fold.js";
import type { Accumulator, FoldKind } from "./fold.js";
import { importHost } from "../math/index.js";
import type { Host } from "../math/index.js";
import { Evaluation, leafValues, titleOf } from "./program.js";
import { Reader } from "./reader.js";
import type { Access } from "./reader.js";
import { forRows } from "./rows.js";
import type { RowPointer } from "./rows.js";
import { formOf } from "./values.js";
import type { Value } from "./values.js";
import { word, words } from "./word.js";

export type ReduceWay =
  /** One output at a time: the innermost reduced dim is read four elements at a time. */
  | "runs"
  /** Sixteen neighbouring outputs at a time: reduced dims are walked over with whole vectors of outputs. */
  | "lanes"
  /** One output at a time, element by element: the position of the winner. */
  | "position";

export interface ReduceShape {
  readonly kind: FoldKind;
  readonly way: ReduceWay;
  readonly program: Program;
  readonly typing: Typing;
  /** Access along the innermost reduced dim; for "lanes" along the innermost kept dim. */
  readonly inputs: readonly { readonly dtype: DType; readonly access: Access }[];
  /** Dims that rows are counted over. */
  readonly kept: number;
  /** Dims that are folded, the innermost one of "runs" and "position" included. */
  readonly reduced: number;
}

/** Outputs that "lanes" folds at a time. */
export const lanesPerBlock = 16;
const groupsPerBlock = lanesPerBlock / 4;

/** Positions among the arguments, in words. */
export class ReduceLayout {
  /** Address of the output; outputs lie one after the other. */
  readonly output = 0;
  /** For "lanes": how many outputs the innermost kept dim has. */
  readonly count = 1;
  readonly kept = 2;

  constructor(private readonly shape: Pick<ReduceShape, "inputs" | "kept" | "reduced">) {}

  get reduced(): number {
    return this.kept + this.shape.kept;
  }

  /** A view's address, then its strides along kept and along reduced dims, in bytes; last the innermost stride. */
  view(k: number): number {
    return this.reduced + this.shape.reduced + k * (2 + this.shape.kept + this.shape.reduced);
  }

  get scalars(): number {
    return this.view(this.shape.inputs.length);
  }
}

interface Source extends RowPointer {
  readonly reader: Reader;
  /** Strides along reduced dims. */
  readonly steps: readonly Local<"i32">[];
  /** Where each level of the loops over reduced dims stands. */
  readonly levels: readonly Local<"i32">[];
}

class ReduceEmitter {
  private readonly args: Local<"i32">;
  private readonly layout: ReduceLayout;
  private readonly sources: readonly Source[];
  private readonly evaluation: Evaluation;
  private readonly out: Local<"i32">;
  private readonly reducedSizes: readonly Local<"i32">[];

  constructor(
    private readonly f: FunctionBuilder,
    host: Host,
    private readonly shape: ReduceShape,
  ) {
    const { program, typing, inputs, kept, reduced } = shape;
    this.args = f.param("i32", 0);
    const layout = new ReduceLayout(shape);
    this.layout = layout;
    this.sources = inputs.map(({ dtype, access }, k) => ({
      reader: new Reader(f, dtype, access, word(this.args, layout.view(k) + 1 + kept + reduced)),
      at: f.hold("i32", word(this.args, layout.view(k))),
      strides: words(f, this.args, layout.view(k) + 1, kept),
      steps: words(f, this.args, layout.view(k) + 1 + kept, reduced),
      levels: f.localsOf("i32", reduced),
    }));
    this.evaluation = new Evaluation(f, host, program, typing, leafValues(f, program, typing, { args: this.args.get, offset: 4 * layout.scalars }));
    this.out = f.local("i32");
    this.reducedSizes = words(f, this.args, layout.reduced, reduced);
  }

  emit(): void {
    const { f, shape, layout, args, out } = this;
    const [from, to] = [f.param("i32", 1), f.param("i32", 2)];
    const perRow = shape.way === "lanes" ? 4 * lanesPerBlock : 4;
    f.push(out.set(i32.add(word(args, layout.output), i32.mul(from.get, i32.const(perRow)))));
    const sizes = words(f, args, layout.kept, shape.kept);
    const body = { runs: () => this.run(), position: () => this.position(), lanes: () => this.block(sizes) }[shape.way]();
    f.push(forRows(f, from, to, sizes, this.sources, body));
  }

  private get form(): "f32" | "i32" {
    return foldForm(formOf(this.shape.typing.outputs[0]));
  }

  private evaluate(load: (reader: Reader) => Value): { readonly statements: readonly Code[]; readonly value: Value } {
    const { statements, outputs } = this.evaluation.run(this.sources.map(({ reader }) => load(reader)));
    return { statements, value: outputs[0] };
  }

  /** Loops over the first `count` reduced dims; each source stands at `levels[count − 1]` when `body` runs. */
  private overReduced(count: number, body: readonly Code[]): readonly Code[] {
    const enter = (d: number): Code[] => this.sources.map(({ levels, at }) => levels[d].set(d === 0 ? at.get : levels[d - 1].get));
    const level = (d: number): readonly Code[] => {
      if (d === count) return body;
      const i = this.f.local("i32");
      const step = this.sources.map(({ levels, steps }) => levels[d].set(i32.add(levels[d].get, steps[d].get)));
      return [...enter(d), i.set(i32.const(0)), loopBelow(i, this.reducedSizes[d].get, 1, [...level(d + 1), ...step])];
    };
    return level(0);
  }

  /** Puts the readers where the loops over the outer reduced dims stand. */
  private beginReaders(outer: number): Code[] {
    return this.sources.map(({ reader, levels, at }) => reader.begin(outer === 0 ? at.get : levels[outer - 1].get));
  }

  private run(): readonly Code[] {
    const { f, shape, form } = this;
    const outer = shape.reduced - 1;
    const accumulators = [0, 1, 2, 3].map(() => accumulator(f, shape.kind, form));
    const isLight = shape.program.instructions.length <= 4 && this.sources.every(({ reader }) => reader.access !== "strided");
    const groups = isLight ? 4 : 1;
    const left = f.local("i32");
    const inner = [
      ...this.beginReaders(outer),
      left.set(this.reducedSizes[outer].get),
      ...(groups > 1 ? [this.fours(left, groups, accumulators)] : []),
      this.fours(left, 1, accumulators),
      when(i32.gt(left.get, i32.const(0)), [this.partial(left, accumulators[0])]),
    ];
    const [first, ...others] = accumulators;
    return [
      ...accumulators.map((acc) => acc.reset()),
      ...this.overReduced(outer, inner),
      ...others.map((acc) => first.join(acc)),
      v128.store32(this.out.get, first.total()),
      plus(this.out, 4),
    ];
  }

  private fours(left: Local<"i32">, groups: number, accumulators: readonly Accumulator[]): Code {
    const body = unrolled(groups, (g) => {
      const { statements, value } = this.evaluate((reader) => reader.load(g));
      return [...statements, accumulators[g].add(folded(value))];
    });
    const upward = this.f.local("i32");
    const count = 4 * groups;
    return sequence(
      upward.set(i32.sub(i32.const(count - 1), left.get)),
      loopBelow(upward, i32.const(0), count, [body, ...this.sources.map(({ reader }) => reader.advance(groups))]),
      left.set(i32.sub(i32.const(count - 1), upward.get)),
    );
  }

  private partial(left: Local<"i32">, acc: Accumulator): Code {
    const { statements, value } = this.evaluate((reader) => reader.loadPartial(left.get));
    return sequence(statements, acc.add(masked(this.f, folded(value), left.get, acc.neutral)));
  }

  /** A block of outputs; the innermost kept dim counts blocks. Reading beyond the last output does no harm, writing would. */
  private block(sizes: readonly Local<"i32">[]): readonly Code[] {
    const { f, shape, form, out, layout, args } = this;
    const accumulators = Array.from({ length: groupsPerBlock }, () => accumulator(f, shape.kind, form));
    const inner = unrolled(groupsPerBlock, (g) => {
      const { statements, value } = this.evaluate((reader) => reader.load(g));
      return [...statements, accumulators[g].add(folded(value))];
    });
    // Outputs of one row of blocks lie together, the last block may be short.
    const blockIndex = f.local("i32");
    const left = f.local("i32");
    const address = f.local("i32");
    const count = f.hold("i32", word(args, layout.count));
    const blocks = sizes[sizes.length - 1];
    const row = f.local("i32");
    const lanes = f.local("v128");
    const store = accumulators.map((acc, g) => {
      const whole = v128.store(address.get, lanes.get, 16 * g);
      const part = [0, 1, 2].map((k) => when(i32.gt(left.get, i32.const(4 * g + k)), [v128.store32Lane(address.get, lanes.get, k, 16 * g + 4 * k)]));
      return sequence(lanes.set(acc.lanes()), when(i32.ge(left.get, i32.const(4 * g + 4)), [whole], part));
    });
    return [
      ...accumulators.map((acc) => acc.reset()),
      ...this.overReduced(shape.reduced, [...this.beginReaders(shape.reduced), inner]),
      // Which block of its row this is follows from how far `out` has come, 64 bytes a block.
      blockIndex.set(i32.divUnsigned(i32.sub(out.get, word(args, layout.output)), i32.const(4 * lanesPerBlock))),
      row.set(i32.divUnsigned(blockIndex.get, blocks.get)),
      left.set(i32.sub(count.get, i32.mul(i32.const(lanesPerBlock), i32.remUnsigned(blockIndex.get, blocks.get)))),
      address.set(i32.add(word(args, layout.output), i32.mul(i32.const(4), i32.sub(i32.mul(i32.add(row.get, i32.const(1)), count.get), left.get)))),
      ...store,
      plus(out, 4 * lanesPerBlock),
    ];
  }

  /** The first winning position in row-major order; NaN beats everything. */
  private position(): readonly Code[] {
    const { f, shape, out } = this;
    const outer = shape.reduced - 1;
    const [best, position] = f.localsOf("i32", 2);
    const i = f.local("i32");
    const [bestValue, value] = f.localsOf("v128", 2);
    const { statements, value: computed } = this.evaluate((reader) => reader.loadPartial(i32.const(1)));
    const beats = this.wins(value.get, bestValue.get);
    const inner = [
      ...this.beginReaders(outer),
      i.set(i32.const(0)),
      loopBelow(i, this.reducedSizes[outer].get, 1, [
        ...statements,
        value.set(folded(computed)),
        when(i32.or(i32.lt(best.get, i32.const(0)), beats), [best.set(position.get), bestValue.set(value.get)]),
        plus(position, 1),
        ...this.sources.map(({ reader }) => reader.advanceOne()),
      ]),
    ];
    return [best.set(i32.const(-1)), position.set(i32.const(0)), ...this.overReduced(outer, inner), i32.store(out.get, best.get), plus(out, 4)];
  }

  /** Whether lane 0 of `a` is better than that of `b`. */
  private wins(a: Code<"v128">, b: Code<"v128">): Code<"i32"> {
    const isMax = this.shape.kind === "max";
    if (this.form === "i32") {
      const [x, y] = [i32x4.extract(a, 0), i32x4.extract(b, 0)];
      return isMax ? i32.gt(x, y) : i32.lt(x, y);
    }
    const [x, y] = [f32x4.extract(a, 0), f32x4.extract(b, 0)];
    const better = isMax ? f32.gt(x, y) : f32.lt(x, y);
    return i32.or(better, i32.and(f32.ne(x, x), f32.eq(y, y)));
  }
}

/** run(args, from, to, scratch): outputs, or blocks of outputs, from … to. */
export function reduceModule(shape: ReduceShape, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `${shape.kind} by ${shape.way} ${titleOf(shape.program)}`);
  const host = importHost(module);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => { new ReduceEmitter(f, host, shape).emit(); });
  return module;
}
