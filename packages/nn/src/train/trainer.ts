import { noGrad } from "@dl/autograd";
import { ValueError, checkOptions } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { evaluating } from "../module/evaluating.js";
import type { Module } from "../module/module.js";
import { checkRange } from "../optim/groups.js";
import { Averages } from "./averages.js";
import { Breath } from "./breath.js";
import type { Callback } from "./callback.js";
import type { EvaluationEvent, PredictionEvent, ReadOptions } from "./evaluation.js";
import type { FitOptions } from "./fit-options.js";
import { GradientStep, samplesIn, scoresOf } from "./gradient-step.js";
import { TrainingLoop } from "./loop.js";
import type { Observers } from "./observers.js";
import { checkSchedule } from "./parts.js";
import type { Averager, ScheduleOptions, TrainerOptimizer } from "./parts.js";
import { Run, TrainingRun } from "./run.js";
import type { Batch, Loader, Metric, Scores } from "./types.js";

export interface TrainerOptions<X = Tensor, Y = Tensor, O = Tensor> {
  readonly model: Module & { forward(x: X): O };
  readonly optimizer: TrainerOptimizer;
  /** The scalar to minimise; its mean over the samples of a batch. */
  readonly loss: (output: O, target: Y) => Tensor;
  /** Numbers to report beside the loss, by name, averaged over samples. */
  readonly metrics?: Readonly<Record<string, Metric<O, Y>>>;
  readonly callbacks?: readonly Callback[];
  /** Batches per update, which then is that of all of them as one; the last update of an epoch may have fewer. Default 1. */
  readonly accumulate?: number;
  /** Largest norm of the gradient; see `clipGradNorm`. */
  readonly clipNorm?: number;
  /** Largest magnitude of an element of the gradient, limited before the norm is; see `clipGradValue`. */
  readonly clipValue?: number;
  /** What changes the learning rates, and when. */
  readonly schedule?: ScheduleOptions;
  /** Averages the weights after every update; evaluation and prediction use the averages. */
  readonly ema?: Averager;
}

const optionNames = ["model", "optimizer", "loss", "metrics", "callbacks", "accumulate", "clipNorm", "clipValue", "schedule", "ema"];

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

function checkTrainer<X, Y, O>(options: TrainerOptions<X, Y, O>): void {
  checkOptions("Trainer", options, optionNames);
  const { metrics = {}, accumulate = 1, clipNorm, clipValue, schedule } = options;
  if (clipNorm !== undefined) checkRange("Trainer", "clipNorm", clipNorm);
  if (clipValue !== undefined) checkRange("Trainer", "clipValue", clipValue);
  if (schedule !== undefined) checkSchedule(schedule);
  if (!isCount(accumulate)) throw new ValueError("Trainer", `accumulate is ${accumulate}`, "Give a number of batches, 1 or more", { accumulate });
  if ("loss" in metrics) throw new ValueError("Trainer", 'a metric is called "loss"', "The loss is reported anyway: choose another name");
}

/**
 * Trains, evaluates and predicts.
 *
 *     const trainer = new Trainer({ model, optimizer, loss: crossEntropy });
 *     for await (const event of trainer.fit(loader, { epochs: 10, validation })) console.log(event);
 *     const history = await trainer.fit(loader, { epochs: 20 });   // the same without looking
 */
export class Trainer<X = Tensor, Y = Tensor, O = Tensor> {
  readonly model: Module & { forward(x: X): O };
  readonly optimizer: TrainerOptimizer;
  readonly callbacks: readonly Callback[];
  readonly schedule: ScheduleOptions | undefined;
  readonly ema: Averager | undefined;
  readonly #options: TrainerOptions<X, Y, O>;

  constructor(options: TrainerOptions<X, Y, O>) {
    checkTrainer(options);
    this.model = options.model;
    this.optimizer = options.optimizer;
    this.callbacks = options.callbacks ?? [];
    this.schedule = options.schedule;
    this.ema = options.ema;
    this.#options = options;
  }

  get metricNames(): readonly string[] {
    return Object.keys(this.#metrics);
  }

  get #metrics(): Readonly<Record<string, Metric<O, Y>>> {
    return this.#options.metrics ?? {};
  }

