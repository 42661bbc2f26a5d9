import { ModuleBuilder, f32, f32x4, f64, i32, i32x4, loopBelow, loopFrom, plus, repeatWhile, sequence, unrolled, v128, when } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { isNaN } from "../math/steps.js";
import { accumulator } from "./fold.js";
import { word } from "./word.js";

/**
 * Arguments, in words. Windows that lie inside of their plane come in fours: where each begins, then where its output stands. They share
 * their taps. Each of the others has its output, and where its own list of taps begins and ends. All of these are offsets in bytes.
 */
export const PoolArgs = {
  image: 0, imagePlane: 1, out: 2, outPlane: 3, positions: 4, fours: 5, numFours: 6, taps: 7, numTaps: 8, others: 9, numOthers: 10, otherTaps: 11,
} as const;

export const bytesPerFour = 32;
export const bytesPerOther = 12;

type Names = keyof typeof PoolArgs;

/** A window of its own: where its plane begins in the image, and the offset of one of its elements. */
interface Single {
  readonly out: Local<"i32">;
  readonly tap: Local<"i32">;
  /** Address of the element. */
  readonly element: Code<"i32">;
  /** Runs for each of its elements from where `next` stands on. */
  each(body: readonly Code[]): Code;
  /** Goes to the next element. */
  readonly next: Code;
}

/** Four windows at a time. */
interface Four {
  readonly begins: Local<"v128">;
  readonly tap: Local<"i32">;
  /** Address of the element at the tap, in window k. */
  element(k: number): Code<"i32">;
  /** Offset of window k's output. */
  out(k: number): Code<"i32">;
  each(body: readonly Code[]): Code;
  readonly next: Code;
  /** Back to before the first element. */
  readonly restart: Code;
}

interface Visitor {
  /** Before the windows of a plane. */
  readonly plane: readonly Code[];
  readonly four: (four: Four) => readonly Code[];
  readonly single: (single: Single) => readonly Code[];
}

class Planes {
  private readonly held: Readonly<Record<Names, Local<"i32">>>;
  /** Where the image's and the output's plane begin, and that of positions. */
  readonly image: Local<"i32">;
  readonly out: Local<"i32">;
  readonly positions: Local<"i32">;

  constructor(private readonly f: FunctionBuilder) {
    const args = f.param("i32", 0);
    const hold = (name: Names): [Names, Local<"i32">] => [name, f.hold("i32", word(args, PoolArgs[name]))];
    this.held = Object.fromEntries((Object.keys(PoolArgs) as Names[]).map(hold)) as Record<Names, Local<"i32">>;
    [this.image, this.out, this.positions] = f.localsOf("i32", 3);
  }

  get imagePlane(): Code<"i32"> {
    return this.held.imagePlane.get;
  }

  /** Every window of planes from … to. */
  visit({ plane, four, single }: Visitor): void {
    const { f, held } = this;
    const at = f.local("i32");
    const begin = (target: Local<"i32">, start: Local<"i32">, size: Local<"i32">): Code => target.set(i32.add(start.get, i32.mul(at.get, size.get)));
    f.push(
      loopFrom(at, f.param("i32", 1).get, f.param("i32", 2).get, 1, [
        begin(this.image, held.image, held.imagePlane),
        begin(this.out, held.out, held.outPlane),
        begin(this.positions, held.positions, held.outPlane),
        ...plane,
        this.fours(four),
        this.others(single),
      ]),
    );
  }

  /** A loop that ends at `last`, over taps of four bytes; `from` may have been moved on already. */
  private eachTap(from: Local<"i32">, last: Local<"i32">, tap: Local<"i32">, body: readonly Code[]): Code {
    const more = i32.ne(from.get, last.get);
    return when(more, [repeatWhile([tap.set(i32.load(from.get)), ...body, plus(from, 4)], more)]);
  }

  private fours(body: (four: Four) => readonly Code[]): Code {
    const { f, held } = this;
    const [i, group, from, last, tap] = f.localsOf("i32", 5);
    const windows = f.localsOf("i32", 4);
    const begins = f.local("v128");
    const four: Four = {
      begins,
      tap,
      element: (k) => i32.add(windows[k].get, tap.get),
      out: (k) => i32.load(group.get, 16 + 4 * k),
      each: (inner) => this.eachTap(from, last, tap, inner),
      next: sequence(tap.set(i32.load(from.get)), plus(from, 4)),
      restart: from.set(held.taps.get),
    };
    return sequence(
      group.set(held.fours.get),
      last.set(i32.add(held.taps.get, i32.mul(held.numTaps.get, i32.const(4)))),
      loopFrom(i, i32.const(0), held.numFours.get, 1, [
        begins.set(v128.load(group.get)),
        ...windows.map((window, k) => window.set(i32.add(this.image.get, i32x4.extract(begins.get, k)))),
        four.restart,
        ...body(four),
        plus(group, bytesPerFour),
      ]),
    );
  }

  private others(body: (single: Single) => readonly Code[]): Code {
    const { f, held } = this;
    const [i, other, from, last, tap, out] = f.localsOf("i32", 6);
    const list = (offset: number): Code<"i32"> => i32.add(held.otherTaps.get, i32.load(other.get, offset));
    const single: Single = {
      out,
      tap,
      element: i32.add(this.image.get, tap.get),
      each: (inner) => this.eachTap(from, last, tap, inner),
      next: sequence(tap.set(i32.load(from.get)), plus(from, 4)),
    };
    return sequence(
      other.set(held.others.get),
      loopFrom(i, i32.const(0), held.numOthers.get, 1, [out.set(i32.load(other.get)), from.set(list(4)), last.set(list(8)), ...body(single), plus(other, bytesPerOther)]),
    );
  }
}

