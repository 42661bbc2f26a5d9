import { checkOptions, checkWhole } from "@dl/registry";
import { tensor } from "@dl/tensor";
import { likeliestId, probabilitiesOf, rankedIds } from "../../generation/index.js";
import { endsOf, sourceTensor } from "../data/tokenizers.js";
import type { Tokenizers } from "../data/tokenizers.js";
import type { DecodedStep, Seq2Seq } from "../seq2seq.js";
import { inferring } from "./conditioned.js";
import { lengthFor } from "./decode.js";

export interface TraceOptions {
  /** How many tokens that were not chosen are told per step. Default 3. */
  readonly runnersUp?: number;
  /** The most tokens to write, the end included. Default as in `greedyDecode`. */
  readonly maxLength?: number;
}

export interface TokenProbability {
  readonly token: string;
  readonly probability: number;
}

/** One token that was written. */
export interface TraceStep extends TokenProbability {
  readonly id: number;
  /** What the decoder had read: "<start>", "Le", … */
  readonly read: readonly string[];
  /** The likeliest tokens after this one. */
  readonly runnersUp: readonly TokenProbability[];
  /** How much the step attends to each token of the source, the mean over heads; `null` for a decoder without attention. */
  readonly attention: readonly number[] | null;
}

export interface Trace {
  readonly sourceTokens: readonly string[];
  readonly steps: readonly TraceStep[];
  /** The tokens that were written, without the end, as text. */
  readonly text: string;
}

/** Weights of the only row, [1, heads, S], averaged over heads. */
async function attentionOf({ attention }: DecodedStep): Promise<readonly number[] | null> {
  return attention === null ? null : Array.from(await attention.reshape([-1, attention.shape[attention.ndim - 1]]).mean(0).data());
}

/**
 * Writes the target of one sentence greedily, and tells each step: what was read, what was chosen, how likely it was, what else might have come, and
 * where the decoder looked.
 *
 *     const { steps } = await trace(model, "The cat is on the mat", { source: english, target: french });
 *     for (const { read, token, probability } of steps) console.log(`${read.join(" ")} → ${token} (${probability})`);   // <start> → Le (0.99) …
 *
 * @throws ValueError where the target's tokenizer has no begin or end, or the sentence no token; ValueError, UnknownNameError for options
 */
export async function trace(model: Seq2Seq, text: string, tokenizers: Tokenizers, options: TraceOptions = {}): Promise<Trace> {
  const where = "trace";
  checkOptions(where, options, ["runnersUp", "maxLength"]);
  const { runnersUp = 3 } = options;
  checkWhole(where, "runnersUp", runnersUp);
  const { source, target } = tokenizers;
  const { bos, eos } = endsOf(where, target);
  const sourceIds = source.encode(text);
  const memory = inferring(model, () => model.encode(sourceTensor([sourceIds], source)));
  const most = lengthFor(where, model, memory, { bos, eos, ...(options.maxLength !== undefined && { maxLength: options.maxLength }) });
  const state = inferring(model, () => model.startDecoding(memory));
  const ids = [bos];
  const steps: TraceStep[] = [];
  while (steps.length < most && (steps.length === 0 || ids[ids.length - 1] !== eos)) {
    const last = ids[ids.length - 1];
    const step = inferring(model, () => model.decodeStep(tensor([[last]], { dtype: "int32" }), state));
    const probabilities = probabilitiesOf(await step.logits.data());
    const told = (id: number): TokenProbability => ({ token: target.tokenOf(id), probability: probabilities[id] });
    const id = likeliestId(probabilities);
    const others = Array.from(rankedIds(probabilities).subarray(1, 1 + runnersUp), told);
    steps.push({ ...told(id), id, read: ids.map((own) => target.tokenOf(own)), runnersUp: others, attention: await attentionOf(step) });
    ids.push(id);
  }
  return { sourceTokens: Array.from(sourceIds, (id) => source.tokenOf(id)), steps, text: target.decode(ids) };
}
