import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import { beamSearch, generateBatch } from "../../generation/index.js";
import type { Beam, Generated, StopReason } from "../../generation/index.js";
import { rowsOfMemory } from "../memory.js";
import type { Memory } from "../memory.js";
import type { Seq2Seq } from "../seq2seq.js";
import { conditioned, inferring } from "./conditioned.js";

export interface GreedyDecodeOptions {
  /** The id that begins a target. */
  readonly bos: number;
  /** The id that ends it. */
  readonly eos: number;
  /** The most ids to write, the end included. Default 2 · (places of the source) + 10, or what the model can hold. */
  readonly maxLength?: number;
  /** Ends the work; what there is until then comes out. */
  readonly signal?: AbortSignal;
}

export interface BeamDecodeOptions extends GreedyDecodeOptions {
  /** How many targets are kept at a time, and come out. Default 4. */
  readonly beams?: number;
  /** As `beamSearch` has it: scores are divided by (number of ids)^lengthPenalty. Default 1. */
  readonly lengthPenalty?: number;
}

/** A target that was found. */
export interface Decoded {
  /** Without begin and end. */
  readonly ids: readonly number[];
  /** Σ ln p of the ids, the end included. */
  readonly logProb: number;
  /** What targets of one source are ranked by: logProb, divided by the length penalty in a beam search. */
  readonly score: number;
  /** `null` only where the work never began. */
  readonly reason: StopReason | null;
}

export const decodeKeys = ["bos", "eos", "maxLength", "signal"];

/** How many ids may be written. @throws ValueError for ids that the model does not have, and lengths that it cannot hold */
export function lengthFor<S>(where: string, model: Seq2Seq<S>, memory: Memory, { bos, eos, maxLength }: GreedyDecodeOptions): number {
  const { targetVocabSize, maxTargetLength } = model;
  for (const [name, id] of Object.entries({ bos, eos })) {
    checkWhole(where, name, id);
    if (id >= targetVocabSize) throw new ValueError(where, `${name} is ${id}, and the model knows 0 to ${targetVocabSize - 1}`, "Give ids of the target's tokenizer", { [name]: id });
  }
  // The first id that the model reads is bos, and the last one that it writes is never read.
  const most = maxTargetLength - 1;
  if (maxLength === undefined) return Math.min(most, 2 * memory.values.shape[1] + 10);
  checkWhole(where, "maxLength", maxLength, 1);
  if (maxLength > most) throw new ValueError(where, `maxLength is ${maxLength}, and the model writes ${most} ids at most`, "Ask for fewer, or make the model with a greater maxLength", { maxLength, most });
  return maxLength;
}

const withoutEnd = (ids: readonly number[], eos: number): readonly number[] => (ids.at(-1) === eos ? ids.slice(0, -1) : ids);

const ofGreedy = ({ newIds, logProbs, reason }: Generated, eos: number): Decoded => {
  const logProb = logProbs.reduce((sum, own) => sum + own, 0);
  return { ids: withoutEnd(newIds, eos), logProb, score: logProb, reason };
};

const ofBeam = ({ newIds, logProb, score, reason }: Beam, eos: number): Decoded => ({ ids: withoutEnd(newIds, eos), logProb, score, reason });

/**
 * Writes the likeliest id at each step, for all sources of a batch at once. The model runs in evaluation mode, without gradients.
 * @returns one target per source
 * @throws ValueError, UnknownNameError for options; what the model throws
 */
export async function greedyDecode<S>(model: Seq2Seq<S>, source: S, options: GreedyDecodeOptions): Promise<Decoded[]> {
  const where = "greedyDecode";
  checkOptions(where, options, decodeKeys);
  const { bos, eos, signal } = options;
  const memory = inferring(model, () => model.encode(source));
  const maxNewTokens = lengthFor(where, model, memory, options);
  const prompts = Array.from({ length: memory.values.shape[0] }, () => [bos]);
  const found = await generateBatch(conditioned(model, memory), prompts, { strategy: "greedy", maxNewTokens, stop: eos, ...(signal && { signal }) });
  return found.map((text) => ofGreedy(text, eos));
}

/**
 * Looks for the likeliest targets of each source by `beamSearch`; with one beam it is greedy.
 * @returns for each source at most `beams` targets, best first
 * @throws ValueError, UnknownNameError for options; what the model throws
 */
export async function beamDecode<S>(model: Seq2Seq<S>, source: S, options: BeamDecodeOptions): Promise<Decoded[][]> {
  const where = "beamDecode";
  checkOptions(where, options, [...decodeKeys, "beams", "lengthPenalty"]);
  const { bos, eos, beams = 4, lengthPenalty = 1, signal } = options;
  const memory = inferring(model, () => model.encode(source));
  const maxNewTokens = lengthFor(where, model, memory, options);
  const found: Decoded[][] = [];
  for (let row = 0; row < memory.values.shape[0]; row++) {
    const own = inferring(model, () => rowsOfMemory(memory, [row]));
    const targets = await beamSearch(conditioned(model, own), [bos], { beams, lengthPenalty, maxNewTokens, stop: eos, ...(signal && { signal }) });
    found.push(targets.map((beam) => ofBeam(beam, eos)));
  }
  return found;
}
