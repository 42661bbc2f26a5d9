import { ValueError, checkOptions, checkWhole } from "@dl/registry";

export interface PackTokensOptions {
  /** Tokens of a window. */
  readonly length: number;
  /** The id behind every text. */
  readonly eos: number;
}

/**
 * Short texts as windows without padding: all of them one after the other, each with `eos` behind it, cut every `length` tokens; what no longer
 * fills a window is left out. For the pretraining of language models. (Raffel et al., 2020, section 3.5; Brown et al., 2020, appendix B)
 * @throws ValueError when the texts do not fill one window
 */
export function packTokens(texts: readonly ArrayLike<number>[], options: PackTokensOptions): Int32Array[] {
  const where = "packTokens";
  checkOptions(where, options, ["length", "eos"]);
  const { length, eos } = options;
  checkWhole(where, "length", length, 1);
  checkWhole(where, "eos", eos);
  const stream = joinTokens(texts, eos);
  if (stream.length < length) throw new ValueError(where, `${texts.length} texts have ${stream.length} tokens with their ends`, `Give more text, or windows of fewer tokens than ${length}`, { tokens: stream.length, length });
  return Array.from({ length: Math.floor(stream.length / length) }, (_, n) => stream.slice(n * length, (n + 1) * length));
}

/** All texts in one stream, each with `eos` behind it. */
export function joinTokens(texts: readonly ArrayLike<number>[], eos: number): Int32Array {
  const stream = new Int32Array(texts.reduce((sum, { length }) => sum + length + 1, 0));
  let at = 0;
  for (const text of texts) {
    stream.set(text, at);
    at += text.length + 1;
    stream[at - 1] = eos;
  }
  return stream;
}
