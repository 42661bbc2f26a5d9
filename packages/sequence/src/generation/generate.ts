import { Run } from "@dl/nn";
import { checkOptions } from "@dl/registry";
import type { LanguageModel } from "../language-models/index.js";
import { chooserOf, choosingKeys } from "./choosing.js";
import type { Choose, ChoosingOptions } from "./choosing.js";
import { lengthKeys, newTokensFor } from "./length.js";
import type { LengthOptions } from "./length.js";
import { promptOf, promptsOf } from "./prompts.js";
import type { Prompt, Prompts } from "./prompts.js";
import { Reader } from "./reader.js";
import type { ReaderOptions } from "./reader.js";
import { logProbabilitiesOf } from "./samplers.js";
import { stopAtEnd, stopSequences } from "./stop.js";
import type { Stop } from "./stop.js";

export interface GenerateOptions extends ChoosingOptions, LengthOptions, ReaderOptions {
  /** Ids, or sequences of ids, behind which a text ends; it keeps them. Default none. */
  readonly stop?: Stop | readonly Stop[];
  /** Ends the texts as they are. */
  readonly signal?: AbortSignal;
}

/** Why a text ended: it came to a stop, was long enough, or was aborted. */
export type StopReason = "stop" | "length" | "aborted";

/** One id more. */
export interface GenerationStep {
  readonly id: number;
  /** ln p of the id as the model has it, before temperature and the like. */
  readonly logProb: number;
  /** Which text of a batch it belongs to. */
  readonly row: number;
  /** How many were added to the text before. */
  readonly step: number;
  /** Set with the text's last id. */
  readonly reason: StopReason | null;
}

/** A text that was gone on with. */
export interface Generated {
  /** All ids, those of the prompt included. */
  readonly ids: readonly number[];
  /** Those that were added. */
  readonly newIds: readonly number[];
  /** ln p of each of them as the model has it. */
  readonly logProbs: readonly number[];
  /** `null` where the loop over the steps was left early. */
  readonly reason: StopReason | null;
}

/** Steps to look at as they come, or to await. */
export type GenerationRun<R> = Run<GenerationStep, R>;

export const generateKeys = [...choosingKeys, ...lengthKeys, "cache", "stop", "signal"];

/** A text in the making. */
interface Draft {
  readonly ids: number[];
  readonly logProbs: number[];
  readonly promptLength: number;
  readonly most: number;
  reason: StopReason | null;
}

const finished = ({ ids, logProbs, promptLength, reason }: Draft): Generated => ({ ids, newIds: ids.slice(promptLength), logProbs, reason });

class Generation {
  readonly #drafts: Draft[] = [];
  readonly #choose: Choose;
  readonly #stops: readonly (readonly number[])[];

  constructor(readonly where: string, readonly model: LanguageModel, readonly options: GenerateOptions) {
    checkOptions(where, options, generateKeys);
    this.#choose = chooserOf(where, options);
    this.#stops = stopSequences(where, options.stop, model.vocabSize);
  }

  get results(): Generated[] {
    return this.#drafts.map(finished);
  }

  /** The rows' next ids in turn, until all rows have ended. */
  async *steps(prompts: readonly (readonly number[])[]): AsyncGenerator<GenerationStep, void> {
    const { where, model, options } = this;
    for (const ids of prompts) {
      const most = newTokensFor(where, ids.length, model.contextLength, options);
      this.#drafts.push({ ids: [...ids], logProbs: [], promptLength: ids.length, most, reason: most === 0 ? "length" : null });
    }
    const reader = new Reader(where, model, prompts, options);
    for (let step = 0; this.#drafts.some(({ reason }) => reason === null); step++) {
      if (options.signal?.aborted === true) {
        this.#abort();
        return;
      }
      const logits = await reader.next(step);
      for (const [row, draft] of this.#drafts.entries()) {
        if (draft.reason === null) yield { ...this.#add(draft, logits[row]), row, step, reason: draft.reason };
      }
      // Texts that have ended are read on with: rows of a batch have one length.
      reader.append(this.#drafts.map(({ ids, reason }) => (reason === null ? ids[ids.length - 1] : 0)));
    }
  }

  /** Adds the next id to a text, and notes whether it ends there. */
  #add(draft: Draft, logits: ArrayLike<number>): { readonly id: number; readonly logProb: number } {
    const id = this.#choose(logits, draft.ids);
    const logProb = logProbabilitiesOf(logits)[id];
    draft.ids.push(id);
    draft.logProbs.push(logProb);
    const isStop = stopAtEnd(draft.ids, this.#stops, draft.promptLength) !== undefined;
    draft.reason = isStop ? "stop" : draft.logProbs.length === draft.most ? "length" : null;
    return { id, logProb };
  }

  #abort(): void {
    for (const draft of this.#drafts) draft.reason ??= "aborted";
  }
}

/**
 * Goes on with a text: reads it, chooses the next id from the model's logits, and so on with that, until a stop, or until it is long enough.
 * Nothing runs before the result is iterated, which gives the ids one by one, or awaited, which gives the whole.
 *
 *     for await (const { id } of generate(model, [1, 2, 3], { maxNewTokens: 50, temperature: 0.8, topK: 40, seed: 1 })) …
 *     const { newIds } = await generate(model, prompt, { strategy: "greedy", stop: [eos] });
 *
 * The model runs in evaluation mode, without gradients, and its modules' modes stay as they are. Bad options throw at once, what else is wrong
 * when it runs.
 * @throws ValueError for an empty prompt, ids that the model does not know, a prompt or text beyond the model's context without
 * window: "slide", NaN among logits (with the step), and bad options; UnknownNameError for unknown ones
 */
export function generate(model: LanguageModel, prompt: Prompt, options: GenerateOptions = {}): GenerationRun<Generated> {
  const generation = new Generation("generate", model, options);
  const rows = async (): Promise<number[][]> => [await promptOf("generate", prompt, model.vocabSize)];
  return runOf("generate", generation, rows, ([text]) => text);
}

/**
 * `generate` for several texts at once, which end one by one. Shorter prompts are padded in front, and the padding is masked, so that each
 * text is what it would be alone; random numbers are shared, row by row.
 * @throws what `generate` throws; ValueError where there are no prompts
 */
export function generateBatch(model: LanguageModel, prompts: Prompts, options: GenerateOptions = {}): GenerationRun<readonly Generated[]> {
  const generation = new Generation("generateBatch", model, options);
  return runOf("generateBatch", generation, () => promptsOf("generateBatch", prompts, model.vocabSize), (texts) => texts);
}

function runOf<R>(where: string, generation: Generation, prompts: () => Promise<number[][]>, result: (texts: readonly Generated[]) => R): GenerationRun<R> {
  const steps = async function* (): AsyncGenerator<GenerationStep, void> { yield* generation.steps(await prompts()); };
  return new Run({ where, events: steps(), result: () => result(generation.results) });
}
