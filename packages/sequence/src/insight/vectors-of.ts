import { oneHot, type Tensor } from "@dl/tensor";
import type { RecurrentLM } from "../language-models/recurrent/recurrent-lm.js";

/** What a recurrent model's cells read. Shapes: ids [N, T] → [N, T, D]. */
export const vectorsOf = ({ embedding, vocabSize, head }: RecurrentLM, ids: Tensor): Tensor =>
  embedding === null ? oneHot(ids, vocabSize).to(head.weight.dtype) : embedding.forward(ids);
