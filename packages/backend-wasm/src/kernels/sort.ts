// Lines are sorted by the digits of their keys, the lowest first: every pass keeps the order of equal digits, so the sort is stable.
import type { DType } from "@dl/tensor";
import { ModuleBuilder, f32, i32, i32x4, loopFrom, plus, repeatWhile, sequence, v128, when } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { RoomArgs, ownRoom } from "./room.js";
import { bytesPerElement } from "./values.js";
import { WalkLayout, walkRows } from "./walk.js";
import type { Row } from "./walk.js";
import { word } from "./word.js";

/** What a sort is generated for. Views, in this order: x, values, indices; rows are lines along the dim. */
export interface SortShape {
  readonly dtype: DType;
  readonly descending: boolean;
  /** Dims outside of a line; at least one. */
  readonly depth: number;
}

export const sortLayout = ({ depth }: Pick<SortShape, "depth">): WalkLayout => new WalkLayout(depth, 3);

const buckets = 256;
const tableBytes = 4 * buckets;
const digits = 4;

/** Room for lines of `length`: counts for each digit, and entries of key and position twice. */
export const roomFor = (length: number): number => digits * tableBytes + 2 * entryBytes * length;

const entryBytes = 8;
/** Up to this length insertion takes fewer steps than counting. */
const short = 40;

class SortEmitter {
  private readonly counts: Local<"i32">;
  private readonly entries: Local<"i32">;
  private readonly others: Local<"i32">;
  private readonly key: Local<"i32">;
  private readonly value: Local<"f32">;

  constructor(
    private readonly f: FunctionBuilder,
    private readonly shape: SortShape,
  ) {
    [this.counts, this.entries, this.others, this.key] = f.localsOf("i32", 4);
    this.value = f.local("f32");
  }

  emit(): void {
    const { f, counts } = this;
    const [args, scratch] = [f.param("i32", 0), f.param("i32", 3)];
    const layout = sortLayout(this.shape);
    f.push(counts.set(ownRoom((name) => word(args, layout.own + RoomArgs[name]), scratch)));
    walkRows(f, layout, (row) => this.line(row));
  }

  /** Bytes need the lowest digit only. */
  private get digits(): number {
    return bytesPerElement(this.shape.dtype) === 1 ? 1 : digits;
  }

  private line(row: Row): readonly Code[] {
    const { counts, entries, others } = this;
    const passes = Array.from({ length: this.digits }, (_, digit) => this.pass(digit, row.length));
    return [
      entries.set(i32.add(counts.get, i32.const(digits * tableBytes))),
      others.set(i32.add(entries.get, i32.mul(row.length.get, i32.const(entryBytes)))),
      when(
        i32.le(row.length.get, i32.const(short)),
        [this.load(row, []), this.insert(row.length)],
        [this.clearCounts(), this.load(row, Array.from({ length: this.digits }, (_, digit) => this.count(digit))), ...passes],
      ),
      this.store(row),
    ];
  }

  /** The element at an address as an int32 that is ordered as wanted. */
  private keyOf(address: Code<"i32">): Code {
    const { key, value, shape } = this;
    const ordered = (): Code => {
      if (shape.dtype === "int32") return key.set(i32.load(address));
      if (shape.dtype !== "float32") return key.set((shape.dtype === "int8" ? i32.load8s : i32.load8u)(address));
      const bits = key.get;
      const negative = i32.sub(i32.const(0), i32.shrUnsigned(bits, i32.const(31)));
      return sequence(
        value.set(f32.load(address)),
        // −0 and 0 are equal; bits of negative floats run backwards; NaN counts as the largest.
        key.set(i32.load(address)),
        when(f32.eq(value.get, f32.const(0)), [key.set(i32.const(0))]),
        key.set(i32.xor(bits, i32.and(negative, i32.const(0x7fffffff)))),
        when(f32.ne(value.get, value.get), [key.set(i32.const(0x7fffffff))]),
      );
    };
    return sequence(ordered(), shape.descending ? [key.set(i32.xor(key.get, i32.const(-1)))] : []);
  }

  /** Writes entries of the whole line, and for each `counted` what its key asks for. */
  private load({ pointers: [x], steps: [step], length }: Row, counted: readonly Code[]): Code {
    const { f, entries, key } = this;
    const [from, at, i] = f.localsOf("i32", 3);
    return sequence(
      from.set(x.get),
      at.set(entries.get),
      loopFrom(i, i32.const(0), length.get, 1, [
        this.keyOf(from.get),
        i32.store(at.get, key.get),
        i32.store(at.get, i.get, 4),
        ...counted,
        plus(at, entryBytes),
        from.set(i32.add(from.get, step.get)),
      ]),
    );
  }

