// 128-bit vectors. Opcodes: the fixed-width and relaxed SIMD chapters of the WebAssembly specification.
import { f32 as f32Bytes, f64 as f64Bytes, i32Bytes, u32 } from "./bytes.js";
import { code } from "./code.js";
import type { Code, ValueType } from "./code.js";

const prefix = 0xfd;
const unaligned = 0;

type Vector = Code<"v128">;

const unary = (opcode: number) => (a: Vector): Vector => code(a.bytes, prefix, u32(opcode));
const binary = (opcode: number) => (a: Vector, b: Vector): Vector => code(a.bytes, b.bytes, prefix, u32(opcode));
const ternary = (opcode: number) => (a: Vector, b: Vector, c: Vector): Vector => code(a.bytes, b.bytes, c.bytes, prefix, u32(opcode));
const splat = <A extends ValueType>(opcode: number) => (a: Code<A>): Vector => code(a.bytes, prefix, u32(opcode));
const extract = <R extends ValueType>(opcode: number) => (a: Vector, lane: number): Code<R> => code(a.bytes, prefix, u32(opcode), lane);
const replace = <A extends ValueType>(opcode: number) => (a: Vector, value: Code<A>, lane: number): Vector => code(a.bytes, value.bytes, prefix, u32(opcode), lane);
const load = (opcode: number) => (address: Code<"i32">, offset = 0): Vector => code(address.bytes, prefix, u32(opcode), u32(unaligned), u32(offset));
const test = (opcode: number) => (a: Vector): Code<"i32"> => code(a.bytes, prefix, u32(opcode));
const shift = (opcode: number) => (a: Vector, count: number): Vector => code(a.bytes, 0x41, count, prefix, u32(opcode));

const repeated = (count: number, bytes: number[]): Vector => code(prefix, u32(12), Array.from({ length: count }, () => bytes));

export const v128 = {
  load: load(0),
  /** One 32-bit value in every lane. */
  load32Splat: load(9),
  /** 32 bits in lane 0, zeros elsewhere. */
  load32Zero: load(92),
  store: (address: Code<"i32">, value: Vector, offset = 0): Code => code(address.bytes, value.bytes, prefix, u32(11), u32(unaligned), u32(offset)),
  load32Lane: (address: Code<"i32">, into: Vector, lane: number, offset = 0): Vector =>
    code(address.bytes, into.bytes, prefix, u32(86), u32(unaligned), u32(offset), lane),
  store32Lane: (address: Code<"i32">, value: Vector, lane: number, offset = 0): Code =>
    code(address.bytes, value.bytes, prefix, u32(90), u32(unaligned), u32(offset), lane),
  store32: (address: Code<"i32">, value: Vector, offset = 0): Code => v128.store32Lane(address, value, 0, offset),
  store64: (address: Code<"i32">, value: Vector, offset = 0): Code => code(address.bytes, value.bytes, prefix, u32(91), u32(unaligned), u32(offset), 0),
  not: unary(77),
  and: binary(78),
  andNot: binary(79),
  or: binary(80),
  xor: binary(81),
  /** Bits of a where the mask has ones, of b elsewhere. */
  bitselect: ternary(82),
  anyTrue: test(83),
};

/** 16 byte positions in a (0–15) and b (16–31). */
export const shuffle8 = (a: Vector, b: Vector, lanes: readonly number[]): Vector => code(a.bytes, b.bytes, prefix, u32(13), [...lanes]);

/** 32-bit lanes 0–3 of a and 4–7 of b. */
export const shuffle32 = (a: Vector, b: Vector, lanes: readonly number[]): Vector => shuffle8(a, b, lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)));

export const f32x4 = {
  const: (value: number): Vector => repeated(4, f32Bytes(value)),
  splat: splat<"f32">(19),
  extract: extract<"f32">(31),
  replace: replace<"f32">(32),
  eq: binary(65),
  ne: binary(66),
  lt: binary(67),
  gt: binary(68),
  le: binary(69),
  ge: binary(70),
  ceil: unary(103),
  floor: unary(104),
  trunc: unary(105),
  /** Halves go to the even neighbour. */
  nearest: unary(106),
  abs: unary(224),
  neg: unary(225),
  sqrt: unary(227),
  add: binary(228),
  sub: binary(229),
  mul: binary(230),
  div: binary(231),
  /** NaN wins, and −0 is below 0. */
  min: binary(232),
  max: binary(233),
  /** b < a ? b : a, in one instruction. */
  pmin: binary(234),
  pmax: binary(235),
  fromI32x4: unary(250),
  /** a·b + c, rounded once. Relaxed SIMD. */
  relaxedMadd: ternary(261),
};

export const f64x2 = {
  const: (value: number): Vector => repeated(2, f64Bytes(value)),
  splat: splat<"f64">(20),
  extract: extract<"f64">(33),
  eq: binary(71),
  ne: binary(72),
  lt: binary(73),
  gt: binary(74),
  le: binary(75),
  ge: binary(76),
  floor: unary(117),
  nearest: unary(148),
  abs: unary(236),
  neg: unary(237),
  sqrt: unary(239),
  add: binary(240),
  sub: binary(241),
  mul: binary(242),
  div: binary(243),
  min: binary(244),
  max: binary(245),
  /** The two low lanes of f32x4, or of i32x4. */
  promoteLow: unary(95),
  fromLowI32x4: unary(254),
};

/** Two f64x2 lanes as f32 in the low half; zeros above. */
export const demote = unary(94);

export const i32x4 = {
  const: (value: number): Vector => repeated(4, i32Bytes(value)),
  splat: splat<"i32">(17),
  extract: extract<"i32">(27),
  replace: replace<"i32">(28),
  eq: binary(55),
  ne: binary(56),
  lt: binary(57),
  gt: binary(59),
  le: binary(61),
  ge: binary(63),
  abs: unary(160),
  neg: unary(161),
  allTrue: test(163),
  bitmask: test(164),
  shl: shift(171),
  shrSigned: shift(172),
  shrUnsigned: shift(173),
  add: binary(174),
  sub: binary(177),
  mul: binary(181),
  min: binary(182),
  max: binary(184),
  /** Of eight 16-bit lanes each: a₀b₀ + a₁b₁, a₂b₂ + a₃b₃, … */
  dotI16: binary(186),
  truncSat: unary(248),
  /** Two f64 lanes to the low half; zeros above. */
  truncSatZero: unary(252),
  extendLowI16: unary(167),
  extendLowU16: unary(169),
};

export const i64x2 = {
  const: (value: number): Vector => repeated(2, [...i32Bytes(value), ...i32Bytes(value < 0 ? -1 : 0)]),
  shl: shift(203),
  shrUnsigned: shift(205),
  add: binary(206),
  sub: binary(209),
};

export const i16x8 = {
  extendLowI8: unary(135),
  extendHighI8: unary(136),
  extendLowU8: unary(137),
  /** 8 + 8 lanes of 32 bits to 16, saturating. */
  narrowI32: binary(133),
};

export const i8x16 = {
  narrowI16Unsigned: binary(102),
};
