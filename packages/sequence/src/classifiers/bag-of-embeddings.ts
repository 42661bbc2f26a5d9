import { Dropout, EmbeddingBag, Layer, Linear, inSequence, jsonOptions, type BagMode } from "@dl/nn";
import { checkNumber, checkOptions } from "@dl/registry";
import type { Generator, Tensor } from "@dl/tensor";
import { checkIds } from "./ids.js";
import { dropWords } from "./word-dropout.js";
import type { WordOptions } from "./word-table.js";

export interface BagOfEmbeddingsOptions extends WordOptions {
  /** Numbers per word. Default 50. */
  readonly dim?: number;
  /** What becomes of the words' vectors: "mean" (default), "sum" or "max". */
  readonly mode?: BagMode;
  /** Probability of dropping a value of the text's vector. Default 0. */
  readonly dropout?: number;
  /** Probability of leaving out a word while training. Default 0. */
  readonly wordDropout?: number;
}

/**
 * The mean (or sum, or maximum) of a text's word vectors, then one affine layer. The order of the words is lost.
 * Shapes: ids [N, T] int32 → logits [N, numClasses]; a text of padding alone gives the biases. (Joulin et al., 2017)
 * @throws ShapeError, DTypeError, ValueError
 */
export class BagOfEmbeddings extends Layer {
  static readonly type = "sequence/BagOfEmbeddings";
  readonly paddingIdx: number;
  readonly wordDropout: number;
  /** `null` for the default generator. */
  readonly generator: Generator | null;
  readonly embedding: EmbeddingBag;
  readonly dropout: Dropout;
  readonly fc: Linear;

  constructor(vocabSize: number, numClasses: number, options: BagOfEmbeddingsOptions = {}) {
    super([vocabSize, numClasses, jsonOptions(options)]);
    checkOptions("BagOfEmbeddings", options, ["dim", "mode", "dropout", "wordDropout", "paddingIdx", "generator"]);
    const { dim = 50, mode = "mean", dropout = 0, wordDropout = 0, paddingIdx = 0, generator } = options;
    checkNumber("BagOfEmbeddings", "wordDropout", wordDropout, 0, 1);
    this.paddingIdx = paddingIdx;
    this.wordDropout = wordDropout;
    this.generator = generator ?? null;
    const drawn = generator && { generator };
    this.embedding = new EmbeddingBag(vocabSize, dim, { mode, paddingIdx, ...drawn });
    this.dropout = new Dropout(dropout, drawn);
    this.fc = new Linear(dim, numClasses, { ...drawn });
  }

  forward(ids: Tensor): Tensor {
    checkIds("BagOfEmbeddings", ids);
    return inSequence([this.embedding, this.dropout, this.fc], dropWords(ids, this));
  }
}
