import { Dropout, LayerNorm, SinusoidalPE, TransformerEncoder, TransformerEncoderLayer, jsonOptions } from "@dl/nn";
import type { Embedding } from "@dl/nn";
import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { checkIds } from "../../classifiers/ids.js";
import { EncoderDecoder } from "../encoder-decoder.js";
import { placesOf } from "../memory.js";
import type { Memory } from "../memory.js";
import { idVectors, scaledVectors, transformerDecoderKeys, transformerSettings } from "./options.js";
import type { TransformerTokenDecoderOptions } from "./options.js";
import { TransformerTokenDecoder } from "./transformer-token-decoder.js";
import type { TransformerDecoderState } from "./transformer-token-decoder.js";

/** Sizes are those of both halves. */
export interface TransformerSeq2SeqOptions extends TransformerTokenDecoderOptions {
  /** Numbers per id and place. Default 128. */
  readonly dim?: number;
  /** Layers of the encoder. Default `layers`, which are those of the decoder. */
  readonly encoderLayers?: number;
  /** One table of vectors for source, target and output layer; both have one vocabulary then. Default false. */
  readonly shared?: boolean;
  /** The id that fills sources up; it never counts. Default 0. */
  readonly paddingIdx?: number;
}

/**
 * A Transformer from ids to ids: an encoder that reads the source as a whole, and a decoder that writes the target id by id.
 *
 *     const model = new TransformerSeq2Seq(english.vocabSize, french.vocabSize, { dim: 128, heads: 4, layers: 2 });
 *     const loss = sequenceCrossEntropy(model.forward({ source, target }), y, { labelSmoothing: 0.1 });
 *
 * Shapes: source [N, S] int32, padding at the end, target [N, T] int32, `<start>` first → logits [N, T, targetVocabSize]; S and T up to maxLength.
 * (Vaswani et al., 2017)
 * @throws ShapeError, DTypeError for ids that do not fit; ValueError for `shared` with two vocabularies; ValueError, UnknownNameError for options
 */
export class TransformerSeq2Seq extends EncoderDecoder<Tensor, TransformerDecoderState> {
  static readonly type = "sequence/TransformerSeq2Seq";
  readonly paddingIdx: number;
  /** `null` where the decoder's serves for it. */
  readonly embedding: Embedding | null;
  readonly positions: SinusoidalPE;
  readonly dropout: Dropout;
  readonly encoder: TransformerEncoder;
  readonly decoder: TransformerTokenDecoder;

  constructor(readonly sourceVocabSize: number, targetVocabSize: number, options: TransformerSeq2SeqOptions = {}) {
    super([sourceVocabSize, targetVocabSize, jsonOptions(options)]);
    const where = "TransformerSeq2Seq";
    checkOptions(where, options, [...transformerDecoderKeys, "dim", "encoderLayers", "shared", "paddingIdx"]);
    const { dim = 128, encoderLayers, shared = false, paddingIdx = 0, ...own } = options;
    const { heads, layers, dimFeedforward, dropout, maxLength, normFirst, random } = transformerSettings(where, dim, own);
    checkWhole(where, "paddingIdx", paddingIdx);
    if (shared && sourceVocabSize !== targetVocabSize) {
      throw new ValueError(
        where,
        `vocabularies of ${sourceVocabSize} and ${targetVocabSize} are to share their vectors`,
        "Train one tokenizer on both languages, or leave shared out",
        { sourceVocabSize, targetVocabSize },
      );
    }
    this.paddingIdx = paddingIdx;
    this.embedding = shared ? null : idVectors(sourceVocabSize, dim, random);
    this.positions = new SinusoidalPE(maxLength, dim, { batchFirst: true });
    this.dropout = new Dropout(dropout, random);
    const layer = new TransformerEncoderLayer(dim, heads, { dimFeedforward, dropout, normFirst, batchFirst: true, ...random });
    this.encoder = new TransformerEncoder(layer, encoderLayers ?? layers, normFirst ? { norm: new LayerNorm(dim) } : {});
    this.decoder = new TransformerTokenDecoder(targetVocabSize, dim, shared ? { ...own, tiedHead: true } : own);
  }

  /** Shapes: [N, S] → [N, S, dim]. */
  encode(source: Tensor): Memory {
    checkIds("TransformerSeq2Seq", source);
    const { padding } = placesOf(source, this.paddingIdx);
    const words = scaledVectors(this.embedding ?? this.decoder.embedding, source);
    const placed = this.dropout.forward(this.positions.forward(words));
    return { values: this.encoder.forward(placed, padding === null ? {} : { srcKeyPaddingMask: padding }), padding };
  }
}
