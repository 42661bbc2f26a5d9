import { FormatError } from "@dl/registry";
import { sameShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { tensorsIn } from "../weights.js";
import type { Weights } from "../weights.js";
import type { GPT } from "./gpt.js";

const prefix = "transformer.";
const headKey = "lm_head.weight";

/** The causal mask that older files hold in every block. */
const isMask = (key: string): boolean => /(^|\.)attn\.(bias|masked_bias)$/.test(key);

/** Layers whose weights the files hold as [inputs, outputs]. */
const isTurned = (key: string): boolean => /\.(c_attn|c_proj|c_fc)\.weight$/.test(key);

function turned(key: string, value: Tensor): Tensor {
  if (value.ndim !== 2) throw new FormatError("gpt2StateDict", `"${key}" has ${value.ndim} dims`, "Give the weights of a GPT-2, of 2 dims here", { key });
  return value.transpose().contiguous();
}

/** A head that repeats the embedding is not kept: there the two are one. */
function withoutCopiedHead(state: Map<string, Tensor>): Map<string, Tensor> {
  const [head, embedding] = [state.get(headKey), state.get(`${prefix}wte.weight`)];
  if (head === undefined || embedding === undefined || !sameShape(head.shape, embedding.shape)) return state;
  if (head !== embedding && head.ne(embedding).sum().item() !== 0) return state;
  state.delete(headKey);
  return state;
}

/**
 * A state dict of `GPT` from weights in the layout of GPT-2's published files: with or without "transformer." in front, matrices of the blocks
 * turned, masks left out, and the head left out where it only repeats the embedding.
 * @throws FormatError for a weight that is no matrix
 */
export function gpt2StateDict(weights: Weights): Map<string, Tensor> {
  const state = new Map<string, Tensor>();
  for (const [name, value] of tensorsIn(weights)) {
    const key = name === headKey || name.startsWith(prefix) ? name : prefix + name;
    if (!isMask(key)) state.set(key, isTurned(key) ? turned(name, value) : value);
  }
  return withoutCopiedHead(state);
}

/**
 * Gives a GPT the weights of a file in the layout of GPT-2's.
 *
 *     const model = new GPT(gptPresets.gpt2);
 *     loadGpt2(model, decodeSafetensors(bytes).tensors);
 *
 * @throws FormatError, UnknownNameError, ShapeError, DTypeError when the file belongs to another model; then nothing changes
 */
export function loadGpt2(model: GPT, weights: Weights): GPT {
  model.loadStateDict(gpt2StateDict(weights));
  return model;
}
