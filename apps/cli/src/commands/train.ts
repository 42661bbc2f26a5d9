import type { Module, TrainEvent } from "@dl/nn";
import { flopsPerBatch, Pace, runAssets, type AnyRecipe, type Samples, type Training } from "@dl/recipes";
import type { Backend } from "@dl/tensor";
import { loadData } from "../data.js";
import { writeFigures, writePictures } from "../figures.js";
import { EXIT, InterruptedError } from "../errors.js";
import type { RecipeFlags } from "../flags.js";
import type { Io } from "../io.js";
import { datasetFor, openBackend } from "../names.js";
import { learningCurves, reportFolder } from "../report.js";
import { planTraining, type Plan, type TrainFlags } from "../plan.js";
import { jsonTrainView } from "../terminal/json-train-view.js";
import { textTrainView } from "../terminal/text-train-view.js";
import { threadsOf } from "../threads.js";
import { quoted, suggestionLine } from "../train-command.js";
import type { TrainView } from "../train-view.js";

const seconds = (): number => performance.now() / 1000;

/** To milliseconds. */
const rounded = (duration: number): number => Math.round(duration * 1000) / 1000;

type AnySamples = Samples<object>;

function setUp({ recipe, run, out, resume }: Plan, { train, tokenizers }: AnySamples, { interrupted }: Io): Training<Module> {
  return recipe.train({
    train,
    tokenizers,
    options: run.options,
    seed: run.seed,
    signal: interrupted,
    checkpoint: { dir: out, assets: runAssets(run, tokenizers) },
    ...(resume && { resume }),
  });
}

function announce(view: TrainView, { recipe, run }: Plan, { train, test }: AnySamples, { model, epochs }: Training<Module>, backend: Backend): void {
  view.start({
    ...run,
    title: recipe.title,
    unit: recipe.task === "sequence" ? "sequences" : "images",
    samples: { train: train.length, test: test.length },
    epochs,
    parameters: model.parameters().reduce((sum, { size }) => sum + size, 0),
    backend: backend.name,
    threads: threadsOf(backend),
  });
}

/** Shows the steps and epochs of a training, and gathers what is shown at the end. */
class Progress {
  readonly losses: number[] = [];
  readonly accuracies: number[] = [];
  /** The epoch of the last step, from 1. */
  epoch = 0;
  /** Where the first step stood, in epochs. */
  from = 0;
  #pace: Pace | undefined;
  #samples = 0;

  constructor(private readonly view: TrainView, private readonly samplesPerEpoch: number, private readonly epochs: number) {}

  show(event: TrainEvent): void {
    if (event.type === "step") this.#step(event);
    if (event.type === "epoch") this.#epoch(event);
  }

  #epoch({ epoch, train, seconds: duration }: Extract<TrainEvent, { type: "epoch" }>): void {
    if ("accuracy" in train) this.accuracies.push(train.accuracy);
    this.view.epoch({ epoch, ...train, seconds: rounded(duration) });
  }

  #step({ epoch, batch, samples, loss }: Extract<TrainEvent, { type: "step" }>): void {
    const now = seconds();
    if (epoch !== this.epoch) this.#samples = (batch - 1) * samples;
    if (this.epoch === 0) this.from = epoch - 1;
    this.#pace ??= new Pace((this.epochs - epoch + 1) * this.samplesPerEpoch, now);
    this.epoch = epoch;
    this.losses.push(loss);
    this.#samples += samples;
    this.view.step({ epoch, samples: this.#samples, loss, ...this.#pace.advance(samples, now) });
  }
}

async function execute(plan: Plan, flags: TrainFlags, view: TrainView, io: Io): Promise<number> {
  const { recipe, run, out } = plan;
  const entry = datasetFor(recipe, run.data);
  const began = seconds();
  const data = recipe.samples(await loadData(entry, io, (progress) => { view.download(progress); }), { ...run, ...plan.tokenizers && { tokenizers: plan.tokenizers } });
  const backend = await openBackend(flags.backend, () => flopsPerBatch(recipe, run, "training", data.tokenizers));
  const training = setUp(plan, data, io);
  announce(view, plan, data, training, backend);
  const progress = new Progress(view, data.train.length, training.epochs);
  let aborted = false;
  for await (const event of training.run) {
    progress.show(event);
    if (event.type === "end") aborted = event.reason !== "completed";
  }
  if (aborted) {
    view.stop({ epoch: progress.epoch, checkpoint: out, resume: `dl train ${recipe.name} --resume ${quoted(out)}` });
    return EXIT.interrupted;
  }
  const evaluation = await recipe.evaluate(training.model, data.test, { labels: entry.classes, tokenizers: data.tokenizers });
  const took = rounded(seconds() - began);
  const { losses, from, accuracies } = progress;
  const folder = reportFolder(out);
  const files = [
    ...(await writeFigures(folder, learningCurves({ losses, from, to: training.epochs, accuracies }))),
    ...(await writePictures(folder, await recipe.draw(training.model, data.test, entry.classes))),
  ];
  const next = [`dl eval ${quoted(out)}`, ...recipe.next.map(suggestionLine)];
  view.end({ seconds: took, evaluation, losses, from, checkpoint: out, files, next });
  return EXIT.ok;
}

/** Trains a recipe's model and evaluates it. Returns the exit code. */
export async function train(recipe: AnyRecipe, given: RecipeFlags, flags: TrainFlags, io: Io): Promise<number> {
  const plan = await planTraining(recipe, given, flags);
  const view = flags.json === true ? jsonTrainView(io) : textTrainView(io);
  try {
    return await execute(plan, flags, view, io);
  } catch (error) {
    if (io.interrupted.aborted) throw new InterruptedError("stopped before the training began");
    throw error;
  } finally {
    view.close();
  }
}
