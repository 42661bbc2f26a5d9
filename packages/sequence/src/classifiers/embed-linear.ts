import { Flatten, Layer, Linear, inSequence, jsonOptions, type Embedding } from "@dl/nn";
import { checkOptions, checkWhole } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { checkIds, fitted } from "./ids.js";
import { wordTable, type WordOptions } from "./word-table.js";

export interface EmbedLinearOptions extends WordOptions {
  /** s: how many words of a text are read. */
  readonly length: number;
  /** Numbers per word. Default 50. */
  readonly dim?: number;
  /** Default 20, as many as 20 Newsgroups has. */
  readonly classes?: number;
}

/**
 * The vectors of a text's first s words side by side, then one affine layer: each place has weights of its own. Shorter texts are filled up with
 * padding, whose vector is 0.
 * Shapes: ids [N, T] int32 → [N, s·dim] → logits [N, classes].
 * @throws ShapeError, DTypeError, ValueError
 */
export class EmbedLinear extends Layer {
  static readonly type = "sequence/EmbedLinear";
  readonly length: number;
  readonly paddingIdx: number;
  readonly embedding: Embedding;
  readonly flatten = new Flatten();
  readonly fc: Linear;

  constructor(vocabSize: number, options: EmbedLinearOptions) {
    super([vocabSize, jsonOptions(options)]);
    checkOptions("EmbedLinear", options, ["length", "dim", "classes", "paddingIdx", "generator"]);
    const { length, dim = 50, classes = 20, paddingIdx = 0, generator } = options;
    checkWhole("EmbedLinear", "length", length, 1);
    this.length = length;
    this.paddingIdx = paddingIdx;
    this.embedding = wordTable(vocabSize, dim, paddingIdx, 1, generator);
    this.fc = new Linear(length * dim, classes, { ...(generator && { generator }) });
  }

  /** What the affine layer sees. Shapes: ids [N, T] → [N, s·dim]. */
  features(ids: Tensor): Tensor {
    checkIds("EmbedLinear", ids);
    return inSequence([this.embedding, this.flatten], fitted(ids, this.length, this.paddingIdx));
  }

  forward(ids: Tensor): Tensor {
    return this.fc.forward(this.features(ids));
  }
}
