import { erf as erfOp, tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { ModuleBuilder, i32, loopFrom, v128 } from "../assembler/index.js";
import type { Code, FunctionBuilder } from "../assembler/index.js";
import { hostedMath, importHost, mathOfHost, vectorMath } from "./index.js";
import type { Host } from "./index.js";

type Vector = Code<"v128">;
type Emit = (f: FunctionBuilder, host: Host, x: Vector, y: Vector) => Vector;

/** The function over arrays, four at a time; lengths are multiples of four. */
function compiled(emit: Emit): (x: Float32Array, y: Float32Array) => Float32Array {
  const module = new ModuleBuilder(false);
  const host = importHost(module);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const [x, y, out, end] = [0, 1, 2, 3].map((k) => f.param("i32", k));
    const i = f.local("i32");
    const at = (base: typeof x): Code<"i32"> => i32.add(base.get, i.get);
    f.push(loopFrom(i, i32.const(0), end.get, 16, [v128.store(at(out), emit(f, host, v128.load(at(x)), v128.load(at(y))))]));
  });
  const memory = new WebAssembly.Memory({ initial: 1024 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory, ...mathOfHost } });
  const run = exports.run as (x: number, y: number, out: number, end: number) => void;
  return (x, y) => {
    const bytes = x.byteLength;
    const heap = new Float32Array(memory.buffer);
    heap.set(x);
    heap.set(y, x.length);
    run(0, bytes, 2 * bytes, bytes);
    return heap.slice(2 * x.length, 3 * x.length);
  };
}

const bits = new DataView(new ArrayBuffer(4));
/** Neighbouring floats have neighbouring numbers, through zero. */
function ordinal(x: number): number {
  bits.setFloat32(0, x);
  const n = bits.getInt32(0);
  return n < 0 ? -(n & 0x7fffffff) : n;
}

function ulps(found: number, expected: number): number {
  if (Number.isNaN(expected) || Number.isNaN(found)) return Number.isNaN(expected) && Number.isNaN(found) ? 0 : Infinity;
  if (!Number.isFinite(expected) || !Number.isFinite(found)) return found === expected ? 0 : Infinity;
  return Math.abs(ordinal(found) - ordinal(expected));
}

const specials = [0, -0, NaN, Infinity, -Infinity, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e-45, -1e-45, 1.1754944e-38, -1.1754944e-38, 3.4028235e38, -3.4028235e38, 88.72284, 89, -87.33655, -103.97, -104.5, 16777216, -16777216, 1e10];
const count = 1 << 20;

/** Bit patterns spread over all floats, with the special ones in front. */
function everywhere(seed: number): Float32Array {
  let state = seed;
  const words = Uint32Array.from({ length: count }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0));
  const floats = new Float32Array(words.buffer);
  floats.set(specials.map(Math.fround));
  return floats;
}

const between = (low: number, high: number): Float32Array => Float32Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

/** Every special value with every other. */
function pairs(): [Float32Array, Float32Array] {
  const all = specials.flatMap((x) => specials.map((y) => [x, y] as const));
  while (all.length % 4 !== 0) all.push([1, 1]);
  return [Float32Array.from(all, ([x]) => x), Float32Array.from(all, ([, y]) => y)];
}

