import { Dropout, Layer, LayerNorm, LearnedPE, Linear, SinusoidalPE, TransformerEncoder, TransformerEncoderLayer, inSequence, jsonOptions, type Embedding } from "@dl/nn";
import { checkChoice, checkOptions } from "@dl/registry";
import { logicalNot, type Tensor } from "@dl/tensor";
import { checkIds, firstPlaces, lengthsOf } from "./ids.js";
import { meanOver } from "./pooling.js";
import { wordTable, type WordOptions } from "./word-table.js";

export interface TransformerClassifierOptions extends WordOptions {
  /** Numbers per word. Default 128. */
  readonly dim?: number;
  /** They divide dim. Default 4. */
  readonly heads?: number;
  /** Default 2. */
  readonly numLayers?: number;
  /** Hidden features of a layer's feed-forward part. Default 4 · dim. */
  readonly dimFeedforward?: number;
  /** Probability of dropping a value. Default 0.1. */
  readonly dropout?: number;
  /** Longest text. Default 512. */
  readonly maxLength?: number;
  /** "sinusoidal" (default), or "learned" vectors. */
  readonly positions?: "sinusoidal" | "learned";
  /** Normalise what enters each part, rather than the sum behind it. Default true. */
  readonly normFirst?: boolean;
  /** The mean of the words ("mean", default), or the "first" one: begin every text with a token of its own then, such as bos. (Devlin et al., 2019) */
  readonly pooling?: "mean" | "first";
}

const known = ["dim", "heads", "numLayers", "dimFeedforward", "dropout", "maxLength", "positions", "normFirst", "pooling", "paddingIdx", "generator"];

/**
 * Word vectors with positions, a Transformer's encoder that does not look at padding, and an affine layer over the mean, or the first, of its outputs.
 * A text of padding alone reads one word of 0.
 * Shapes: ids [N, T] int32, padding at the end, T up to maxLength → logits [N, numClasses]. (Vaswani et al., 2017)
 * @throws ShapeError for longer texts; DTypeError, ValueError
 */
export class TransformerClassifier extends Layer {
  static readonly type = "sequence/TransformerClassifier";
  readonly paddingIdx: number;
  readonly pooling: "mean" | "first";
  readonly embedding: Embedding;
  readonly positions: SinusoidalPE | LearnedPE;
  readonly dropout: Dropout;
  readonly encoder: TransformerEncoder;
  readonly fc: Linear;

  constructor(vocabSize: number, numClasses: number, options: TransformerClassifierOptions = {}) {
    super([vocabSize, numClasses, jsonOptions(options)]);
    const where = "TransformerClassifier";
    checkOptions(where, options, known);
    const { dim = 128, heads = 4, numLayers = 2, dimFeedforward = 4 * dim, dropout = 0.1, maxLength = 512, positions = "sinusoidal", normFirst = true, pooling = "mean", paddingIdx = 0, generator } = options;
    checkChoice(where, "positions", positions, ["sinusoidal", "learned"]);
    checkChoice(where, "pooling", pooling, ["mean", "first"]);
    const drawn = { ...(generator && { generator }) };
    this.paddingIdx = paddingIdx;
    this.pooling = pooling;
    this.embedding = wordTable(vocabSize, dim, paddingIdx, 1, generator);
    this.positions = positions === "learned" ? new LearnedPE(maxLength, dim, { batchFirst: true, ...drawn }) : new SinusoidalPE(maxLength, dim, { batchFirst: true });
    this.dropout = new Dropout(dropout, drawn);
    const layer = new TransformerEncoderLayer(dim, heads, { dimFeedforward, dropout, batchFirst: true, normFirst, ...drawn });
    this.encoder = new TransformerEncoder(layer, numLayers, normFirst ? { norm: new LayerNorm(dim) } : {});
    this.fc = new Linear(dim, numClasses, drawn);
  }

  /** A vector for each text. Shapes: ids [N, T] → [N, dim]. */
  features(ids: Tensor): Tensor {
    checkIds("TransformerClassifier", ids);
    const lengths = lengthsOf(ids, this.paddingIdx).map((length) => Math.max(length, 1));
    const longest = Math.max(...lengths);
    const words = inSequence([this.embedding, this.positions, this.dropout], ids.slice(1, 0, longest));
    const counts = firstPlaces(words, lengths, longest);
    const encoded = this.encoder.forward(words, { srcKeyPaddingMask: logicalNot(counts) });
    return this.pooling === "first" ? encoded.select(1, 0) : meanOver(encoded, counts);
  }

  forward(ids: Tensor): Tensor {
    return this.fc.forward(this.features(ids));
  }
}
