import { DTypeError, ShapeError, ValueError, checkOptions, unknownName } from "@dl/registry";
import { any, indexSelect, isFloat, logicalAnd, showShape, where as choose } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";
import type { Parameter } from "../../module/parameter.js";
import { jsonOptions } from "../options.js";
import { checkSizes } from "../sizes.js";
import { checkTable, drawTable, lookUp, paddingRow, tableKeys } from "./embedding.js";
import type { EmbeddingOptions, PretrainedOptions } from "./embedding.js";

/** What becomes of a bag's vectors. */
export type BagMode = "sum" | "mean" | "max";

export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** "mean" (default), "sum" or "max". */
  readonly mode?: BagMode;
  /** Whether the offsets end with the number of indices, one more than there are bags. Default false. */
  readonly includeLastOffset?: boolean;
}

/** Bags side by side. */
interface Bags {
  /** [B, L]. */
  readonly index: Tensor;
  /** [B, L], true where an index counts; `null` where all do. */
  readonly counts: Tensor | null;
  /** [B, L]. */
  readonly weights: Tensor | null;
}

/** @throws ValueError unless the offsets begin with 0, do not fall and stay within the indices */
function boundsOf(where: string, offsets: readonly number[], total: number, includeLast: boolean): readonly (readonly [start: number, end: number])[] {
  const ends = includeLast ? offsets.slice(1) : [...offsets.slice(1), total];
  const starts = includeLast ? offsets.slice(0, -1) : offsets;
  const bad = ends.findIndex((end, b) => end < starts[b] || end > total);
  if (offsets[0] !== 0 || bad !== -1) {
    throw new ValueError(where, `offsets [${offsets.join(", ")}] do not cut ${total} indices`, "Begin with 0, do not fall and stay within the indices", { offsets, total });
  }
  return starts.map((start, b) => [start, ends[b]]);
}

/** Bags cut from one line of indices, laid side by side. */
function cutBags(where: string, index: Tensor, offsets: Tensor, weights: Tensor | null, includeLast: boolean): Bags {
  const bounds = boundsOf(where, Array.from(offsets.dataSync()), index.shape[0], includeLast);
  const longest = Math.max(0, ...bounds.map(([start, end]) => end - start));
  const shape = [bounds.length, longest];
  const places = bounds.flatMap(([start, end]) => Array.from({ length: longest }, (_, i) => (start + i < end ? start + i : -1)));
  const counts = index.makeFrom(Uint8Array.from(places, (place) => (place < 0 ? 0 : 1)), "bool", shape);
  if (longest === 0) return { index: index.reshape(shape), counts, weights: null };
  const at = index.makeFrom(Int32Array.from(places, (place) => Math.max(place, 0)), "int32", [places.length]);
  const arranged = (x: Tensor): Tensor => indexSelect(x, 0, at).reshape(shape);
  return { index: arranged(index), counts, weights: weights && arranged(weights) };
}

const reduced: Readonly<Record<BagMode, (vectors: Tensor, bags: Bags) => Tensor>> = {
  sum: (vectors, { counts, weights }) => {
    if (counts === null && weights === null) return vectors.sum(1);
    const kept = counts?.to(vectors.dtype) ?? null;
    const factors = weights === null ? kept : kept === null ? weights : weights.mul(kept);
    return factors === null ? vectors.sum(1) : factors.unsqueeze(1).matmul(vectors).squeeze(1);
  },
  mean: (vectors, { counts }) => {
    if (counts === null) return vectors.mean(1);
    const kept = counts.to(vectors.dtype);
    return kept.div(kept.sum(1, { keepDim: true }).clamp(1, Infinity)).unsqueeze(1).matmul(vectors).squeeze(1);
  },
  max: (vectors, { counts }) => {
    if (counts === null) return vectors.max(1);
    const top = choose(counts.unsqueeze(-1), vectors, -Infinity).max(1);
    return choose(any(counts, 1, { keepDim: true }), top, 0);
  },
};

/**
 * The sum, mean or maximum of the vectors of each bag of indices, such as the words of a text; 0 for an empty bag, and an index of
 * padding counts for nothing.
 * Shapes: index [B, L] → [B, embeddingDim]; or index [n] of all bags in a line, cut at `offsets` [B], where each begins;
 * perSampleWeights as index. Equal maxima share the gradient.
 * @throws ValueError for indices out of range, offsets that do not cut the indices, or weights in another mode than "sum"; ShapeError
 */
