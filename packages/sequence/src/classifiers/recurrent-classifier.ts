import { Dropout, GRU, LSTM, Layer, Linear, RNN, inSequence, jsonOptions, packPaddedSequence, padPackedSequence, type Embedding, type PackedSequence } from "@dl/nn";
import { StateError, checkChoice, checkOptions } from "@dl/registry";
import { cat, type Tensor } from "@dl/tensor";
import { checkIds, firstPlaces, lengthsOf } from "./ids.js";
import { AttentionPool, maxOver, meanOver } from "./pooling.js";
import { wordTable, type WordOptions } from "./word-table.js";

const poolings = ["last", "mean", "max", "attention"] as const;
const cells = { RNN, LSTM, GRU } as const;

export type RecurrentPooling = (typeof poolings)[number];
export type RecurrentCell = keyof typeof cells;

export interface RecurrentClassifierOptions extends WordOptions {
  /** "LSTM" (default), "GRU" or "RNN". */
  readonly cell?: RecurrentCell;
  /** Numbers per word. Default 100. */
  readonly dim?: number;
  /** Size of a direction's hidden state. Default 100. */
  readonly hidden?: number;
  /** Layers on top of each other. Default 1. */
  readonly numLayers?: number;
  /** Read the text also from its end. Default true. */
  readonly bidirectional?: boolean;
  /** What becomes of the hidden states: those behind the last word of each direction ("last", default), their mean or maximum, or a mean by learnt weights ("attention"). */
  readonly pooling?: RecurrentPooling;
  /** Probability of dropping a value of the words' and of the text's vector. Default 0.5. */
  readonly dropout?: number;
}

const known = ["cell", "dim", "hidden", "numLayers", "bidirectional", "pooling", "dropout", "paddingIdx", "generator"];

/** Hidden states of the words. */
interface Read {
  readonly packed: PackedSequence;
  /** Behind the last word, [numLayers · directions, N, hidden]. */
  readonly last: Tensor;
  readonly lengths: readonly number[];
}

/**
 * A recurrent network that reads the words of a text, in both directions, and an affine layer over what is left of its hidden states. Each text ends
 * at its own last word, so that more padding changes nothing; a text of padding alone reads one word of 0.
 * Shapes: ids [N, T] int32, padding at the end → logits [N, numClasses]. (Graves & Schmidhuber, 2005; attention: Yang et al., 2016)
 * @throws ShapeError, DTypeError, ValueError
 */
export class RecurrentClassifier extends Layer {
  static readonly type = "sequence/RecurrentClassifier";
  readonly paddingIdx: number;
  readonly pooling: RecurrentPooling;
  readonly embedding: Embedding;
  readonly wordDropout: Dropout;
  readonly rnn: RNN | LSTM | GRU;
  /** `null` for another pooling. */
  readonly attention: AttentionPool | null;
  readonly dropout: Dropout;
  readonly fc: Linear;

  constructor(vocabSize: number, numClasses: number, options: RecurrentClassifierOptions = {}) {
    super([vocabSize, numClasses, jsonOptions(options)]);
    checkOptions("RecurrentClassifier", options, known);
    const { cell = "LSTM", dim = 100, hidden = 100, numLayers = 1, bidirectional = true, pooling = "last", dropout = 0.5, paddingIdx = 0, generator } = options;
    checkChoice("RecurrentClassifier", "cell", cell, ["RNN", "LSTM", "GRU"]);
    checkChoice("RecurrentClassifier", "pooling", pooling, poolings);
    const drawn = { ...(generator && { generator }) };
    const width = bidirectional ? 2 * hidden : hidden;
    this.paddingIdx = paddingIdx;
    this.pooling = pooling;
    this.embedding = wordTable(vocabSize, dim, paddingIdx, 1, generator);
    this.wordDropout = new Dropout(dropout, drawn);
    this.rnn = new cells[cell](dim, hidden, { numLayers, bidirectional, batchFirst: true, dropout: numLayers > 1 ? dropout : 0, ...drawn });
    this.attention = pooling === "attention" ? new AttentionPool(width, width, drawn) : null;
    this.dropout = new Dropout(dropout, drawn);
    this.fc = new Linear(width, numClasses, drawn);
  }

  /** A vector for each text. Shapes: ids [N, T] → [N, hidden · directions]. */
  features(ids: Tensor): Tensor {
    const read = this.read(ids);
    if (this.pooling === "last") return this.joined(read.last);
    const { output, counts } = unpacked(read);
    if (this.attention !== null) return this.attention.forward(output, counts);
    return this.pooling === "mean" ? meanOver(output, counts) : maxOver(output, counts);
  }

  forward(ids: Tensor): Tensor {
    return inSequence([this.dropout, this.fc], this.features(ids));
  }

  /**
   * How much each word counts with pooling "attention". Shapes: ids [N, T] → [N, T]; each row adds up to 1, padding has 0.
   * @throws StateError for another pooling
   */
  attentionWeights(ids: Tensor): Tensor {
    if (this.attention === null) {
      throw new StateError("RecurrentClassifier.attentionWeights", `pooling is "${this.pooling}"`, 'Make the classifier with pooling: "attention"', { pooling: this.pooling });
    }
    const { output, counts } = unpacked(this.read(ids), ids.shape[1]);
    return this.attention.weights(output, counts);
  }

  private read(ids: Tensor): Read {
    checkIds("RecurrentClassifier", ids);
    const lengths = lengthsOf(ids, this.paddingIdx).map((length) => Math.max(length, 1));
    const words = inSequence([this.embedding, this.wordDropout], ids);
    const { output, hidden } = this.rnn.forward(packPaddedSequence(words, lengths, { batchFirst: true, enforceSorted: false }));
    return { packed: output, last: hidden, lengths };
  }

  /** The last layer's states, of both directions side by side. */
  private joined(last: Tensor): Tensor {
    const [states] = last.shape;
    return this.rnn.bidirectional ? cat([last.select(0, states - 2), last.select(0, states - 1)], 1) : last.select(0, states - 1);
  }
}

/** Hidden states [N, T, H], and which of them are of words. */
function unpacked({ packed, lengths }: Read, steps = Math.max(...lengths)): { readonly output: Tensor; readonly counts: Tensor } {
  const { output } = padPackedSequence(packed, { batchFirst: true, totalLength: steps });
  return { output, counts: firstPlaces(output, lengths, steps) };
}
