import { restoreCheckpoint } from "@dl/nn";
import { readRun, type Sampling } from "@dl/recipes";
import { readCheckpoint } from "../checkpoint.js";
import { InterruptedError, UsageError } from "../errors.js";
import { print, printJson, type Io } from "../io.js";
import { openBackend, recipeTable } from "../names.js";
import { threadsOf } from "../threads.js";

export interface GenerateFlags extends Sampling {
  readonly prompt?: string;
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly backend?: string;
  readonly json?: boolean;
}

/** Options that say how the next token is chosen, as flags. */
export const samplingFlags = {
  temperature: "divides the logits: below 1 likely tokens become likelier (default 1)",
  topK: "only the k likeliest tokens",
  topP: "only the likeliest tokens that together have this probability",
  minP: "only tokens with this share of the likeliest one's probability",
  repetitionPenalty: "above 1, what was said already becomes unlikelier",
  beams: "sequences that are kept side by side: the likeliest text in the place of chance",
} as const satisfies Record<keyof Sampling, string>;

const samplingOf = (flags: GenerateFlags): Sampling =>
  Object.fromEntries(Object.keys(samplingFlags).flatMap((name) => {
    const value = flags[name as keyof Sampling];
    return value === undefined ? [] : [[name, value]];
  }));

/** Lets the model in a checkpoint write, and shows every piece as it comes. */
export async function generate(folder: string, flags: GenerateFlags, io: Io): Promise<void> {
  const checkpoint = await readCheckpoint(folder);
  const { recipe, run, tokenizers } = readRun(folder, checkpoint, recipeTable);
  if (recipe.generate === undefined) throw new UsageError(`the model of "${recipe.name}" does not write. Try dl eval ${folder}.`);
  const backend = await openBackend(flags.backend, () => null);
  const model = recipe.model(run.options, undefined, tokenizers);
  restoreCheckpoint(checkpoint, { model });
  model.eval();
  const { prompt = "", maxTokens, seed = 0, json = false } = flags;
  const began = performance.now();
  const pieces: string[] = [];
  const generation = { tokenizers, sampling: samplingOf(flags), seed, signal: io.interrupted, ...(maxTokens !== undefined && { maxTokens }) };
  if (!json) io.stdout.write(prompt);
  for await (const piece of recipe.generate(model, prompt, generation)) {
    pieces.push(piece);
    if (!json) io.stdout.write(piece);
  }
  const seconds = (performance.now() - began) / 1000;
  if (json) printJson(io, { event: "end", recipe: recipe.name, seed, backend: backend.name, threads: threadsOf(backend), seconds, prompt, text: pieces.join("") });
  else print(io.stdout, "");
  if (io.interrupted.aborted) throw new InterruptedError("stopped");
}
