import { f32x4, i32, loopBelow, plus, sequence, shuffle32, v128, when } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { masked } from "./fold.js";

type Vector = Code<"v128">;

/** What can be done with four neighbours; in the last few, lanes beyond the end must neither count nor be written. */
export interface Four {
  /** The elements of array k. */
  readonly load: (k: number) => Vector;
  /** Overwrites those of array k. */
  readonly store: (k: number, value: Vector) => Code;
  /** The value, with `neutral` in lanes that do not exist. */
  readonly only: (value: Vector, neutral: Vector) => Vector;
}

/** Walks along `length` neighbours of several float32 arrays from where their pointers stand; these are moved on. */
export function along(f: FunctionBuilder, length: Code<"i32">, pointers: readonly Local<"i32">[], body: (four: Four) => readonly Code[]): Code {
  const upward = f.local("i32");
  const left = f.local("i32");
  const whole: Four = {
    load: (k) => v128.load(pointers[k].get),
    store: (k, value) => v128.store(pointers[k].get, value),
    only: (value) => value,
  };
  const kept = f.local("v128");
  const partial: Four = {
    load: whole.load,
    store: (k, value) =>
      sequence(kept.set(value), [0, 1, 2].map((lane) => when(i32.gt(left.get, i32.const(lane)), [v128.store32Lane(pointers[k].get, kept.get, lane, 4 * lane)]))),
    only: (value, neutral) => masked(f, value, left.get, neutral),
  };
  return sequence(
    upward.set(i32.sub(i32.const(3), length)),
    loopBelow(upward, i32.const(0), 4, [...body(whole), ...pointers.map((pointer) => plus(pointer, 16))]),
    left.set(i32.sub(i32.const(3), upward.get)),
    when(i32.gt(left.get, i32.const(0)), body(partial)),
  );
}

/** Leaves the largest lane in all four. */
export const largestEverywhere = (top: Local<"v128">): Code[] => [[2, 3, 0, 1], [1, 0, 3, 2]].map((lanes) => top.set(f32x4.pmax(top.get, shuffle32(top.get, top.get, lanes))));
