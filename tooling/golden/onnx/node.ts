import { ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { isTensor } from "@dl/tensor";

export type Attribute = number | string | readonly number[] | readonly string[] | Tensor;
export type Attributes = Readonly<Record<string, Attribute>>;

type Outputs = Tensor | readonly Tensor[];

/**
 * What an ONNX operator computes: its outputs in order; those that the graph does not name may be there too.
 * A promise where shapes depend on values.
 */
export type Operator = (node: OnnxNode) => Outputs | Promise<Outputs>;
export type Operators = Readonly<Record<string, Operator>>;

const isListOf = <T>(value: unknown, is: (one: unknown) => one is T): value is readonly T[] => Array.isArray(value) && value.every(is);

/** One node of an ONNX graph whose inputs are known. */
export class OnnxNode {
  constructor(
    readonly op: string,
    private readonly inputs: readonly (Tensor | undefined)[],
    private readonly attributes: Attributes,
    /** The version of the operator set that the graph was written for. */
    readonly opset: number,
    /** How many outputs the graph names. */
    readonly outputs: number,
  ) {}

  /** @throws ValueError when the graph leaves input `i` out */
  input(i = 0): Tensor {
    return this.inputs[i] ?? this.refuse(`input ${i} is missing`);
  }

  optional(i: number): Tensor | undefined {
    return this.inputs[i];
  }

  all(): readonly Tensor[] {
    return this.inputs.map((_, i) => this.input(i));
  }

  /** The values of input `i`, read at once: shapes, axes and the like, which decide what is computed. */
  values(i: number): number[] | undefined {
    const x = this.inputs[i];
    return x && Array.from(x.dataSync());
  }

  /** What older operator sets give as an attribute and newer ones as input `i`. */
  list(name: string, i: number): readonly number[] | undefined {
    return this.numbers(name) ?? this.values(i);
  }

  number(name: string, fallback: number): number {
    return this.optionalNumber(name) ?? fallback;
  }

  optionalNumber(name: string): number | undefined {
    return this.attribute(name, "a number", (value) => typeof value === "number");
  }

  flag(name: string, fallback = false): boolean {
    return this.number(name, Number(fallback)) !== 0;
  }

  text(name: string, fallback: string): string {
    return this.attribute(name, "text", (value) => typeof value === "string") ?? fallback;
  }

  numbers(name: string): readonly number[] | undefined {
    return this.attribute(name, "a list of numbers", (value) => isListOf(value, (one) => typeof one === "number"));
  }

  texts(name: string): readonly string[] | undefined {
    return this.attribute(name, "a list of texts", (value) => isListOf(value, (one) => typeof one === "string"));
  }

  tensor(name: string): Tensor | undefined {
    return this.attribute(name, "a tensor", isTensor);
  }

  /** @throws ValueError with what the node says and this table cannot do */
  refuse(fact: string): never {
    throw new ValueError(this.op, fact, "Change the exported graph, or extend the table of operators");
  }

  private attribute<T extends Attribute>(name: string, kind: string, is: (value: unknown) => value is T): T | undefined {
    if (!Object.hasOwn(this.attributes, name)) return undefined;
    const value = this.attributes[name];
    return is(value) ? value : this.refuse(`attribute "${name}" is not ${kind}`);
  }
}
