import type { DType } from "@dl/tensor";
import { choose, code, i32, plus, sequence } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";
import { bytesPerElement, formOf, loadLanes, loadSplat, loadUnit } from "./values.js";
import type { Value } from "./values.js";

/** How a view walks along the innermost dim: one after the other, always the same, or in steps. */
export type Access = "unit" | "splat" | "strided";

export const accessOf = (stride: number): Access => (stride === 1 ? "unit" : stride === 0 ? "splat" : "strided");

/** Reads a view four elements at a time along a row. */
export class Reader {
  /** Address of the next element. */
  readonly at: Local<"i32">;
  private readonly step: Local<"i32"> | null;
  private readonly held: Local<"v128"> | null;

  /** @param stride between neighbours, in bytes; read for strided access only */
  constructor(
    f: FunctionBuilder,
    private readonly dtype: DType,
    readonly access: Access,
    stride: Code<"i32">,
  ) {
    this.at = f.local("i32");
    this.step = access === "strided" ? f.hold("i32", stride) : null;
    this.held = access === "splat" ? f.local("v128") : null;
  }

  /** Goes to where a row begins. */
  begin(address: Code<"i32">): Code {
    const go = this.at.set(address);
    return this.held === null ? go : sequence(go, this.held.set(loadSplat(this.dtype, this.at.get)));
  }

  /** The four elements that begin `group` fours after the next. */
  load(group = 0): Value {
    const { step } = this;
    const form = formOf(this.dtype);
    if (this.held !== null) return { form, code: this.held.get };
    if (step === null) return { form, code: loadUnit(this.dtype, this.at.get, group * 4 * bytesPerElement(this.dtype)) };
    return { form, code: loadLanes(this.dtype, [0, 1, 2, 3].map((k) => this.element(step, group * 4 + k))) };
  }

  /** The last 1 to 3 elements; the other lanes hold something. */
  loadPartial(count: Code<"i32">): Value {
    const { step } = this;
    if (step === null) return this.load();
    const form = formOf(this.dtype);
    const within = (k: number): Code<"i32"> => choose("i32", i32.gt(count, i32.const(k)), this.element(step, k), this.at.get);
    return { form, code: loadLanes(this.dtype, [0, 1, 2, 3].map(within)) };
  }

  private element(step: Local<"i32">, k: number): Code<"i32"> {
    return k === 0 ? this.at.get : i32.add(this.at.get, k === 1 ? step.get : i32.mul(step.get, i32.const(k)));
  }

  advanceOne(): Code {
    if (this.held !== null) return code();
    return this.step === null ? plus(this.at, bytesPerElement(this.dtype)) : this.at.set(i32.add(this.at.get, this.step.get));
  }

  advance(groups: number): Code {
    if (this.held !== null) return code();
    if (this.step === null) return plus(this.at, groups * 4 * bytesPerElement(this.dtype));
    return this.at.set(i32.add(this.at.get, i32.mul(this.step.get, i32.const(groups * 4))));
  }
}
