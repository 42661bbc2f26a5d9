import { restoreCheckpoint } from "@dl/nn";
import { classifierFigures, classifierReport, flopsPerBatch, readRun } from "@dl/recipes";
import { readCheckpoint } from "../checkpoint.js";
import { loadWithLine } from "../data.js";
import { writeFigures, writeInto, writePictures } from "../figures.js";
import { print, printJson, widthOf, type Io } from "../io.js";
import { datasetFor, openBackend, recipeTable } from "../names.js";
import { reportFolder } from "../report.js";
import { renderClassifierReport } from "../terminal/classifier-report.js";
import { renderEvaluation } from "../terminal/evaluation.js";
import { threadsOf } from "../threads.js";

export interface EvalFlags {
  readonly data?: string;
  readonly backend?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Evaluates the model in a checkpoint on the test set that goes with it, or on another one, and writes what it found as JSON and SVG. */
export async function evaluate(folder: string, flags: EvalFlags, io: Io): Promise<void> {
  const checkpoint = await readCheckpoint(folder);
  const { recipe, run, tokenizers } = readRun(folder, checkpoint, recipeTable);
  const backend = await openBackend(flags.backend, () => flopsPerBatch(recipe, run, "evaluation", tokenizers));
  const data = flags.data ?? run.data;
  const entry = datasetFor(recipe, data);
  const model = recipe.model(run.options, undefined, tokenizers);
  restoreCheckpoint(checkpoint, { model });
  const { test } = recipe.samples(await loadWithLine(entry, io, flags.json), { ...run, tokenizers });
  const began = performance.now();
  const evaluation = await recipe.evaluate(model, test, { labels: entry.classes, signal: io.interrupted, tokenizers });
  const seconds = (performance.now() - began) / 1000;
  const out = flags.out ?? reportFolder(folder);
  const facts = { recipe: recipe.name, seed: run.seed, data, backend: backend.name, threads: threadsOf(backend), seconds, metrics: evaluation.metrics };
  const { confusion, predictions, texts } = evaluation;
  const report = confusion && predictions && classifierReport(confusion, predictions);
  const files = [
    await writeInto(out, "report.json", `${JSON.stringify({ ...facts, ...report, ...(texts && { texts }) }, null, 2)}\n`),
    ...(await writeFigures(out, confusion && predictions ? classifierFigures(confusion, predictions) : {})),
    ...(await writePictures(out, await recipe.draw(model, test, entry.classes))),
  ];
  if (flags.json === true) printJson(io, { event: "end", ...facts, ...report, ...(texts && { texts }), files });
  else {
    const classes = report === undefined ? [] : [renderClassifierReport(report, widthOf(io.stdout))];
    print(io.stdout, [`${recipe.title} (${recipe.name}) on ${data}`, renderEvaluation(evaluation), ...classes, files.map((file) => `written  ${file}`).join("\n")].join("\n\n"));
  }
}
