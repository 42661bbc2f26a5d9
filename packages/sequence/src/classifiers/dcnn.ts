import { Conv1d, Dropout, Layer, Linear, inSequence, jsonOptions, type Embedding } from "@dl/nn";
import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import { dynamicK, type Tensor } from "@dl/tensor";
import { kMaxOfEach } from "./dynamic-k-max.js";
import { checkIds, firstPlaces, lengthsOf } from "./ids.js";
import { wordTable, type WordOptions } from "./word-table.js";

export interface DCNNOptions extends WordOptions {
  /** Numbers per word: rows that are convolved each by itself. Divisible by 2 as often as there are layers. Default 48. */
  readonly dim?: number;
  /** Words that the convolution of each layer sees; the first at least `top`. Default [7, 5]. */
  readonly widths?: readonly number[];
  /** Maps of each layer. Default [6, 14]. */
  readonly maps?: readonly number[];
  /** k of the last pool. Default 4. */
  readonly top?: number;
  /** Probability of dropping a value before the affine layer. Default 0.5. */
  readonly dropout?: number;
}

const known = ["dim", "widths", "maps", "top", "dropout", "paddingIdx", "generator"];

function checkLayers(dim: number, widths: readonly number[], maps: readonly number[], top: number): void {
  for (const [name, sizes] of Object.entries({ "a width": widths, "a number of maps": maps })) for (const size of sizes) checkWhole("DCNN", name, size, 1);
  checkWhole("DCNN", "top", top, 1);
  if (widths.length === 0 || widths.length !== maps.length) {
    throw new ValueError("DCNN", `there are ${widths.length} widths and ${maps.length} maps`, "Give one of each for every layer", { widths, maps });
  }
  if (widths[0] < top) throw new ValueError("DCNN", `the first width is ${widths[0]}, below top ${top}`, "Use a width of at least top, so that one word is enough", { widths, top });
  if (dim % 2 ** widths.length !== 0) {
    throw new ValueError("DCNN", `dim is ${dim}, which ${widths.length} layers cannot halve`, `Give a multiple of ${2 ** widths.length}`, { dim });
  }
}

/** Adds rows 2i and 2i + 1. Shapes: [N, rows · maps, T] → [N, rows/2 · maps, T], maps beside each other in a row. */
function folded(x: Tensor, maps: number): Tensor {
  const [count, channels, steps] = x.shape;
  return x.reshape([count, channels / (2 * maps), 2, maps, steps]).sum(2).reshape([count, channels / 2, steps]);
}

/**
 * The dynamic convolutional network: in each layer wide convolutions, each over one row of the sentence's matrix; folding, which adds neighbouring rows;
 * the k largest values of each line in their order; tanh. Layer l of L keeps k = max(top, ⌈(L − l)/L·s⌉) of a sentence of s words, the last one `top`.
 * Sentences of different lengths are pooled each by its own k, so that more padding changes nothing.
 * Shapes: ids [N, T] int32, padding at the end → logits [N, numClasses]. (Kalchbrenner et al., 2014)
 * @throws ShapeError, DTypeError, ValueError
 */
export class DCNN extends Layer {
  static readonly type = "sequence/DCNN";
  readonly paddingIdx: number;
  readonly top: number;
  readonly maps: readonly number[];
  readonly embedding: Embedding;
  readonly convs: readonly Conv1d[];
  readonly dropout: Dropout;
  readonly fc: Linear;

  constructor(vocabSize: number, numClasses: number, options: DCNNOptions = {}) {
    super([vocabSize, numClasses, jsonOptions(options)]);
    checkOptions("DCNN", options, known);
    const { dim = 48, widths = [7, 5], maps = [6, 14], top = 4, dropout = 0.5, paddingIdx = 0, generator } = options;
    checkLayers(dim, widths, maps, top);
    const drawn = { ...(generator && { generator }) };
    this.paddingIdx = paddingIdx;
    this.top = top;
    this.maps = maps;
    this.embedding = wordTable(vocabSize, dim, paddingIdx, 1, generator);
    this.convs = widths.map((width, i) => {
      const rows = dim / 2 ** i;
      const [before, own] = [i === 0 ? 1 : maps[i - 1], maps[i]];
      return new Conv1d(rows * before, rows * own, width, { padding: width - 1, groups: rows, ...drawn });
    });
    const last = maps.length - 1;
    this.dropout = new Dropout(dropout, drawn);
    this.fc = new Linear((dim / 2 ** maps.length) * maps[last] * top, numClasses, drawn);
  }

  /** What the last pool leaves. Shapes: ids [N, T] → [N, dim/2^L · maps, top]. */
  features(ids: Tensor): Tensor {
    checkIds("DCNN", ids);
    // A text of padding alone reads one word of 0.
    const sentence = lengthsOf(ids, this.paddingIdx).map((length) => Math.max(length, 1));
    let lengths: readonly number[] = sentence;
    let x = this.embedding.forward(ids).slice(1, 0, Math.max(...lengths)).transpose(1, 2);
    for (const [i, conv] of this.convs.entries()) {
      const [width] = conv.kernelSize;
      const ks = sentence.map((length) => dynamicK(length, { layer: i + 1, layers: this.convs.length, top: this.top }));
      const pooled = kMaxOfEach(folded(conv.forward(x), this.maps[i]), lengths.map((length) => length + width - 1), ks);
      const inside = firstPlaces(pooled, ks, pooled.shape[2]).unsqueeze(1);
      x = pooled.tanh().mul(inside.to(pooled.dtype));
      lengths = ks;
    }
    return x;
  }

  forward(ids: Tensor): Tensor {
    return inSequence([this.dropout, this.fc], this.features(ids).flatten(1));
  }
}
