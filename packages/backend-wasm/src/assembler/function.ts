import { i32 } from "./ops.js";
import { sized, u32, vector } from "./bytes.js";
import type { Piece } from "./bytes.js";
import { code, sequence } from "./code.js";
import type { Code, ValueType } from "./code.js";

const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const empty = 0x40;

export const typeCode = (type: ValueType): number => typeCodes[type];

/** A local variable. */
export class Local<T extends ValueType> {
  readonly get: Code<T>;

  constructor(private readonly index: number) {
    this.get = code(0x20, u32(index));
  }

  set(value: Code<T>): Code {
    return code(value.bytes, 0x21, u32(this.index));
  }

  /** Sets and leaves the value. */
  tee(value: Code<T>): Code<T> {
    return code(value.bytes, 0x22, u32(this.index));
  }
}

export const plus = (a: Local<"i32">, amount: number): Code => a.set(i32.add(a.get, i32.const(amount)));

/** Runs `body` where the condition is not 0. */
export const when = (condition: Code<"i32">, body: readonly Code[], otherwise: readonly Code[] = []): Code =>
  code(condition.bytes, 0x04, empty, sequence(body).bytes, otherwise.length === 0 ? [] : [0x05, sequence(otherwise).bytes], 0x0b);

/** One of two values. */
export const choose = <T extends ValueType>(type: T, condition: Code<"i32">, yes: Code<T>, no: Code<T>): Code<T> =>
  code(condition.bytes, 0x04, typeCode(type), yes.bytes, 0x05, no.bytes, 0x0b);

/** do { body } while (condition) */
export const repeatWhile = (body: readonly Code[], condition: Code<"i32">): Code => code(0x03, empty, sequence(body).bytes, condition.bytes, 0x0d, 0, 0x0b);

/** for (; i < to; i += step) body; `i` keeps the value that ended the loop. */
export const loopBelow = (i: Local<"i32">, to: Code<"i32">, step: number, body: readonly Code[]): Code =>
  when(i32.lt(i.get, to), [repeatWhile([...body, plus(i, step)], i32.lt(i.get, to))]);

/** for (i = from; i < to; i += step) body */
export const loopFrom = (i: Local<"i32">, from: Code<"i32">, to: Code<"i32">, step: number, body: readonly Code[]): Code =>
  sequence(i.set(from), loopBelow(i, to, step, body));

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A function under construction: its locals, then its body. */
export class FunctionBuilder {
  private readonly locals: ValueType[] = [];
  private readonly statements: Code[] = [];

  constructor(readonly signature: Signature) {}

  /** Parameter k, which must have type T. */
  param<T extends ValueType>(type: T, k: number): Local<T> {
    if (this.signature.params[k] !== type) throw new RangeError(`parameter ${k} is no ${type}`);
    return new Local<T>(k);
  }

  local<T extends ValueType>(type: T): Local<T> {
    this.locals.push(type);
    return new Local<T>(this.signature.params.length + this.locals.length - 1);
  }

  localsOf<T extends ValueType>(type: T, count: number): Local<T>[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  push(...statements: readonly (Code | readonly Code[])[]): void {
    this.statements.push(...statements.flat());
  }

  /** A local that holds `value` from here on. */
  hold<T extends ValueType>(type: T, value: Code<T>): Local<T> {
    const local = this.local(type);
    this.push(local.set(value));
    return local;
  }

  encode(): Piece {
    const declared = vector(this.locals.map((type) => [1, typeCode(type)]));
    return sized([declared, sequence(this.statements).bytes, 0x0b]);
  }
}

/** Calls function `index` of the module. */
export const call = <R extends ValueType | "none">(index: number, ...args: readonly Code<ValueType>[]): Code<R> => code(args.map((arg) => arg.bytes), 0x10, u32(index));

