// Bytes as products of integers read them: two steps of int16 side by side, in the place of one float.
import { ModuleBuilder, i16x8, i32, loopBelow, loopFrom, plus, sequence, shuffle8, unrolled, v128, when } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { word } from "./word.js";

/** Steps [outer, steps, inner] in bytes; the target holds [outer, ⌈steps / 2⌉, inner] words, row-major. A step that is missing is 0. */
export const PairArgs = { source: 0, outer: 1, step: 2, steps: 3, inner: 4, target: 5 } as const;

export type PairWay =
  /** Steps are neighbours, `inner` is 1: a unit of work is a line of steps. */
  | "along"
  /** Elements of a step are neighbours: a unit of work is two steps. */
  | "across";

type Held = (name: keyof typeof PairArgs) => Local<"i32">;

/** Bytes of a vector as eight and eight lanes of 16 bits, at two vectors' places. */
const widened = (target: Local<"i32">, bytes: Local<"v128">, at: number): Code =>
  sequence(v128.store(target.get, i16x8.extendLowI8(bytes.get), at), v128.store(target.get, i16x8.extendHighI8(bytes.get), at + 16));

function along(f: FunctionBuilder, held: Held): void {
  const [from, to] = [f.param("i32", 1), f.param("i32", 2)];
  const [source, outer, steps, targets] = (["source", "outer", "steps", "target"] as const).map(held);
  const [unit, k, at, target] = f.localsOf("i32", 4);
  const bytes = f.local("v128");
  // With an odd number of steps, a line's last lane is written first and then left alone.
  const lineBytes = i32.and(i32.add(i32.shl(steps.get, i32.const(1)), i32.const(3)), i32.const(-4));
  f.push(
    loopFrom(unit, from.get, to.get, 1, [
      at.set(i32.add(source.get, i32.mul(unit.get, outer.get))),
      target.set(i32.add(targets.get, i32.mul(unit.get, lineBytes))),
      i32.store16(i32.add(target.get, i32.sub(lineBytes, i32.const(2))), i32.const(0)),
      k.set(i32.const(0)),
      loopBelow(k, i32.sub(steps.get, i32.const(15)), 16, [bytes.set(v128.load(at.get)), widened(target, bytes, 0), plus(at, 16), plus(target, 32)]),
      loopBelow(k, steps.get, 1, [i32.store16(target.get, i32.load8s(at.get)), plus(at, 1), plus(target, 2)]),
    ]),
  );
}

/** The places of the first 8 bytes of two vectors in turn, and of the last. */
const interleaved = (first: number): number[] => Array.from({ length: 16 }, (_, i) => first + (i >> 1) + 16 * (i & 1));

function across(f: FunctionBuilder, held: Held): void {
  const [from, to] = [f.param("i32", 1), f.param("i32", 2)];
  const [source, outer, step, steps, inner, targets] = (["source", "outer", "step", "steps", "inner", "target"] as const).map(held);
  const halves = f.hold("i32", i32.shrUnsigned(i32.add(steps.get, i32.const(1)), i32.const(1)));
  const [unit, k, i, first, second, target, isPair] = f.localsOf("i32", 7);
  const [a, b, mixed] = f.localsOf("v128", 3);
  const vectors = (one: Code<"v128">): Code[] => [
    a.set(v128.load(first.get)),
    b.set(one),
    unrolled(2, (g) => [mixed.set(shuffle8(a.get, b.get, interleaved(8 * g))), widened(target, mixed, 32 * g)]),
    plus(first, 16), plus(second, 16), plus(target, 64),
  ];
  const single = [
    i32.store16(target.get, i32.load8s(first.get)),
    when(isPair.get, [i32.store16(target.get, i32.load8s(second.get), 2)], [i32.store16(target.get, i32.const(0), 2)]),
    plus(first, 1), plus(second, 1), plus(target, 4),
  ];
  f.push(
    loopFrom(unit, from.get, to.get, 1, [
      k.set(i32.mul(i32.remUnsigned(unit.get, halves.get), i32.const(2))),
      first.set(i32.add(source.get, i32.add(i32.mul(i32.divUnsigned(unit.get, halves.get), outer.get), i32.mul(k.get, step.get)))),
      second.set(i32.add(first.get, step.get)),
      isPair.set(i32.lt(i32.add(k.get, i32.const(1)), steps.get)),
      target.set(i32.add(targets.get, i32.mul(unit.get, i32.mul(inner.get, i32.const(4))))),
      i.set(i32.const(0)),
      when(isPair.get, [loopBelow(i, i32.sub(inner.get, i32.const(15)), 16, vectors(v128.load(second.get)))]),
      loopBelow(i, inner.get, 1, single),
    ]),
  );
}

/** run(args, from, to): units from … to. */
export function pairsModule(way: PairWay, sharedMemory: boolean): ModuleBuilder {
  const module = new ModuleBuilder(sharedMemory, `pairs ${way}`);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const args = f.param("i32", 0);
    (way === "along" ? along : across)(f, (name) => f.hold("i32", word(args, PairArgs[name])));
  });
  return module;
}
