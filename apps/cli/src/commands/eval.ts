import { loadCheckpoint, restoreCheckpoint } from "@dl/nn";
import { loadData } from "../data.js";
import { print, printJson, type Io } from "../io.js";
import { datasetFor, openBackend } from "../names.js";
import { readRun } from "../run-record.js";
import { flopsPerBatch } from "../step-flops.js";
import { downloadLine } from "../terminal/progress.js";
import { renderEvaluation } from "../terminal/evaluation.js";
import { threadsOf } from "../threads.js";

export interface EvalFlags {
  readonly data?: string;
  readonly backend?: string;
  readonly json?: boolean;
}

/** Evaluates the model in a checkpoint on the test set that goes with it, or on another one. */
export async function evaluate(folder: string, flags: EvalFlags, io: Io): Promise<void> {
  const checkpoint = await loadCheckpoint(folder);
  const { recipe, run } = readRun(folder, checkpoint);
  const backend = await openBackend(flags.backend, () => flopsPerBatch(recipe, run, "evaluation"));
  const data = flags.data ?? run.data;
  const entry = datasetFor(recipe, data);
  const model = recipe.model(run.options);
  restoreCheckpoint(checkpoint, { model });
  const line = downloadLine(io, flags.json === true);
  const { test } = await loadData(entry, io, line.update).finally(line.clear);
  const began = performance.now();
  const evaluation = await recipe.evaluate(model, test, { labels: entry.classes, signal: io.interrupted });
  const seconds = (performance.now() - began) / 1000;
  if (flags.json === true) {
    const { metrics } = evaluation;
    printJson(io, { event: "end", recipe: recipe.name, seed: run.seed, data, backend: backend.name, threads: threadsOf(backend), seconds, metrics });
  } else {
    print(io.stdout, `${recipe.title} (${recipe.name}) on ${data}\n\n${renderEvaluation(evaluation)}`);
  }
}
