import { Conv1d, Dropout, Embedding, Layer, Linear, inSequence, jsonOptions, passOn } from "@dl/nn";
import { ShapeError, ValueError, checkChoice, checkNumber, checkOptions, checkWhole } from "@dl/registry";
import { cat, showShape, where, type Generator, type Tensor } from "@dl/tensor";
import { checkIds, firstPlaces, lengthsOf } from "./ids.js";
import { dropWords } from "./word-dropout.js";
import { wordTable, type WordOptions } from "./word-table.js";

export interface TextCNNOptions extends WordOptions {
  /** Numbers per word. Default 300. */
  readonly dim?: number;
  /** How many words each kind of convolution sees. Default [3, 4, 5]. */
  readonly widths?: readonly number[];
  /** Maps of each width. Default 100. */
  readonly maps?: number;
  /** Probability of dropping one of a text's maxima. Default 0.5. */
  readonly dropout?: number;
  /** Probability of leaving out a word while training. Default 0. */
  readonly wordDropout?: number;
  /** Standard deviation of the initial word vectors. Default 0.25. */
  readonly std?: number;
  /** Two tables of word vectors, over which the same convolutions run; what they give is added up. Default false. */
  readonly multichannel?: boolean;
}

export interface PretrainedTextCNNOptions extends Omit<TextCNNOptions, "dim" | "std"> {
  /** "static" keeps the vectors, "nonstatic" (default) learns them, too. With `multichannel` the first table is kept, and this says what becomes of the second. */
  readonly vectors?: "static" | "nonstatic";
}

const known = ["dim", "widths", "maps", "dropout", "wordDropout", "std", "multichannel", "paddingIdx", "generator"];

function checkWidths(widths: readonly number[]): void {
  if (widths.length === 0) throw new ValueError("TextCNN", "there are no widths", "Give at least one, such as [3, 4, 5]", { widths });
  for (const width of widths) checkWhole("TextCNN", "a width", width, 1);
}

/**
 * Convolutions over 3, 4 and 5 words, the maximum of each map over the text, ReLU, dropout, and one affine layer. A window may begin before the text and
 * end behind it, but not stand beside it, so that more padding changes nothing.
 * Shapes: ids [N, T] int32, padding at the end → logits [N, numClasses]. (Kim, 2014)
 * @throws ShapeError, DTypeError, ValueError
 */
export class TextCNN extends Layer {
  static readonly type = "sequence/TextCNN";
  readonly paddingIdx: number;
  readonly wordDropout: number;
  /** `null` for the default generator. */
  readonly generator: Generator | null;
  /** May be replaced by another table; its row of the padding should be 0. */
  embedding: Embedding;
  /** The second table where there are two channels. */
  embedding2: Embedding | null;
  readonly convs: readonly Conv1d[];
  readonly dropout: Dropout;
  readonly fc: Linear;

  constructor(vocabSize: number, numClasses: number, options: TextCNNOptions = {}) {
    super([vocabSize, numClasses, jsonOptions(options)]);
    checkOptions("TextCNN", options, known);
    const { dim = 300, widths = [3, 4, 5], maps = 100, dropout = 0.5, wordDropout = 0, std = 0.25, multichannel = false, paddingIdx = 0, generator } = options;
    checkWidths(widths);
    checkNumber("TextCNN", "std", std, 0);
    checkNumber("TextCNN", "wordDropout", wordDropout, 0, 1);
    const drawn = generator && { generator };
    this.paddingIdx = paddingIdx;
    this.wordDropout = wordDropout;
    this.generator = generator ?? null;
    this.embedding = wordTable(vocabSize, dim, paddingIdx, std, generator);
    this.embedding2 = multichannel ? wordTable(vocabSize, dim, paddingIdx, std, generator) : null;
    this.convs = widths.map((width) => new Conv1d(dim, maps, width, { padding: width - 1, ...drawn }));
    this.dropout = new Dropout(dropout, drawn);
    this.fc = new Linear(maps * widths.length, numClasses, { ...drawn });
  }

  /**
   * A network that starts from given vectors, [vocabSize, dim], such as word2vec's; the row of the padding becomes 0.
   * @throws ShapeError unless the vectors are a table
   */
  static fromPretrained(vectors: Tensor, numClasses: number, options: PretrainedTextCNNOptions = {}): TextCNN {
    const { vectors: training = "nonstatic", ...rest } = options;
    checkChoice("TextCNN.fromPretrained", "vectors", training, ["static", "nonstatic"]);
    if (vectors.ndim !== 2) throw new ShapeError("TextCNN.fromPretrained", `the vectors have shape ${showShape(vectors.shape)}`, "Give one row for each id, [V, D]", { shape: vectors.shape });
    const [vocabSize, dim] = vectors.shape;
    const model = new TextCNN(vocabSize, numClasses, { ...rest, dim });
    const { paddingIdx } = model;
    const isWord = vectors.makeFrom(Uint8Array.from({ length: vocabSize }, (_, id) => Number(id !== paddingIdx)), "bool", [vocabSize, 1]);
    const table = (freeze: boolean): Embedding => Embedding.fromPretrained(where(isWord, vectors.detach(), 0), { freeze, paddingIdx });
    const freeze = training === "static";
    if (model.embedding2 !== null) model.embedding2 = table(freeze);
    model.embedding = table(freeze || model.embedding2 !== null);
    return model;
  }

  /** The maxima over time, before dropout. Shapes: ids [N, T] → [N, widths · maps]. */
  features(ids: Tensor): Tensor {
    checkIds("TextCNN", ids);
    const lengths = lengthsOf(ids, this.paddingIdx);
    const kept = dropWords(ids, this);
    const first = this.embedding.forward(kept);
    // Convolutions are linear: of a sum they give the sum.
    const words = this.embedding2 === null ? first : first.add(this.embedding2.forward(kept));
    const byTime = words.transpose(1, 2);
    return cat(this.convs.map((conv) => strongest(conv, byTime, lengths)), 1);
  }

  forward(ids: Tensor): Tensor {
    return inSequence([this.dropout, this.fc], this.features(ids));
  }
}

/** relu(max over the windows that touch the text). Shapes: x [N, D, T] → [N, maps]. */
function strongest(conv: Conv1d, x: Tensor, lengths: readonly number[]): Tensor {
  const maps = conv.forward(x);
  const [width] = conv.kernelSize;
  const touching = firstPlaces(maps, lengths.map((length) => length + width - 1), maps.shape[2]).unsqueeze(1);
  const counted = where(touching, maps, -Infinity);
  passOn(maps, counted, conv);
  // ReLU behind the maximum: it does not change which one that is, and has less to do.
  const top = counted.max(2);
  passOn(counted, top);
  return top.relu();
}
