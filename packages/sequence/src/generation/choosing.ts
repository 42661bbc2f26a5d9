import { ValueError, checkChoice, checkPositive, checkWhole } from "@dl/registry";
import { Generator, defaultGenerator } from "@dl/tensor";
import { drawId, likeliestId, minP, repetitionPenalty, topK, topP, withTemperature } from "./samplers.js";

export interface ChoosingOptions {
  /** "sample" (default) draws ids by their probabilities, "greedy" takes the likeliest. */
  readonly strategy?: "greedy" | "sample";
  /** Divides the logits: towards 0 the likeliest id wins, above 1 there is more variety. Default 1. */
  readonly temperature?: number;
  /** Draw from the k likeliest ids only. Default all. */
  readonly topK?: number;
  /** Draw from the likeliest ids that make up this probability. Default 1, all. */
  readonly topP?: number;
  /** Draw from ids with at least this part of the likeliest one's probability. Default 0, all. */
  readonly minP?: number;
  /** Makes ids of the text so far less likely; 1 (default) does not. */
  readonly repetitionPenalty?: number;
  /** Where drawing starts: the same seed gives the same text. */
  readonly seed?: number;
  /** Where random numbers come from instead; by default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

export const choosingKeys = ["strategy", "temperature", "topK", "topP", "minP", "repetitionPenalty", "seed", "generator"];

/** Says which id comes next, from logits and the ids so far. */
export type Choose = (logits: ArrayLike<number>, ids: readonly number[]) => number;

const onlyForSampling = ["temperature", "topK", "topP", "minP", "seed", "generator"] as const;

function checkChoosing(where: string, options: ChoosingOptions): void {
  const { strategy = "sample", temperature, topK: k, topP: p, minP: least, repetitionPenalty: penalty, seed, generator } = options;
  checkChoice(where, "strategy", strategy, ["greedy", "sample"]);
  const unused = onlyForSampling.find((key) => strategy === "greedy" && options[key] !== undefined);
  if (unused !== undefined) {
    throw new ValueError(
      where, `${unused} is given, and strategy "greedy" draws nothing`,
      'Leave it out, or use strategy "sample"',
      { strategy },
    );
  }
  if (temperature !== undefined && !(temperature > 0 && Number.isFinite(temperature))) {
    throw new ValueError(where, `temperature is ${temperature}`, 'Give a finite number above 0; strategy "greedy" is what 0 would mean', { temperature });
  }
  if (k !== undefined) checkWhole(where, "topK", k, 1);
  if (p !== undefined && !(p > 0 && p <= 1)) throw new ValueError(where, `topP is ${p}`, "Give a number above 0, up to 1", { topP: p });
  if (least !== undefined && !(least >= 0 && least <= 1)) throw new ValueError(where, `minP is ${least}`, "Give a number from 0 to 1", { minP: least });
  if (penalty !== undefined) checkPositive(where, "repetitionPenalty", penalty);
  if (seed !== undefined && generator !== undefined) throw new ValueError(where, "both seed and generator are given", "Give one of them", { seed });
}

/** @throws ValueError for options that do not go together or lie outside of what is allowed */
export function chooserOf(where: string, options: ChoosingOptions): Choose {
  checkChoosing(where, options);
  const { strategy = "sample", temperature = 1, topK: k, topP: p = 1, minP: least = 0, repetitionPenalty: penalty = 1, seed } = options;
  const penalized = (logits: ArrayLike<number>, ids: readonly number[]): ArrayLike<number> =>
    penalty === 1 ? logits : repetitionPenalty(logits, ids, penalty);
  if (strategy === "greedy") return (logits, ids) => likeliestId(penalized(logits, ids));
  const generator = seed === undefined ? (options.generator ?? defaultGenerator()) : new Generator(seed);
  return (logits, ids) => {
    let left = penalized(logits, ids);
    if (temperature !== 1) left = withTemperature(left, temperature);
    if (k !== undefined) left = topK(left, k);
    if (p < 1) left = topP(left, p);
    if (least > 0) left = minP(left, least);
    return drawId(left, generator);
  };
}