  private clearCounts(): Code {
    const { f, counts } = this;
    const [at, i] = f.localsOf("i32", 2);
    return sequence(at.set(counts.get), loopFrom(i, i32.const(0), i32.const((this.digits * tableBytes) / 16), 1, [v128.store(at.get, i32x4.const(0)), plus(at, 16)]));
  }

  /** Address of the count that a digit of the key belongs to. Signs are turned around: negative keys come first. */
  private bucket(digit: number): Code<"i32"> {
    const { counts, key, shape } = this;
    const isSigned = digit === digits - 1 || shape.dtype === "int8";
    const value = i32.and(i32.shrUnsigned(key.get, i32.const(8 * digit)), i32.const(buckets - 1));
    const ordered = isSigned ? i32.xor(value, i32.const(buckets / 2)) : value;
    return i32.add(i32.add(counts.get, i32.const(digit * tableBytes)), i32.shl(ordered, i32.const(2)));
  }

  private count(digit: number): Code {
    const at = this.f.local("i32");
    return sequence(at.set(this.bucket(digit)), i32.store(at.get, i32.add(i32.load(at.get), i32.const(1))));
  }

  /** Moves all entries in order of one digit, unless all have the same. */
  private pass(digit: number, length: Local<"i32">): Code {
    const { f, entries, others, key } = this;
    const [from, i, place, target] = f.localsOf("i32", 4);
    return sequence(
      key.set(i32.load(entries.get)),
      when(i32.ne(i32.load(this.bucket(digit)), length.get), [
        this.countsToPlaces(digit),
        from.set(entries.get),
        loopFrom(i, i32.const(0), length.get, 1, [
          key.set(i32.load(from.get)),
          place.set(this.bucket(digit)),
          target.set(i32.load(place.get)),
          i32.store(target.get, key.get),
          i32.store(target.get, i32.load(from.get, 4), 4),
          i32.store(place.get, i32.add(target.get, i32.const(entryBytes))),
          plus(from, entryBytes),
        ]),
        from.set(entries.get),
        entries.set(others.get),
        others.set(from.get),
      ]),
    );
  }

  /** How often each digit occurs → where the first entry with it goes. */
  private countsToPlaces(digit: number): Code {
    const { f, counts, others } = this;
    const [at, next, size, i] = f.localsOf("i32", 4);
    return sequence(
      at.set(i32.add(counts.get, i32.const(digit * tableBytes))),
      next.set(others.get),
      loopFrom(i, i32.const(0), i32.const(buckets), 1, [
        size.set(i32.load(at.get)),
        i32.store(at.get, next.get),
        next.set(i32.add(next.get, i32.shl(size.get, i32.const(3)))),
        plus(at, 4),
      ]),
    );
  }

  /** Sorts a short line in place. */
  private insert(length: Local<"i32">): Code {
    const { f, entries, key } = this;
    const [i, at, position] = f.localsOf("i32", 3);
    // Below the first entry counts are read, and what is found there does not matter.
    const goesBefore = i32.and(i32.ne(at.get, entries.get), i32.gt(i32.load(i32.sub(at.get, i32.const(entryBytes))), key.get));
    return loopFrom(i, i32.const(1), length.get, 1, [
      at.set(i32.add(entries.get, i32.mul(i.get, i32.const(entryBytes)))),
      key.set(i32.load(at.get)),
      position.set(i32.load(at.get, 4)),
      when(goesBefore, [
        repeatWhile([v128.store64(at.get, v128.load(i32.sub(at.get, i32.const(entryBytes)))), plus(at, -entryBytes)], goesBefore),
        i32.store(at.get, key.get),
        i32.store(at.get, position.get, 4),
      ]),
    ]);
  }

  private store({ pointers: [x, values, indices], steps: [step, valueStep, indexStep], length }: Row): Code {
    const { f, entries, shape } = this;
    const [at, i, position] = f.localsOf("i32", 3);
    const from = i32.add(x.get, i32.mul(position.get, step.get));
    const isWord = bytesPerElement(shape.dtype) === 4;
    return sequence(
      at.set(entries.get),
      loopFrom(i, i32.const(0), length.get, 1, [
        position.set(i32.load(at.get, 4)),
        isWord ? i32.store(values.get, i32.load(from)) : i32.store8(values.get, i32.load8u(from)),
        i32.store(indices.get, position.get),
        plus(at, entryBytes),
        values.set(i32.add(values.get, valueStep.get)),
        indices.set(i32.add(indices.get, indexStep.get)),
      ]),
    );
  }
}

/** run(args, from, to, scratch): sorts lines from … to. */
export function sortModule(shape: SortShape, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `sort ${shape.dtype}`);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => { new SortEmitter(f, shape).emit(); });
  return module;
}