const lanes = (four: Four): Code<"v128"> => [1, 2, 3].reduce((found, k) => v128.load32Lane(four.element(k), found, k), v128.load32Zero(four.element(0)));

const storeFour = (four: Four, plane: Local<"i32">, found: Local<"v128">): Code => unrolled(4, (k) => v128.store32Lane(i32.add(plane.get, four.out(k)), found.get, k));

/** The first of equals stays; NaN beats everything but NaN. Fours are looked at as if there were no NaN, and again if there is. */
function max(f: FunctionBuilder): void {
  const planes = new Planes(f);
  const [best, bestAt, value, better, missing] = f.localsOf("v128", 5);
  const [one, oneBest] = f.localsOf("f32", 2);
  const position = f.local("i32");
  const wins = v128.andNot(f32x4.eq(best.get, best.get), f32x4.le(value.get, best.get));
  const oneWins = i32.or(f32.gt(one.get, oneBest.get), i32.and(f32.ne(one.get, one.get), f32.eq(oneBest.get, oneBest.get)));
  planes.visit({
    plane: [],
    four: (four) => {
      const at = i32x4.add(four.begins.get, i32x4.splat(four.tap.get));
      // The first element wins against nothing, whatever it is.
      const begin = [four.restart, four.next, best.set(lanes(four)), bestAt.set(at)];
      const quickly = four.each([
        value.set(lanes(four)),
        missing.set(v128.or(missing.get, isNaN(value.get))),
        bestAt.set(v128.bitselect(at, bestAt.get, f32x4.gt(value.get, best.get))),
        best.set(f32x4.pmax(best.get, value.get)),
      ]);
      const withNaN = four.each([
        value.set(lanes(four)),
        better.set(wins),
        best.set(v128.bitselect(value.get, best.get, better.get)),
        bestAt.set(v128.bitselect(at, bestAt.get, better.get)),
      ]);
      return [
        ...begin,
        missing.set(isNaN(best.get)),
        quickly,
        when(v128.anyTrue(missing.get), [...begin, withNaN]),
        bestAt.set(i32x4.shrUnsigned(bestAt.get, 2)),
        storeFour(four, planes.out, best),
        storeFour(four, planes.positions, bestAt),
      ];
    },
    single: (single) => [
      single.next,
      oneBest.set(f32.load(single.element)),
      position.set(single.tap.get),
      single.each([one.set(f32.load(single.element)), when(oneWins, [oneBest.set(one.get), position.set(single.tap.get)])]),
      f32.store(i32.add(planes.out.get, single.out.get), oneBest.get),
      i32.store(i32.add(planes.positions.get, single.out.get), i32.shrUnsigned(position.get, i32.const(2))),
    ],
  });
}

function sum(f: FunctionBuilder): void {
  const planes = new Planes(f);
  const four = accumulator(f, "sum", "f32");
  const total = f.local("v128");
  const one = f.local("f64");
  planes.visit({
    plane: [],
    four: (windows) => [four.reset(), windows.each([four.add(lanes(windows))]), total.set(four.lanes()), storeFour(windows, planes.out, total)],
    single: (window) => [
      one.set(f64.const(0)),
      window.each([one.set(f64.add(one.get, f64.promote(f32.load(window.element))))]),
      f32.store(i32.add(planes.out.get, window.out.get), f32.demote(one.get)),
    ],
  });
}

/** The adjoint of `sum`: the image's planes are zeros, to which each window's value is added wherever the window sees them. */
function spread(f: FunctionBuilder): void {
  const planes = new Planes(f);
  const values = f.localsOf("f32", 4);
  const [zeroed, end] = f.localsOf("i32", 2);
  const value = (offset: Code<"i32">): Code<"f32"> => f32.load(i32.add(planes.out.get, offset));
  const addTo = (element: Code<"i32">, amount: Local<"f32">): Code => f32.store(element, f32.add(f32.load(element), amount.get));
  planes.visit({
    plane: [
      zeroed.set(i32.const(0)),
      end.set(i32.sub(planes.imagePlane, i32.const(15))),
      loopBelow(zeroed, end.get, 16, [v128.store(i32.add(planes.image.get, zeroed.get), i32x4.const(0))]),
      loopBelow(zeroed, planes.imagePlane, 4, [i32.store(i32.add(planes.image.get, zeroed.get), i32.const(0))]),
    ],
    four: (four) => [
      ...values.map((local, k) => local.set(value(four.out(k)))),
      four.each(values.map((local, k) => addTo(four.element(k), local))),
    ],
    single: (single) => [values[0].set(value(single.out.get)), single.each([addTo(single.element, values[0])])],
  });
}

export type PoolKind = "max" | "sum" | "spread";

const kinds: Readonly<Record<PoolKind, (f: FunctionBuilder) => void>> = { max, sum, spread };

/** run(args, from, to): all windows of planes from … to. */
export function poolModule(kind: PoolKind, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `pool ${kind}`);
  module.function("run", ["i32", "i32", "i32", "i32"], [], kinds[kind]);
  return module;
}