export class EmbeddingBag extends Layer {
  static readonly type = "nn/EmbeddingBag";
  readonly weight: Parameter;
  readonly mode: BagMode;
  readonly paddingIdx: number | null;
  readonly includeLastOffset: boolean;

  constructor(readonly numEmbeddings: number, readonly embeddingDim: number, options: EmbeddingBagOptions = {}) {
    super([numEmbeddings, embeddingDim, jsonOptions(options)]);
    checkOptions("EmbeddingBag", options, [...tableKeys, "mode", "includeLastOffset"]);
    checkSizes("EmbeddingBag", { numEmbeddings, embeddingDim });
    const { mode = "mean", includeLastOffset = false } = options;
    if (!Object.hasOwn(reduced, mode)) throw unknownName("EmbeddingBag", "mode", mode, Object.keys(reduced));
    this.mode = mode;
    this.includeLastOffset = includeLastOffset;
    this.paddingIdx = paddingRow("EmbeddingBag", options, numEmbeddings);
    this.weight = drawTable(numEmbeddings, embeddingDim, this.paddingIdx, options);
  }

  /** Bags of given vectors, [V, D], that are not learnt unless `freeze` is false. @throws ShapeError unless the vectors are [V, D] */
  static fromPretrained(vectors: Tensor, options: PretrainedOptions & Pick<EmbeddingBagOptions, "mode" | "includeLastOffset"> = {}): EmbeddingBag {
    checkOptions("EmbeddingBag.fromPretrained", options, ["freeze", "paddingIdx", "mode", "includeLastOffset"]);
    const [numEmbeddings, embeddingDim] = checkTable("EmbeddingBag.fromPretrained", vectors);
    const { dtype } = vectors;
    const made = new EmbeddingBag(numEmbeddings, embeddingDim, { freeze: true, ...options, ...(dtype !== "float32" && { dtype }) });
    made.weight.assign(vectors.detach());
    return made;
  }

  forward(index: Tensor, offsets?: Tensor, perSampleWeights?: Tensor): Tensor {
    const bags = this.bagsOf(index, offsets, perSampleWeights ?? null);
    if (bags.index.size === 0) return this.weight.makeEmpty([bags.index.shape[0], this.embeddingDim], this.weight.dtype);
    const counted = this.paddingIdx === null ? null : bags.index.ne(this.paddingIdx);
    const counts = counted !== null && bags.counts !== null ? logicalAnd(counted, bags.counts) : (counted ?? bags.counts);
    return reduced[this.mode](lookUp(this.weight, bags.index), { ...bags, counts });
  }

  private bagsOf(index: Tensor, offsets: Tensor | undefined, weights: Tensor | null): Bags {
    if (weights !== null) this.checkWeights(index, weights);
    if (index.ndim === 2 && offsets === undefined) return { index, counts: null, weights };
    if (index.ndim !== 1 || offsets?.ndim !== 1) {
      const fact = `index has shape ${showShape(index.shape)}, offsets ${offsets === undefined ? "are missing" : `have shape ${showShape(offsets.shape)}`}`;
      throw new ShapeError("EmbeddingBag", fact, "Give [B, L] alone, or [n] with offsets [B]", { shape: index.shape });
    }
    return cutBags("EmbeddingBag", index, offsets, weights, this.includeLastOffset);
  }

  private checkWeights(index: Tensor, weights: Tensor): void {
    if (this.mode !== "sum") throw new ValueError("EmbeddingBag", `perSampleWeights in mode "${this.mode}"`, 'Use mode "sum"', { mode: this.mode });
    if (showShape(weights.shape) !== showShape(index.shape)) {
      throw new ShapeError("EmbeddingBag", `perSampleWeights have shape ${showShape(weights.shape)}, the indices ${showShape(index.shape)}`, "Give one weight per index", { shapes: [index.shape, weights.shape] });
    }
    if (!isFloat(weights.dtype)) throw new DTypeError("EmbeddingBag", `perSampleWeights are ${weights.dtype}`, `Convert them: weights.to("${this.weight.dtype}")`, { dtype: weights.dtype });
  }
}
