// Instructions as functions from operand code to code, named as in the WebAssembly specification. Opcodes: its binary format, §5.4.
import { f32 as f32Bytes, f64 as f64Bytes, s32, u32 } from "./bytes.js";
import { code } from "./code.js";
import type { Code, ValueType } from "./code.js";

type Unary<A extends ValueType, R extends ValueType> = (a: Code<A>) => Code<R>;
type Binary<A extends ValueType, R extends ValueType> = (a: Code<A>, b: Code<A>) => Code<R>;

const unary = <A extends ValueType, R extends ValueType>(opcode: number): Unary<A, R> => (a) => code(a.bytes, opcode);
const binary = <A extends ValueType, R extends ValueType>(opcode: number): Binary<A, R> => (a, b) => code(a.bytes, b.bytes, opcode);

/** log₂ of the alignment promised for loads and stores: none, so that any view may be read. */
const unaligned = 0;
const memory = (opcode: number, offset: number): (number | number[])[] => [opcode, u32(unaligned), u32(offset)];

const load = <R extends ValueType>(opcode: number) => (address: Code<"i32">, offset = 0): Code<R> => code(address.bytes, memory(opcode, offset));
const store = <A extends ValueType>(opcode: number) => (address: Code<"i32">, value: Code<A>, offset = 0): Code => code(address.bytes, value.bytes, memory(opcode, offset));

export const i32 = {
  const: (value: number): Code<"i32"> => code(0x41, s32(value)),
  load: load<"i32">(0x28),
  load8s: load<"i32">(0x2c),
  load8u: load<"i32">(0x2d),
  load16s: load<"i32">(0x2e),
  store: store<"i32">(0x36),
  store8: store<"i32">(0x3a),
  store16: store<"i32">(0x3b),
  eqz: unary<"i32", "i32">(0x45),
  eq: binary<"i32", "i32">(0x46),
  ne: binary<"i32", "i32">(0x47),
  lt: binary<"i32", "i32">(0x48),
  gt: binary<"i32", "i32">(0x4a),
  le: binary<"i32", "i32">(0x4c),
  ge: binary<"i32", "i32">(0x4e),
  add: binary<"i32", "i32">(0x6a),
  sub: binary<"i32", "i32">(0x6b),
  mul: binary<"i32", "i32">(0x6c),
  div: binary<"i32", "i32">(0x6d),
  rem: binary<"i32", "i32">(0x6f),
  divUnsigned: binary<"i32", "i32">(0x6e),
  remUnsigned: binary<"i32", "i32">(0x70),
  and: binary<"i32", "i32">(0x71),
  or: binary<"i32", "i32">(0x72),
  xor: binary<"i32", "i32">(0x73),
  shl: binary<"i32", "i32">(0x74),
  shrUnsigned: binary<"i32", "i32">(0x76),
  /** Rounds toward zero; what does not fit becomes the nearest that does, NaN 0. */
  truncSat: (a: Code<"f32">): Code<"i32"> => code(a.bytes, 0xfc, u32(0)),
};

export const f32 = {
  const: (value: number): Code<"f32"> => code(0x43, f32Bytes(value)),
  load: load<"f32">(0x2a),
  store: store<"f32">(0x38),
  eq: binary<"f32", "i32">(0x5b),
  ne: binary<"f32", "i32">(0x5c),
  lt: binary<"f32", "i32">(0x5d),
  gt: binary<"f32", "i32">(0x5e),
  add: binary<"f32", "f32">(0x92),
  sub: binary<"f32", "f32">(0x93),
  mul: binary<"f32", "f32">(0x94),
  div: binary<"f32", "f32">(0x95),
  min: binary<"f32", "f32">(0x96),
  max: binary<"f32", "f32">(0x97),
  neg: unary<"f32", "f32">(0x8c),
  demote: unary<"f64", "f32">(0xb6),
  fromI32: unary<"i32", "f32">(0xb2),
};

export const f64 = {
  const: (value: number): Code<"f64"> => code(0x44, f64Bytes(value)),
  load: load<"f64">(0x2b),
  store: store<"f64">(0x39),
  add: binary<"f64", "f64">(0xa0),
  sub: binary<"f64", "f64">(0xa1),
  mul: binary<"f64", "f64">(0xa2),
  promote: unary<"f32", "f64">(0xbb),
};
