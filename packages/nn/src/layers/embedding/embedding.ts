import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defaultGenerator, indexSelect, showShape, where as choose, zeros } from "@dl/tensor";
import type { DType, Generator, Tensor } from "@dl/tensor";
import { fill } from "../../init/fill.js";
import { Layer } from "../../module/layer.js";
import { parameter } from "../../module/parameter.js";
import type { Parameter } from "../../module/parameter.js";
import { jsonOptions } from "../options.js";
import { checkSizes } from "../sizes.js";

export interface EmbeddingOptions {
  /** An index that stands for nothing: its row starts at 0 and gets no gradient. Negative ones count from the end. */
  readonly paddingIdx?: number;
  /** Do not learn the vectors. Default false. */
  readonly freeze?: boolean;
  /** Dtype of the vectors. Default float32. */
  readonly dtype?: DType;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

export type PretrainedOptions = Pick<EmbeddingOptions, "freeze" | "paddingIdx">;

export const tableKeys = ["paddingIdx", "freeze", "dtype", "generator"];

/** @returns paddingIdx counted from the front, `null` where there is none */
export function paddingRow(where: string, { paddingIdx }: EmbeddingOptions, numEmbeddings: number): number | null {
  if (paddingIdx === undefined) return null;
  if (!Number.isInteger(paddingIdx) || paddingIdx < -numEmbeddings || paddingIdx >= numEmbeddings) {
    throw new ValueError(where, `paddingIdx is ${paddingIdx} among ${numEmbeddings} embeddings`, `Give an index from 0 to ${numEmbeddings - 1}`, { paddingIdx, numEmbeddings });
  }
  return paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
}

/** Vectors drawn from N(0, 1), that of the padding 0. */
export function drawTable(numEmbeddings: number, embeddingDim: number, padding: number | null, { dtype = "float32", freeze = false, generator = defaultGenerator() }: EmbeddingOptions): Parameter {
  const weight = fill("Embedding", parameter(zeros([numEmbeddings, embeddingDim], { dtype })), (values) => {
    generator.fillNormal(values, 0, 1);
    if (padding !== null) values.fill(0, padding * embeddingDim, (padding + 1) * embeddingDim);
  });
  weight.requiresGrad = !freeze;
  return weight;
}

/** @throws ShapeError unless the vectors are [V, D] */
export function checkTable(where: string, { shape }: Tensor): readonly [numEmbeddings: number, embeddingDim: number] {
  if (shape.length !== 2) throw new ShapeError(where, `the vectors have shape ${showShape(shape)}`, "Give one row per index, [V, D]", { shape });
  return [shape[0], shape[1]];
}

/** Rows of the table for indices of any shape. @throws ValueError for an index out of range, DTypeError unless they are whole numbers */
export const lookUp = (weight: Tensor, index: Tensor): Tensor =>
  indexSelect(weight, 0, index.flatten()).reshape([...index.shape, weight.shape[1]]);

/**
 * A vector for each of V indices: row i of the weight, what oneHot(i)·weight would give. Its gradient is a scatter-add, so that an
 * index that occurs twice learns from both places.
 * Shapes: index [..], int32 → [.., embeddingDim]; weight [numEmbeddings, embeddingDim], drawn from N(0, 1).
 * @throws ValueError for an index outside of [0, numEmbeddings), with its position; DTypeError for float indices
 */
export class Embedding extends Layer {
  static readonly type = "nn/Embedding";
  readonly weight: Parameter;
  /** Counted from the front; `null` where nothing stands for padding. */
  readonly paddingIdx: number | null;

  constructor(readonly numEmbeddings: number, readonly embeddingDim: number, options: EmbeddingOptions = {}) {
    super([numEmbeddings, embeddingDim, jsonOptions(options)]);
    checkOptions("Embedding", options, tableKeys);
    checkSizes("Embedding", { numEmbeddings, embeddingDim });
    this.paddingIdx = paddingRow("Embedding", options, numEmbeddings);
    this.weight = drawTable(numEmbeddings, embeddingDim, this.paddingIdx, options);
  }

  /**
   * An embedding with given vectors, [V, D], that are not learnt unless `freeze` is false. A padding row keeps its given value.
   * @throws ShapeError unless the vectors are [V, D]
   */
  static fromPretrained(vectors: Tensor, options: PretrainedOptions = {}): Embedding {
    checkOptions("Embedding.fromPretrained", options, ["freeze", "paddingIdx"]);
    const [numEmbeddings, embeddingDim] = checkTable("Embedding.fromPretrained", vectors);
    const { dtype } = vectors;
    const made = new Embedding(numEmbeddings, embeddingDim, { freeze: true, ...options, ...(dtype !== "float32" && { dtype }) });
    made.weight.assign(vectors.detach());
    return made;
  }

  forward(index: Tensor): Tensor {
    const vectors = lookUp(this.weight, index);
    if (this.paddingIdx === null) return vectors;
    // The same values, but for the padding cut off from the graph.
    return choose(index.ne(this.paddingIdx).unsqueeze(-1), vectors, vectors.detach());
  }
}
