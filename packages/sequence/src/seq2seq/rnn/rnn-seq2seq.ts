import { Dropout, Embedding, jsonOptions, inSequence, packPaddedSequence, padPackedSequence } from "@dl/nn";
import type { GRU, LSTM } from "@dl/nn";
import { checkOptions, checkWhole } from "@dl/registry";
import { cat } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkIds } from "../../classifiers/ids.js";
import { EncoderDecoder } from "../encoder-decoder.js";
import { placesOf } from "../memory.js";
import type { Memory } from "../memory.js";
import { makeCells } from "./cells.js";
import { RNNTokenDecoder, rnnDecoderKeys } from "./rnn-token-decoder.js";
import type { RNNDecoderState, RNNTokenDecoderOptions } from "./rnn-token-decoder.js";

/** Sizes are those of both halves. */
export interface RNNSeq2SeqOptions extends RNNTokenDecoderOptions {
  /** Read the source also from its end. Default true. */
  readonly bidirectional?: boolean;
  /** The id that fills sources up; it never counts. Default 0. */
  readonly paddingIdx?: number;
}

/**
 * A recurrent network reads the source, in both directions, another writes the target and looks at the first one's states. Each source ends at its own
 * last id, so that more padding changes nothing.
 *
 *     const model = new RNNSeq2Seq(english.vocabSize, french.vocabSize, { hidden: 256, attention: "bahdanau" });
 *     const loss = sequenceCrossEntropy(model.forward({ source, target }), y);
 *
 * Shapes: source [N, S] int32, padding at the end, target [N, T] int32, `<start>` first → logits [N, T, targetVocabSize].
 * (Sutskever et al., 2014; Bahdanau et al., 2015; Luong et al., 2015)
 * @throws ShapeError, DTypeError for ids that do not fit; ValueError, UnknownNameError for options
 */
export class RNNSeq2Seq extends EncoderDecoder<Tensor, RNNDecoderState> {
  static readonly type = "sequence/RNNSeq2Seq";
  readonly paddingIdx: number;
  readonly embedding: Embedding;
  readonly dropout: Dropout;
  readonly encoder: GRU | LSTM;
  readonly decoder: RNNTokenDecoder;

  constructor(readonly sourceVocabSize: number, targetVocabSize: number, options: RNNSeq2SeqOptions = {}) {
    super([sourceVocabSize, targetVocabSize, jsonOptions(options)]);
    const where = "RNNSeq2Seq";
    checkOptions(where, options, [...rnnDecoderKeys, "bidirectional", "paddingIdx"]);
    const { bidirectional = true, paddingIdx = 0, ...own } = options;
    const { cell = "gru", dim = 128, hidden = 128, layers = 1, dropout = 0.1, generator } = own;
    checkWhole(where, "paddingIdx", paddingIdx);
    const random = generator === undefined ? {} : { generator };
    this.paddingIdx = paddingIdx;
    // The decoder checks what both halves share.
    this.decoder = new RNNTokenDecoder(targetVocabSize, bidirectional ? 2 * hidden : hidden, own);
    this.embedding = new Embedding(sourceVocabSize, dim, random);
    this.dropout = new Dropout(dropout, random);
    this.encoder = makeCells(dim, hidden, { cell, layers, dropout, bidirectional, random });
  }

  /** States behind each id, with the last ones of both directions as summary. Shapes: [N, S] → [N, S, hidden · directions]. */
  encode(source: Tensor): Memory {
    checkIds("RNNSeq2Seq", source);
    const { lengths, padding } = placesOf(source, this.paddingIdx);
    const words = inSequence([this.embedding, this.dropout], source);
    const { output, hidden } = this.encoder.forward(packPaddedSequence(words, lengths, { batchFirst: true, enforceSorted: false }));
    const { output: values } = padPackedSequence(output, { batchFirst: true, totalLength: source.shape[1] });
    return { values, padding, summary: this.lastStates(hidden) };
  }

  /** The last layer's, of both directions side by side. */
  private lastStates(hidden: Tensor): Tensor {
    const [count] = hidden.shape;
    return this.encoder.bidirectional ? cat([hidden.select(0, count - 2), hidden.select(0, count - 1)], 1) : hidden.select(0, count - 1);
  }
}