interface Case {
  readonly emit: Emit;
  readonly expected: (x: number, y: number) => number;
  /** The largest error in units of the last place. */
  readonly bound: number;
  /** Where it is used most. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly binary?: boolean;
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const power = (x: number, y: number): number => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y);
function floorMod(x: number, y: number): number {
  const remainder = x % y;
  return remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder;
}

const cases: Readonly<Record<string, Case>> = {
  exp: { emit: (f, _, x) => vectorMath.exp(f, x), expected: Math.exp, bound: 1, ranges: [[-104, 89], [-1, 1]] },
  expm1: { emit: (f, _, x) => vectorMath.expm1(f, x), expected: Math.expm1, bound: 2, ranges: [[-20, 89], [-1, 1]] },
  log: { emit: (f, _, x) => vectorMath.log(f, x), expected: Math.log, bound: 1, ranges: [[0, 4], [0, 1e6]] },
  log1p: { emit: (f, _, x) => vectorMath.log1p(f, x), expected: Math.log1p, bound: 3, ranges: [[-1, 1], [0, 1e4]] },
  softplus: { emit: (f, _, x) => vectorMath.softplus(f, x), expected: softplus, bound: 3, ranges: [[-100, 100], [-3, 3]] },
  tanh: { emit: (f, _, x) => vectorMath.tanh(f, x), expected: Math.tanh, bound: 2, ranges: [[-10, 10], [-1, 1]] },
  sigmoid: { emit: (f, _, x) => vectorMath.sigmoid(f, x), expected: sigmoid, bound: 3, ranges: [[-100, 100], [-4, 4]] },
  sin: { emit: (f, host, x) => hostedMath.sin(f, x, host), expected: Math.sin, bound: 2, ranges: [[-7, 7], [-1e4, 1e4], [0.9e6, 1.1e6]] },
  cos: { emit: (f, host, x) => hostedMath.cos(f, x, host), expected: Math.cos, bound: 2, ranges: [[-7, 7], [-1e4, 1e4], [0.9e6, 1.1e6]] },
  sign: { emit: (f, _, x) => vectorMath.sign(f, x), expected: Math.sign, bound: 0, ranges: [[-1, 1]] },
  atan2: { emit: (f, _, x, y) => vectorMath.atan2(f, x, y), expected: Math.atan2, bound: 3, ranges: [[-2, 2]], binary: true },
  pow: { emit: (f, _, x, y) => vectorMath.pow(f, x, y), expected: power, bound: 1, ranges: [[0, 3]], binary: true },
  mod: { emit: (f, host, x, y) => hostedMath.mod(f, x, y, host), expected: floorMod, bound: 1, ranges: [[-100, 100]], binary: true },
};

/** The largest error over all pairs, and where it is. */
function worst(found: Float32Array, expected: (i: number) => number, at: (i: number) => string): readonly [number, string] {
  let [most, where] = [0, ""];
  for (let i = 0; i < found.length; i++) {
    const error = ulps(found[i], Math.fround(expected(i)));
    if (error > most) [most, where] = [error, `${at(i)}: ${found[i]}, not ${Math.fround(expected(i))}`];
  }
  return [most, where];
}

describe("functions of vectors: errors in units of the last place, over all floats and where they are used", () => {
  test.each(Object.entries(cases))("%s", (_, { emit, expected, bound, ranges, binary }) => {
    const run = compiled(emit);
    const inputs = [everywhere(1), ...ranges.map(([low, high]) => between(low, high))];
    const seconds = binary === true ? [everywhere(7), ...ranges.map(([low, high]) => Float32Array.from(between(low, high), (v, i) => v * Math.cos(i)))] : inputs;
    const sets = [...inputs.map((x, i) => [x, seconds[i]] as const), pairs()];
    for (const [x, y] of sets) {
      const [error, where] = worst(run(x, y), (i) => expected(x[i], y[i]), (i) => `at ${x[i]}, ${y[i]}`);
      expect(error, where).toBeLessThanOrEqual(bound);
    }
  });

  test("erf, against its float64 op", () => {
    const run = compiled((f, _, x) => vectorMath.erf(f, x));
    for (const x of [everywhere(1), between(-5, 5), between(-0.1, 0.1)]) {
      const exact = erfOp(tensor(Float64Array.from(x), { dtype: "float64" })).dataSync();
      const [error, where] = worst(run(x, x), (i) => exact[i], (i) => `at ${x[i]}`);
      expect(error, where).toBeLessThanOrEqual(2);
    }
  });

  const unary = Object.entries(cases).filter(([, { binary }]) => binary !== true);
  test.each(unary)("%s keeps the sign of zero", (_, { emit, expected }) => {
    const [positive, negative] = compiled(emit)(Float32Array.of(0, -0, 1, 1), Float32Array.of(0, 0, 1, 1));
    expect([positive, negative]).toEqual([Math.fround(expected(0, 0)), Math.fround(expected(-0, 0))]);
  });
});
