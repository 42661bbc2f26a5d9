import type { Cell } from "../device/cell.js";
import { literal } from "./text.js";

/** A kernel with what it is called with. */
export interface Call {
  /** A function in the part of JavaScript that gpu.js translates, as text. */
  readonly source: string;
  readonly inputs: readonly Cell[];
  readonly numbers: readonly number[];
}

/** Gathers what a kernel reads while its text is written. */
export class CallBuilder {
  private readonly cells: Cell[] = [];
  private readonly numbers: number[] = [];

  /** The name of an array. */
  input(cell: Cell): string {
    let k = this.cells.indexOf(cell);
    if (k < 0) k = this.cells.push(cell) - 1;
    return `x${k}`;
  }

  /** A number that belongs to the text, if it can be written there. */
  constant(value: number): string {
    return literal(value) ?? this.number(value);
  }

  /** A number that differs from call to call. */
  number(value: number): string {
    return this.argument(Math.fround(value));
  }

  /** Where a view begins. Not part of the text, as parts of one tensor, such as its rows, would each have a kernel of their own. */
  offset(offset: number): string {
    return offset === 0 ? "0" : this.argument(offset);
  }

  private argument(value: number): string {
    return `n${this.numbers.push(value) - 1}`;
  }

  /** @param lines statements @param result what the element with number `i` is */
  build(lines: readonly string[], result: string): Call {
    const body = `const i = this.thread.x; ${lines.join(" ")} return ${result};`;
    const extras = (["inf", "nan"] as const).filter((name) => new RegExp(`\\b${name}\\b`).test(body));
    const parameters = [...this.cells.map((_, k) => `x${k}`), ...this.numbers.map((_, k) => `n${k}`), ...extras];
    const numbers = [...this.numbers, ...extras.map((name) => (name === "inf" ? Infinity : NaN))];
    return { source: `function(${parameters.join(", ")}) { ${body} }`, inputs: this.cells, numbers };
  }
}
