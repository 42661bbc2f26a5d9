import { backward, noGrad } from "@dl/autograd";
import { ValueError, checkOptions } from "@dl/registry";
import { isTensor, withGradMode } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { Module } from "../module/module.js";
import { clipGradNorm } from "../optim/clip.js";
import { checkRange } from "../optim/groups.js";
import type { OptimizerState } from "../optim/optimizer.js";
import { Averages } from "./averages.js";
import { Breath } from "./breath.js";
import { TrainingLoop } from "./loop.js";
import type { FitOptions } from "./loop.js";
import { TrainingRun } from "./run.js";
import type { Batch, Callback, Loader, Metric, Scores } from "./types.js";

/** What a trainer needs of an optimizer. */
export interface TrainerOptimizer {
  readonly params: readonly Tensor[];
  step(): void;
  zeroGrad(): void;
  stateDict(): OptimizerState;
  loadStateDict(state: OptimizerState): void;
}

export interface TrainerOptions<X = Tensor, Y = Tensor, O = Tensor> {
  readonly model: Module & { forward(x: X): O };
  readonly optimizer: TrainerOptimizer;
  /** The scalar to minimise; its mean over the samples of a batch. */
  readonly loss: (output: O, target: Y) => Tensor;
  /** Numbers to report beside the loss, by name, averaged over samples. */
  readonly metrics?: Readonly<Record<string, Metric<O, Y>>>;
  readonly callbacks?: readonly Callback[];
  /** Largest norm of the gradient; see `clipGradNorm`. */
  readonly clipNorm?: number;
}

/** Samples in a batch: the first size of its target or input, 1 when neither is a tensor. */
function samplesIn({ x, y }: Batch<unknown, unknown>): number {
  for (const value of [y, x]) if (isTensor(value) && value.ndim > 0) return value.shape[0];
  return 1;
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
  readonly #loss: (output: O, target: Y) => Tensor;
  readonly #metrics: Readonly<Record<string, Metric<O, Y>>>;
  readonly #clipNorm: number | undefined;

  constructor(options: TrainerOptions<X, Y, O>) {
    checkOptions("Trainer", options, ["model", "optimizer", "loss", "metrics", "callbacks", "clipNorm"]);
    const { model, optimizer, loss, metrics = {}, callbacks = [], clipNorm } = options;
    if (clipNorm !== undefined) checkRange("Trainer", "clipNorm", clipNorm);
    if ("loss" in metrics) throw new ValueError("Trainer", 'a metric is called "loss"', "The loss is reported anyway: choose another name");
    this.model = model;
    this.optimizer = optimizer;
    this.callbacks = callbacks;
    this.#loss = loss;
    this.#metrics = metrics;
    this.#clipNorm = clipNorm;
  }

  get metricNames(): readonly string[] {
    return Object.keys(this.#metrics);
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
    if (checkpoint?.every !== undefined && !(Number.isSafeInteger(checkpoint.every) && checkpoint.every > 0)) {
      throw new ValueError("Trainer.fit", `checkpoint.every is ${checkpoint.every}`, "Give a number of steps, 1 or more", { every: checkpoint.every });
    }
    const loop = new TrainingLoop(this, loader, options);
    return new TrainingRun(loop.events(), () => loop.history());
  }

  /** One update with a batch: forward, loss, backward, step. */
  async train({ x, y }: Batch<X, Y>): Promise<{ scores: Scores; samples: number }> {
    const output = this.model.forward(x);
    const loss = this.#loss(output, y);
    this.optimizer.zeroGrad();
    backward(loss);
    if (this.#clipNorm !== undefined) clipGradNorm(this.optimizer.params, this.#clipNorm);
    this.optimizer.step();
    return { scores: await this.#score(loss, output, y), samples: samplesIn({ x, y }) };
  }

  /** Loss and metrics over a loader, in evaluation mode and without gradients. */
  async evaluate(loader: Loader<Batch<X, Y>>): Promise<Scores> {
    const averages = new Averages();
    const breath = new Breath();
    for await (const { x, y } of loader) {
      const [output, loss] = this.#evaluating(() => {
        const result = this.model.forward(x);
        return [result, this.#loss(result, y)] as const;
      });
      averages.add(await this.#score(loss, output, y), samplesIn({ x, y }));
      await breath.take();
    }
    return averages.scores(this.metricNames);
  }

  /** The model's output in evaluation mode, without gradients. */
  predict(x: X): O {
    return this.#evaluating(() => this.model.forward(x));
  }

  /** Runs `body` in evaluation mode, and puts every module's own mode back. */
  #evaluating<T>(body: () => T): T {
    const modes = this.model.namedModules().map(([, module]) => [module, module.training] as const);
    this.model.eval();
    try {
      return noGrad(body);
    } finally {
      for (const [module, training] of modes) module.training = training;
    }
  }

  async #score(loss: Tensor, output: O, target: Y): Promise<Scores> {
    const [value] = await loss.data();
    const entries = Object.entries(this.#metrics).map(async ([name, metric]) => [name, await withGradMode(false, () => metric(output, target))] as const);
    return { ...Object.fromEntries(await Promise.all(entries)), loss: value };
  }
}
