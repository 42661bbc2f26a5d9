import { endsOf, sourceTensor } from "../data/tokenizers.js";
import type { Tokenizers } from "../data/tokenizers.js";
import type { Seq2Seq } from "../seq2seq.js";
import { beamDecode, greedyDecode } from "./decode.js";
import type { BeamDecodeOptions, Decoded } from "./decode.js";

/** One beam (default) is greedy. */
export type TranslateOptions = Omit<BeamDecodeOptions, "bos" | "eos">;

/**
 * From sentences to sentences, one batch.
 *
 *     const [french] = await translate(model, ["The cat is on the mat"], { source: english, target: french }, { beams: 4 });
 *
 * @throws ValueError for a sentence without a token, or a target's tokenizer without begin or end; ValueError, UnknownNameError for options
 */
export async function translate(model: Seq2Seq, texts: readonly string[], tokenizers: Tokenizers, options: TranslateOptions = {}): Promise<string[]> {
  const { source, target } = tokenizers;
  const ends = endsOf("translate", target);
  const { beams = 1, lengthPenalty, ...rest } = options;
  const ids = sourceTensor(texts.map((text) => source.encode(text)), source);
  const search = async (): Promise<Decoded[]> =>
    (await beamDecode(model, ids, { ...rest, ...ends, beams, ...(lengthPenalty !== undefined && { lengthPenalty }) })).map(([best]) => best);
  const found = beams === 1 ? await greedyDecode(model, ids, { ...rest, ...ends }) : await search();
  return found.map((decoded) => target.decode(decoded.ids));
}
