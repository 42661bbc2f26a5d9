import type { DType, Program, Typing } from "@dl/tensor";
import { ModuleBuilder, i32, loopBelow, plus, sequence, unrolled, when } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { importHost } from "../math/index.js";
import type { Host } from "../math/index.js";
import { Evaluation, leafValues, titleOf } from "./program.js";
import { Reader } from "./reader.js";
import type { Access } from "./reader.js";
import { forRows } from "./rows.js";
import { bytesPerElement, storeLane, storeUnit } from "./values.js";
import { word, words } from "./word.js";

/** What a map kernel is generated for. Sizes, strides, addresses and scalars are arguments. */
export interface MapShape {
  readonly program: Program;
  readonly typing: Typing;
  readonly inputs: readonly { readonly dtype: DType; readonly access: Access }[];
  readonly outputs: readonly DType[];
  /** How many dims there are outside of the innermost; without any, the range of a call counts elements, otherwise rows. */
  readonly depth: number;
}

interface ArgumentWriter {
  argument(k: number, value: number): void;
  floatArgument(k: number, value: number): void;
}

/** Positions among the arguments, in words of 32 bits. */
export class MapLayout {
  private readonly perView: number;

  constructor(private readonly shape: Pick<MapShape, "program" | "inputs" | "outputs" | "depth">) {
    this.perView = 2 + shape.depth;
  }

  /** The innermost size; outer sizes follow. */
  readonly size = 0;

  /** A view's address; then its innermost stride and the outer ones, in bytes. */
  view(k: number): number {
    return 1 + this.shape.depth + k * this.perView;
  }

  /** Two words each: the float32 and the int32. */
  get scalars(): number {
    return this.view(this.shape.inputs.length + this.shape.outputs.length);
  }

  /** @param block where the arguments begin */
  writeScalars(into: ArgumentWriter, scalars: readonly number[], block = 0): void {
    for (let k = 0; k < scalars.length; k++) {
      into.floatArgument(block + this.scalars + 2 * k, scalars[k]);
      into.argument(block + this.scalars + 2 * k + 1, scalars[k]);
    }
  }

  /** Words in all. */
  get length(): number {
    return this.scalars + 2 * this.shape.program.numScalars;
  }
}

/** Formulas of up to this many steps wait for memory, not for arithmetic: more elements per turn of the loop pay. */
const light = 4;

class MapEmitter {
  private readonly args: Local<"i32">;
  private readonly layout: MapLayout;
  private readonly readers: readonly Reader[];
  private readonly writers: readonly Local<"i32">[];
  private readonly evaluation: Evaluation;
  private readonly groups: number;

  constructor(
    private readonly f: FunctionBuilder,
    host: Host,
    private readonly shape: MapShape,
  ) {
    const { program, typing, inputs, outputs } = shape;
    this.args = f.param("i32", 0);
    this.layout = new MapLayout(shape);
    this.readers = inputs.map(({ dtype, access }, k) => new Reader(f, dtype, access, word(this.args, this.layout.view(k) + 1)));
    this.writers = outputs.map(() => f.local("i32"));
    this.evaluation = new Evaluation(f, host, program, typing, leafValues(f, program, typing, { args: this.args.get, offset: 4 * this.layout.scalars }));
    const isLight = program.instructions.length <= light && inputs.every(({ access }) => access !== "strided");
    this.groups = isLight ? 4 : 1;
  }

  emit(): void {
    const { f, shape, readers, writers, layout } = this;
    const [from, to] = [f.param("i32", 1), f.param("i32", 2)];
    if (shape.depth === 0) {
      const start = (k: number, dtype: DType): Code<"i32"> => i32.add(word(this.args, layout.view(k)), i32.mul(from.get, this.stride(k, dtype)));
      f.push(
        readers.map((reader, k) => reader.begin(start(k, shape.inputs[k].dtype))),
        writers.map((writer, k) => writer.set(start(readers.length + k, shape.outputs[k]))),
        this.row(f.hold("i32", i32.sub(to.get, from.get))),
      );
      return;
    }
    const views = [...shape.inputs, ...shape.outputs].map((_, k) => ({
      at: f.hold("i32", word(this.args, layout.view(k))),
      strides: words(f, this.args, layout.view(k) + 2, shape.depth),
    }));
    const sizes = words(f, this.args, 1, shape.depth);
    const left = f.local("i32");
    const body = [
      ...readers.map((reader, k) => reader.begin(views[k].at.get)),
      ...writers.map((writer, k) => writer.set(views[readers.length + k].at.get)),
      left.set(word(this.args, layout.size)),
      this.row(left),
    ];
    f.push(forRows(f, from, to, sizes, views, body));
  }

  private stride(k: number, dtype: DType): Code<"i32"> {
    const access = k < this.readers.length ? this.readers[k].access : "unit";
    return access === "strided" ? word(this.args, this.layout.view(k) + 1) : i32.const(access === "splat" ? 0 : bytesPerElement(dtype));
  }

  /** `left` elements from where readers and writers stand. */
  private row(left: Local<"i32">): Code {
    const fours = (groups: number): Code => this.whileLeft(left, 4 * groups, [unrolled(groups, (g) => this.four(g)), ...this.advance(groups)]);
    return sequence(this.groups > 1 ? fours(this.groups) : [], fours(1), when(i32.gt(left.get, i32.const(0)), [this.rest(left)]));
  }

  private whileLeft(left: Local<"i32">, count: number, body: readonly Code[]): Code {
    // Counts left down to below `count`: as a loop that ends at a bound, in negative numbers.
    const upward = this.f.local("i32");
    return sequence(
      upward.set(i32.sub(i32.const(count - 1), left.get)),
      loopBelow(upward, i32.const(0), count, body),
      left.set(i32.sub(i32.const(count - 1), upward.get)),
    );
  }

  private four(group: number): Code {
    const { statements, outputs } = this.evaluation.run(this.readers.map((reader) => reader.load(group)));
    const stores = outputs.map((value, k) => {
      const dtype = this.shape.outputs[k];
      return storeUnit(dtype, this.writers[k].get, value, group * 4 * bytesPerElement(dtype));
    });
    return sequence(statements, stores);
  }

  private advance(groups: number): Code[] {
    return [...this.readers.map((reader) => reader.advance(groups)), ...this.writers.map((writer, k) => plus(writer, groups * 4 * bytesPerElement(this.shape.outputs[k])))];
  }

  private rest(left: Local<"i32">): Code {
    const { statements, outputs } = this.evaluation.run(this.readers.map((reader) => reader.loadPartial(left.get)));
    const stores = outputs.flatMap((value, k) =>
      [0, 1, 2].map((lane) => when(i32.gt(left.get, i32.const(lane)), [storeLane(this.shape.outputs[k], this.writers[k].get, value, lane)])),
    );
    return sequence(statements, stores);
  }
}

const parameters = ["i32", "i32", "i32", "i32"] as const;

/** (args, from, to, scratch): the program over elements, or rows, from … to. @param name null keeps it inside of the module @returns its index */
export function mapFunction(module: ModuleBuilder, name: string | null, host: Host, shape: MapShape): number {
  return module.function(name, parameters, [], (f) => { new MapEmitter(f, host, shape).emit(); });
}

/** run(args, from, to, scratch): as `mapFunction` says. */
export function mapModule(shape: MapShape, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `map ${titleOf(shape.program)}`);
  mapFunction(module, "run", importHost(module), shape);
  return module;
}
