import { ValueError, checkChoice, checkWhole } from "@dl/registry";

export interface LengthOptions {
  /** How many ids may be added. */
  readonly maxNewTokens?: number;
  /** How long the text may get, prompt included; instead of maxNewTokens. By default what the model's context holds. */
  readonly maxLength?: number;
  /**
   * When the text is longer than the model's context: "error" (default) refuses to begin, "slide" lets it look at the last contextLength
   * ids only, which are then read anew for every token.
   */
  readonly window?: "error" | "slide";
}

export const lengthKeys = ["maxNewTokens", "maxLength", "window"];

/** @throws ValueError unless the options say how many ids may be added to this prompt, and the model can look at all of them */
export function newTokensFor(where: string, promptLength: number, contextLength: number, options: LengthOptions): number {
  const { maxNewTokens, maxLength, window = "error" } = options;
  checkChoice(where, "window", window, ["error", "slide"]);
  if (maxNewTokens !== undefined && maxLength !== undefined) {
    throw new ValueError(
      where, "both maxNewTokens and maxLength are given",
      "Give one of them",
      { maxNewTokens, maxLength },
    );
  }
  if (maxNewTokens !== undefined) checkWhole(where, "maxNewTokens", maxNewTokens);
  if (maxLength !== undefined) checkWhole(where, "maxLength", maxLength);
  const slides = window === "slide";
  if (promptLength > contextLength && !slides) {
    throw new ValueError(
      where, `the prompt of ${promptLength} ids is longer than contextLength ${contextLength}`,
      'Cut it, or let the model look at its end: window: "slide"',
      { promptLength, contextLength },
    );
  }
  if (maxNewTokens === undefined && maxLength === undefined && (slides || contextLength === Infinity)) {
    throw new ValueError(where, "nothing says where to end", "Give maxNewTokens or maxLength", { contextLength });
  }
  const count = maxNewTokens ?? Math.max(0, (maxLength ?? contextLength) - promptLength);
  if (promptLength + count > contextLength && !slides) {
    throw new ValueError(
      where, `the prompt of ${promptLength} ids and ${count} more do not fit contextLength ${contextLength}`,
      `Ask for ${contextLength - promptLength} at most, or let the model look at the end of the text: window: "slide"`,
      { promptLength, maxNewTokens: count, contextLength },
    );
  }
  return count;
}