  /**
   * Trains for `epochs` loops over the loader. Nothing runs before the result is iterated, which gives events, or awaited, which
   * gives the history. What a step throws comes out there. After an abort, and after "stop" from a callback, a checkpoint is
   * written if one was asked for, from which `resume` continues bit for bit.
   * @throws ValueError, UnknownNameError for bad options
   */
  fit(loader: Loader<Batch<X, Y>>, options: FitOptions<Batch<X, Y>> = {}): TrainingRun {
    checkOptions("Trainer.fit", options, ["epochs", "validation", "signal", "checkpoint", "resume"]);
    checkOptions("Trainer.fit checkpoint", options.checkpoint, ["dir", "every", "assets"]);
    const { epochs = 1, checkpoint } = options;
    if (!Number.isSafeInteger(epochs) || epochs < 0) throw new ValueError("Trainer.fit", `epochs is ${epochs}`, "Give a whole number", { epochs });
    if (checkpoint?.every !== undefined && !isCount(checkpoint.every)) {
      throw new ValueError("Trainer.fit", `checkpoint.every is ${checkpoint.every}`, "Give a number of steps, 1 or more", { every: checkpoint.every });
    }
    const loop = new TrainingLoop(this, loader, options);
    return new TrainingRun({ where: "Trainer.fit", events: loop.events(), result: () => loop.history() }, (assets) => loop.pack(assets));
  }

  /** One update with a batch: forward, loss, backward, step. Callbacks do not see it. */
  async train(batch: Batch<X, Y>): Promise<{ readonly scores: Scores; readonly samples: number }> {
    const step = this.begin(null);
    await step.add(batch);
    return step.finish();
  }

  /** An update to be put together from batches. @internal */
  begin(observers: Observers | null): GradientStep<X, Y, O> {
    const { model, optimizer, loss, accumulate = 1, clipNorm, clipValue, schedule, ema } = this.#options;
    return new GradientStep({ model, optimizer, loss, metrics: this.#metrics, accumulate, clipNorm, clipValue, schedule, ema }, observers);
  }

  /**
   * Loss and metrics over a loader, in evaluation mode and without gradients, with the averages where the trainer has an `ema`.
   * Nothing runs before the result is awaited, which gives the scores, or iterated, which gives an event per batch.
   * @throws UnknownNameError for bad options; the signal's reason when it aborts
   */
  evaluate(loader: Loader<Batch<X, Y>>, options: ReadOptions = {}): Run<EvaluationEvent, Scores> {
    checkOptions("Trainer.evaluate", options, ["signal"]);
    const averages = new Averages();
    return new Run({ where: "Trainer.evaluate", events: this.#evaluation(loader, averages, options), result: () => averages.scores(this.metricNames) });
  }

  async *#evaluation(loader: Loader<Batch<X, Y>>, averages: Averages, { signal }: ReadOptions): AsyncGenerator<EvaluationEvent, void> {
    const breath = new Breath();
    let [batches, total] = [0, 0];
    for await (const { x, y } of loader) {
      signal?.throwIfAborted();
      const [output, loss] = this.#evaluating(() => {
        const result = this.model.forward(x);
        return [result, this.#options.loss(result, y)] as const;
      });
      const samples = samplesIn({ x, y });
      averages.add(await scoresOf(loss, output, y, this.#metrics), samples);
      batches += 1;
      total += samples;
      yield { type: "batch", batch: batches, samples, scores: averages.scores(this.metricNames) };
      await breath.take();
    }
    yield { type: "end", batches, samples: total, scores: averages.scores(this.metricNames) };
  }

  /** The model's output in evaluation mode, without gradients, with the averages where the trainer has an `ema`. */
  predict(x: X): O {
    return this.#evaluating(() => this.model.forward(x));
  }

  /**
   * `predict` for every batch of a loader. Nothing runs before the result is iterated, which gives an event per batch and keeps
   * nothing, or awaited, which gives all outputs.
   * @throws UnknownNameError for bad options; the signal's reason when it aborts
   */
  predictAll(loader: Loader<{ readonly x: X }>, options: ReadOptions = {}): Run<PredictionEvent<O>, readonly O[]> {
    checkOptions("Trainer.predictAll", options, ["signal"]);
    const outputs: O[] = [];
    return new Run({ where: "Trainer.predictAll", events: this.#predictions(loader, options), result: () => outputs, gather: ({ output }) => outputs.push(output) });
  }

  async *#predictions(loader: Loader<{ readonly x: X }>, { signal }: ReadOptions): AsyncGenerator<PredictionEvent<O>, void> {
    const breath = new Breath();
    let batch = 0;
    for await (const { x } of loader) {
      signal?.throwIfAborted();
      batch += 1;
      yield { type: "batch", batch, samples: samplesIn({ x }), output: this.predict(x) };
      await breath.take();
    }
  }

  /** Runs `body` in evaluation mode, without gradients, with the averages where there are some. */
  #evaluating<T>(body: () => T): T {
    return evaluating(this.model, () => noGrad(() => (this.ema === undefined ? body() : this.ema.swap(body))));
  }
}
