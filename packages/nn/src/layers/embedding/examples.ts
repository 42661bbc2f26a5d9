import type { LayerExample } from "../../module/layer-example.js";
import { Embedding } from "./embedding.js";
import { EmbeddingBag } from "./embedding-bag.js";

/** Examples of embeddings. The numbers among them must not take the place of the padding's, which get no gradient. */
export const embeddingExamples = (): LayerExample[] => {
  const table = { inputs: [[[0, 2, 1], [3, 3, 0]]], dtypes: ["int32"] } as const;
  const line = { inputs: [[0, 2, 1, 3, 3, 0], [0, 2, 2]], dtypes: ["int32", "int32"], outputShape: [3, 2] } as const;
  return [
    { layer: () => new Embedding(4, 2), ...table, outputShape: [2, 3, 2] },
    { layer: () => new Embedding(5, 2, { paddingIdx: -1 }), ...table, outputShape: [2, 3, 2] },
    { layer: () => new EmbeddingBag(4, 2), ...table, outputShape: [2, 2] },
    { layer: () => new EmbeddingBag(4, 2, { mode: "max", paddingIdx: 3 }), ...table, outputShape: [2, 2] },
    { layer: () => new EmbeddingBag(4, 2, { mode: "mean" }), ...line },
    {
      layer: () => new EmbeddingBag(4, 2, { mode: "sum", includeLastOffset: true }),
      inputs: [[0, 2, 1, 3], [0, 3, 4], [0.5, -1.5, 2, 1]],
      dtypes: ["int32", "int32", "float32"],
      outputShape: [2, 2],
    },
  ];
};
