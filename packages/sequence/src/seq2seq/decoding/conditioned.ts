import { noGrad } from "@dl/autograd";
import { evaluating } from "@dl/nn";
import { ValueError } from "@dl/registry";
import { cat } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { LanguageModel, LanguageModelCall } from "../../language-models/index.js";
import type { Memory } from "../memory.js";
import type { Seq2Seq } from "../seq2seq.js";

/** Runs `body` in evaluation mode and without gradients. */
export const inferring = <S, T>(model: Seq2Seq<S>, body: () => T): T => noGrad(() => (model.training ? evaluating(model, body) : body()));

/**
 * A seq2seq model whose source is fixed is a language model of the target, which all of `generate`, `generateBatch` and `beamSearch` can go on with:
 *
 *     const french = conditioned(model, model.eval().encode(source));
 *     for await (const { id } of generate(french, [bos], { temperature: 0.7, stop: eos })) …
 *
 * Encode in evaluation mode. A memory of one row serves for any number of texts; prompts must have one length.
 */
export function conditioned<S>(model: Seq2Seq<S>, memory: Memory): LanguageModel {
  const isSingle = memory.values.shape[0] === 1;
  const read = (ids: Tensor, { cache, paddingMask, lastOnly = false }: LanguageModelCall): Tensor => {
    if (paddingMask !== undefined) throw new ValueError("conditioned", "a padding mask is given", "Give prompts of one length, such as [bos]");
    const state = cache ?? model.startDecoding(memory);
    const [rows, steps] = ids.shape;
    if (isSingle && rows > 1 && state.length === 0) state.selectRows(new Array<number>(rows).fill(0));
    const logits = Array.from({ length: steps }, (_, t) => model.decodeStep(ids.slice(1, t, t + 1), state).logits.unsqueeze(1));
    return lastOnly || steps === 1 ? logits[steps - 1] : cat(logits, 1);
  };
  return {
    vocabSize: model.targetVocabSize,
    contextLength: model.maxTargetLength,
    forward: (ids, call = {}) => inferring(model, () => read(ids, call)),
    startCache: () => inferring(model, () => model.startDecoding(memory)),
  };
}
