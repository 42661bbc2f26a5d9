import { checkNumber, checkOptions, checkWhole } from "@dl/registry";
import type { LanguageModel } from "../language-models/index.js";
import { lengthKeys, newTokensFor } from "./length.js";
import type { LengthOptions } from "./length.js";
import { promptOf } from "./prompts.js";
import type { Prompt } from "./prompts.js";
import { Reader } from "./reader.js";
import type { ReaderOptions } from "./reader.js";
import { logProbabilitiesOf, rankedIds } from "./samplers.js";
import { stopAtEnd, stopSequences } from "./stop.js";
import type { Stop } from "./stop.js";

export interface BeamSearchOptions extends LengthOptions, ReaderOptions {
  /** How many texts are kept at a time, and come out. Default 4. */
  readonly beams?: number;
  /** Scores are divided by (number of new ids)^lengthPenalty: 0 favours short texts, above 1 long ones. Default 1. */
  readonly lengthPenalty?: number;
  /** Ids, or sequences of ids, behind which a text ends; it keeps them. Default none. */
  readonly stop?: Stop | readonly Stop[];
  /** Ends the search; what there is until then comes out. */
  readonly signal?: AbortSignal;
}

/** A text that the search found. */
export interface Beam {
  /** All ids, those of the prompt included. */
  readonly ids: readonly number[];
  readonly newIds: readonly number[];
  /** Σ ln p of the new ids. */
  readonly logProb: number;
  /** logProb / (number of new ids)^lengthPenalty, by which texts are ranked. */
  readonly score: number;
  readonly reason: "stop" | "length" | "aborted";
}

/** A text that goes on. */
interface Live {
  readonly newIds: readonly number[];
  readonly logProb: number;
}

interface Candidate extends Live {
  /** The row that it goes on from. */
  readonly row: number;
}

const where = "beamSearch";
const keys = [...lengthKeys, "cache", "beams", "lengthPenalty", "stop", "signal"];

/** The likeliest ways to go on from any of the texts, best first. */
function candidatesOf(live: readonly Live[], logits: readonly ArrayLike<number>[], count: number): Candidate[] {
  const candidates = live.flatMap(({ newIds, logProb }, row): Candidate[] => {
    const logProbs = logProbabilitiesOf(logits[row]);
    return Array.from(rankedIds(logProbs).subarray(0, count), (id) => ({ row, newIds: [...newIds, id], logProb: logProb + logProbs[id] }));
  });
  return candidates.filter(({ logProb }) => logProb > -Infinity).sort((a, b) => b.logProb - a.logProb).slice(0, count);
}

class Search {
  readonly ended: Beam[] = [];

  constructor(readonly prompt: readonly number[], readonly beams: number, readonly lengthPenalty: number, readonly most: number) {}

  scoreOf({ logProb, newIds }: Live): number {
    return logProb / Math.max(1, newIds.length) ** this.lengthPenalty;
  }

  end(text: Live, reason: Beam["reason"]): void {
    const { newIds, logProb } = text;
    this.ended.push({ ids: [...this.prompt, ...newIds], newIds, logProb, score: this.scoreOf(text), reason });
    this.ended.sort((a, b) => b.score - a.score);
    this.ended.length = Math.min(this.ended.length, this.beams);
  }

  /** Whether no text that goes on can still get among the best: a sum of ln p only falls, and at most the length makes up for it. */
  isDecided(live: readonly Live[]): boolean {
    if (this.ended.length < this.beams) return false;
    const worst = this.ended[this.ended.length - 1].score;
    return live.every(({ logProb, newIds }) => logProb / (this.lengthPenalty > 0 ? this.most : Math.max(1, newIds.length)) ** this.lengthPenalty <= worst);
  }
}

/**
 * Looks for the likeliest texts that go on from a prompt: of all ways to add one id to one of `beams` texts the best stay, until nothing better
 * can come. With one beam it is greedy.
 *
 *     const [best] = await beamSearch(model, prompt, { beams: 5, maxNewTokens: 20, stop: [eos] });
 *
 * The model runs in evaluation mode, without gradients. (Graves, 2012; length penalty: Wu et al., 2016)
 * @returns at most `beams` texts, best first
 * @throws what `generate` throws; ValueError unless beams is a whole number above 0
 */
export async function beamSearch(model: LanguageModel, prompt: Prompt, options: BeamSearchOptions = {}): Promise<Beam[]> {
  checkOptions(where, options, keys);
  const { beams = 4, lengthPenalty = 1, signal } = options;
  checkWhole(where, "beams", beams, 1);
  checkNumber(where, "lengthPenalty", lengthPenalty);
  const stops = stopSequences(where, options.stop, model.vocabSize);
  const ids = await promptOf(where, prompt, model.vocabSize);
  const search = new Search(ids, beams, lengthPenalty, newTokensFor(where, ids.length, model.contextLength, options));
  const reader = new Reader(where, model, [ids], options);
  let live: readonly Live[] = [{ newIds: [], logProb: 0 }];
  for (let step = 0; step < search.most && !search.isDecided(live); step++) {
    if (signal?.aborted === true) break;
    // As many again as may end here, so that `beams` texts can go on.
    const candidates = candidatesOf(live, await reader.next(step), 2 * beams);
    const isStopped = ({ newIds }: Live): boolean => stopAtEnd(newIds, stops) !== undefined;
    candidates.slice(0, beams).filter(isStopped).forEach((text) => { search.end(text, "stop"); });
    const kept = candidates.filter((text) => !isStopped(text)).slice(0, beams);
    live = kept;
    if (kept.length === 0) break;
    reader.select(kept.map(({ row }) => row));
    reader.append(kept.map(({ newIds }) => newIds[newIds.length - 1]));
  }
  for (const text of live) search.end(text, text.newIds.length === search.most ? "length" : "aborted");
  return search.ended;
}
