import type { Shape } from "@dl/tensor";
import type { Parameter } from "../../module/parameter.js";

/** One parameter, in the words of the textbooks. */
export interface ParameterRow {
  /** U, W and V for the matrices, b and c for the biases, as in h = tanh(U·x + W·h + b), o = V·h + c. */
  readonly symbol: "U" | "W" | "V" | "b" | "c";
  readonly role: string;
  /** Its key in the state dict. */
  readonly key: string;
  readonly shape: Shape;
  readonly count: number;
}

const meanings: readonly (readonly [pattern: RegExp, symbol: ParameterRow["symbol"], role: string])[] = [
  [/(^|\.)weight_ih/, "U", "input → hidden"],
  [/(^|\.)weight_hh/, "W", "hidden → hidden"],
  [/(^|\.)bias_ih/, "b", "bias of hidden"],
  [/(^|\.)bias_hh/, "b", "second bias of hidden"],
  [/(^|\.)weight(_hr|$)/, "V", "hidden → output"],
  [/(^|\.)bias$/, "c", "bias of output"],
];

/** Parameters by key, each with its letter. */
export const parameterRows = (parameters: readonly (readonly [key: string, value: Parameter])[]): ParameterRow[] =>
  parameters.flatMap(([key, { shape, size }]) => {
    const meaning = meanings.find(([pattern]) => pattern.test(key));
    return meaning === undefined ? [] : [{ symbol: meaning[1], role: meaning[2], key, shape, count: size }];
  });
