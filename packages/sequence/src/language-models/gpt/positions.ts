import { LearnedPE, RotaryEmbedding, SinusoidalPE } from "@dl/nn";
import { indexSelect } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { AttentionPlan } from "../attention-plan.js";
import type { GPTSettings } from "./options.js";

/** The layer that adds each position's vector; null where positions are told by turning. */
export function positionVectors({ positions, contextLength, dim, dtype, random }: GPTSettings): LearnedPE | SinusoidalPE | null {
  if (positions === "learned") return new LearnedPE(contextLength, dim, { batchFirst: true, dtype, ...random });
  return positions === "sinusoidal" ? new SinusoidalPE(contextLength, dim, { batchFirst: true, dtype }) : null;
}

/** What turns queries and keys of a head; null where vectors are added. */
export const positionAngles = ({ positions, contextLength, dim, heads, dtype }: GPTSettings): RotaryEmbedding | null =>
  positions === "rotary" ? new RotaryEmbedding(dim / heads, { maxLength: contextLength, dtype }) : null;

/** x [N, T, dim] plus the vector of each token's position. */
export function withPositions(x: Tensor, layer: LearnedPE | SinusoidalPE, { positions, offset }: AttentionPlan): Tensor {
  if (positions === null) return layer.forward(x, { offset });
  const table = layer instanceof LearnedPE ? layer.weight : layer.table;
  return x.add(indexSelect(table, 0, positions.flatten()).reshape(x.shape));
}
