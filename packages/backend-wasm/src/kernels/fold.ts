// How four values at a time are folded into one: what reductions accumulate.
import { code, demote, f32, f32x4, f64, f64x2, i32, i32x4, sequence, shuffle32, v128 } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { as } from "./values.js";
import type { Form, Value } from "./values.js";

export type FoldKind = "sum" | "max" | "min";

/** An accumulator of four lanes. */
export interface Accumulator {
  reset(): Code;
  add(value: Code<"v128">): Code;
  /** Takes over what another of the same kind holds. */
  join(other: Accumulator): Code;
  /** The four totals as lanes. */
  lanes(): Code<"v128">;
  /** The total of all four in one splat-able scalar, as a vector whose first lane counts. */
  total(): Code<"v128">;
  /** What changes nothing when added. */
  readonly neutral: Code<"v128">;
}

/** Sums of floats are kept in float64: two lanes low, two high. */
class FloatSum implements Accumulator {
  private readonly low: Local<"v128">;
  private readonly high: Local<"v128">;
  private readonly value: Local<"v128">;
  readonly neutral = f32x4.const(0);

  constructor(f: FunctionBuilder) {
    [this.low, this.high, this.value] = f.localsOf("v128", 3);
  }

  reset(): Code {
    return sequence(this.low.set(f64x2.const(0)), this.high.set(f64x2.const(0)));
  }

  add(value: Code<"v128">): Code {
    const x = this.value;
    return sequence(
      this.low.set(f64x2.add(this.low.get, f64x2.promoteLow(x.tee(value)))),
      this.high.set(f64x2.add(this.high.get, f64x2.promoteLow(shuffle32(x.get, x.get, [2, 3, 2, 3])))),
    );
  }

  join(other: FloatSum): Code {
    return sequence(this.low.set(f64x2.add(this.low.get, other.low.get)), this.high.set(f64x2.add(this.high.get, other.high.get)));
  }

  lanes(): Code<"v128"> {
    return shuffle32(demote(this.low.get), demote(this.high.get), [0, 1, 4, 5]);
  }

  total(): Code<"v128"> {
    const both = this.value;
    const sum = f64.add(f64x2.extract(both.get, 0), f64x2.extract(both.get, 1));
    return code(both.set(f64x2.add(this.low.get, this.high.get)).bytes, f32x4.splat(f32.demote(sum)).bytes);
  }
}

/** Everything whose folding step is one instruction. */
class Simple implements Accumulator {
  private readonly held: Local<"v128">;

  constructor(
    f: FunctionBuilder,
    readonly neutral: Code<"v128">,
    private readonly step: (a: Code<"v128">, b: Code<"v128">) => Code<"v128">,
  ) {
    this.held = f.local("v128");
  }

  reset(): Code {
    return this.held.set(this.neutral);
  }

  add(value: Code<"v128">): Code {
    return this.held.set(this.step(this.held.get, value));
  }

  join(other: Accumulator): Code {
    return this.add(other.lanes());
  }

  lanes(): Code<"v128"> {
    return this.held.get;
  }

  total(): Code<"v128"> {
    const x = this.held;
    const halves = x.set(this.step(x.get, shuffle32(x.get, x.get, [2, 3, 0, 1])));
    return code(halves.bytes, this.step(x.get, shuffle32(x.get, x.get, [1, 0, 3, 2])).bytes);
  }
}

const largest = 2 ** 31 - 1;

export function accumulator(f: FunctionBuilder, kind: FoldKind, form: Form): Accumulator {
  const isFloat = form === "f32";
  if (kind === "sum") return isFloat ? new FloatSum(f) : new Simple(f, i32x4.const(0), i32x4.add);
  if (kind === "max") return isFloat ? new Simple(f, f32x4.const(-Infinity), f32x4.max) : new Simple(f, i32x4.const(-largest - 1), i32x4.max);
  return isFloat ? new Simple(f, f32x4.const(Infinity), f32x4.min) : new Simple(f, i32x4.const(largest), i32x4.min);
}

/** The value in the form that it is folded in: truth values are counted as integers. */
export const foldForm = (form: Form): Exclude<Form, "mask"> => (form === "f32" ? "f32" : "i32");
export const folded = (value: Value): Code<"v128"> => as(foldForm(value.form), value);

/** `value` in its first `count` lanes, `neutral` in the others. */
export function masked(f: FunctionBuilder, value: Code<"v128">, count: Code<"i32">, neutral: Code<"v128">): Code<"v128"> {
  const lane = f.local("v128");
  const numbers = [1, 2, 3].reduce((lanes, k) => i32x4.replace(lanes, i32.const(k), k), i32x4.const(0));
  return code(lane.set(i32x4.gt(i32x4.splat(count), numbers)).bytes, v128.bitselect(value, neutral, lane.get).bytes);
}
