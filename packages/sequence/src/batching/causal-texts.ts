import { MapDataset, type Batch } from "@dl/data";
import { ValueError } from "@dl/registry";
import type { Tokenizer } from "../tokenizers/tokenizer.js";
import { padIds } from "./padded.js";

/** The label of targets that are padding: what `crossEntropy` leaves out unless it is told otherwise. */
export const ignoredTarget = -100;

/** A text between its beginning and its end, as inputs and what comes next. */
export interface CausalText {
  readonly x: Int32Array;
  readonly y: Int32Array;
}

/**
 * Short texts, such as names, each to be learnt from `<start>` to `<end>`: x is the beginning and the tokens, y the tokens and the end. A batch is padded at
 * the right to its longest text, with `pad` in x and with `ignoredTarget` in y. Shapes: batches x and y [N, T], int32.
 * @throws ValueError for a tokenizer without `bos`, `eos` and `pad`
 */
export class CausalTexts extends MapDataset<CausalText, Batch> {
  readonly length: number;
  readonly #samples: readonly CausalText[];
  readonly #pad: number;

  constructor(texts: readonly string[], tokenizer: Tokenizer) {
    super();
    const { bos, eos, pad } = tokenizer.specials;
    if (bos === undefined || eos === undefined || pad === undefined) {
      throw new ValueError("CausalTexts", "the tokenizer has no tokens for beginning, end and padding", "Train it with { specials: standardSpecials }", { specials: tokenizer.specials });
    }
    this.#samples = texts.map((text) => {
      const ids = tokenizer.encode(text);
      return { x: Int32Array.of(bos, ...ids), y: Int32Array.of(...ids, eos) };
    });
    this.#pad = pad;
    this.length = texts.length;
  }

  /** Tokens of each text with its end, for a `BucketBatchSampler`. */
  get lengths(): number[] {
    return this.#samples.map(({ y }) => y.length);
  }

  sample(index: number): CausalText {
    return this.#samples[index];
  }

  override collate(samples: readonly CausalText[]): Batch {
    return { x: padIds(samples.map(({ x }) => x), { paddingIdx: this.#pad }), y: padIds(samples.map(({ y }) => y), { paddingIdx: ignoredTarget }) };
  }
}
