import { backward } from "@dl/autograd";
import { full, isTensor, withGradMode } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { Module } from "../module/module.js";
import { clipGradNorm, clipGradValue } from "../optim/clip.js";
import { Averages } from "./averages.js";
import type { Observers } from "./observers.js";
import type { Averager, ScheduleOptions, TrainerOptimizer } from "./parts.js";
import type { Batch, Metric, Scores } from "./types.js";

/** What an update is made with. */
export interface Ingredients<X, Y, O> {
  readonly model: Module & { forward(x: X): O };
  readonly optimizer: TrainerOptimizer;
  readonly loss: (output: O, target: Y) => Tensor;
  readonly metrics: Readonly<Record<string, Metric<O, Y>>>;
  /** Batches per update. */
  readonly accumulate: number;
  readonly clipNorm: number | undefined;
  readonly clipValue: number | undefined;
  readonly schedule: ScheduleOptions | undefined;
  readonly ema: Averager | undefined;
}

/** What an update came to. */
export interface StepResult {
  readonly scores: Scores;
  readonly samples: number;
  readonly lr: readonly number[];
}

/** Samples in a batch: the first size of its target or input, 1 when neither is a tensor. */
export function samplesIn({ x, y }: { readonly x: unknown; readonly y?: unknown }): number {
  for (const value of [y, x]) if (isTensor(value) && value.ndim > 0) return value.shape[0];
  return 1;
}

/** Loss and metrics of one batch. */
export async function scoresOf<Y, O>(loss: Tensor, output: O, target: Y, metrics: Readonly<Record<string, Metric<O, Y>>>): Promise<Scores> {
  const [value] = await loss.data();
  const entries = Object.entries(metrics).map(async ([name, metric]) => [name, await withGradMode(false, () => metric(output, target))] as const);
  return { ...Object.fromEntries(await Promise.all(entries)), loss: value };
}

/**
 * One update in the making. Losses are means over their batch, so each batch counts with its samples: the gradient is that of all
 * batches as one.
 */
export class GradientStep<X, Y, O> {
  readonly #scores: { readonly scores: Scores; readonly samples: number }[] = [];
  #unread: { readonly loss: Tensor; readonly output: O; readonly y: Y; readonly samples: number }[] = [];
  #samples = 0;
  #batches = 0;

  constructor(private readonly parts: Ingredients<X, Y, O>, private readonly observers: Observers | null) {}

  /** Batches that were added. */
  get batches(): number {
    return this.#batches;
  }

  get isFull(): boolean {
    return this.#batches >= this.parts.accumulate;
  }

  /** Forward and backward. */
  async add(batch: Batch<X, Y>): Promise<void> {
    const { model, optimizer, accumulate } = this.parts;
    const { observers } = this;
    observers?.beforeForward(model);
    const { output, loss } = this.#forward(batch);
    const samples = samplesIn(batch);
    const context = { model, batch, output, loss, again: () => this.#forward(batch) };
    const watched = observers?.watchesBatches === true;
    if (watched) await observers.afterLoss(context);
    if (this.#batches === 0) optimizer.zeroGrad();
    if (accumulate === 1) backward(loss);
    else backward(loss, { gradient: full(loss.shape, samples, { dtype: loss.dtype, backend: loss.backend }) });
    this.#batches += 1;
    this.#samples += samples;
    if (watched) await observers.afterBackward(context);
    this.#unread.push({ loss, output, y: batch.y, samples });
    // Otherwise the outputs of all batches would be held at once.
    if (accumulate > 1) await this.#read();
  }

  /** Clips, updates the parameters, and all that follows every update. */
  async finish(): Promise<StepResult> {
    const { optimizer, accumulate, clipNorm, clipValue, schedule, ema, metrics } = this.parts;
    const lr = optimizer.groups?.map((group) => group.lr) ?? [];
    if (accumulate > 1) this.#divide();
    if (clipValue !== undefined) clipGradValue(optimizer.params, clipValue);
    if (clipNorm !== undefined) clipGradNorm(optimizer.params, clipNorm);
    optimizer.step();
    ema?.update();
    if (schedule?.per === "step") schedule.scheduler.step();
    await this.#read();
    return { scores: this.#mean(Object.keys(metrics)), samples: this.#samples, lr };
  }

  #forward({ x, y }: Batch<X, Y>): { readonly output: O; readonly loss: Tensor } {
    const output = this.parts.model.forward(x);
    return { output, loss: this.parts.loss(output, y) };
  }

  #divide(): void {
    withGradMode(false, () => {
      for (const p of this.parts.optimizer.params) if (p.gradient !== null) p.grad = p.gradient.div(this.#samples);
    });
  }

  async #read(): Promise<void> {
    const unread = this.#unread;
    this.#unread = [];
    for (const { loss, output, y, samples } of unread) this.#scores.push({ scores: await scoresOf(loss, output, y, this.parts.metrics), samples });
  }

  #mean(metricNames: readonly string[]): Scores {
    const [only] = this.#scores;
    if (this.#scores.length === 1) return only.scores;
    const averages = new Averages();
    for (const { scores, samples } of this.#scores) averages.add(scores, samples);
    return averages.scores(metricNames);
  }
}
