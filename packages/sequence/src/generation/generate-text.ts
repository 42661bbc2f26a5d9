import { Run } from "@dl/nn";
import { ValueError } from "@dl/registry";
import type { LanguageModel } from "../language-models/index.js";
import type { Tokenizer } from "../tokenizers/index.js";
import { generate } from "./generate.js";
import type { GenerateOptions, Generated, GenerationStep } from "./generate.js";
import { pendingStop, stopAtEnd, stopSequences } from "./stop.js";
import { TextStream } from "./text-stream.js";

export interface GenerateTextOptions extends GenerateOptions {
  /** Begin the prompt with the tokenizer's id for that. Default: where it has one. */
  readonly addBos?: boolean;
}

/** A text that was gone on with. */
export interface GeneratedText extends Generated {
  /** What was added, without the prompt and the stop. */
  readonly text: string;
}

const where = "generateText";

function promptIds(tokenizer: Tokenizer, prompt: string, addBos: boolean | undefined): number[] {
  const { bos } = tokenizer.specials;
  if (addBos === true && bos === undefined) throw new ValueError(where, "the tokenizer has no id that begins a text", "Leave addBos out");
  const ids = Array.from(tokenizer.encode(prompt));
  if (bos !== undefined && (addBos ?? true)) return [bos, ...ids];
  if (ids.length > 0) return ids;
  throw new ValueError(where, "the prompt is empty, and the tokenizer has no id that begins a text", "Give at least one character");
}

/** Pieces of text as their ids come; those that may begin a stop wait, and those of a stop never come. */
async function* piecesOf(steps: AsyncIterable<GenerationStep>, stops: readonly (readonly number[])[], stream: TextStream): AsyncGenerator<string, void> {
  let waiting: number[] = [];
  for await (const { id, reason } of steps) {
    waiting.push(id);
    const stop = reason === "stop" ? (stopAtEnd(waiting, stops) ?? []).length : 0;
    const free = waiting.length - (reason === null ? pendingStop(waiting, stops) : stop);
    const piece = stream.push(waiting.slice(0, free));
    waiting = waiting.slice(free);
    if (piece !== "") yield piece;
  }
  const rest = stream.end();
  if (rest !== "") yield rest;
}

/**
 * `generate` from text to text: gives pieces of what is added as they come, never half a character, or awaited the whole. A text ends at
 * the tokenizer's end of sequences, too, unless `stop` says something else.
 *
 *     for await (const piece of generateText(model, tokenizer, "Once upon a time", { maxNewTokens: 100, temperature: 0.8 })) process.stdout.write(piece);
 *     const { text } = await generateText(model, tokenizer, "Once upon a time", { strategy: "greedy" });
 *
 * @throws what `generate` throws; ValueError for an empty prompt where the tokenizer has no id that begins a text
 */
export function generateText(model: LanguageModel, tokenizer: Tokenizer, prompt: string, options: GenerateTextOptions = {}): Run<string, GeneratedText> {
  const { addBos, ...rest } = options;
  const { eos } = tokenizer.specials;
  const stop = rest.stop ?? (eos === undefined ? [] : [eos]);
  const ids = promptIds(tokenizer, prompt, addBos);
  const run = generate(model, ids, { ...rest, stop });
  const pieces: string[] = [];
  let generated: Generated = { ids, newIds: [], logProbs: [], reason: null };
  const steps = async function* (): AsyncGenerator<string, void> {
    try {
      for await (const piece of piecesOf(run, stopSequences(where, stop, model.vocabSize), new TextStream(tokenizer, ids))) {
        pieces.push(piece);
        yield piece;
      }
    } finally {
      generated = await run;
    }
  };
  return new Run({ where, events: steps(), result: () => ({ ...generated, text: pieces.join("") }) });
}
