import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import type { Module } from "../module/module.js";
import type { TrainingCallback, TrainingContext } from "../train/callback.js";
import type { TrainEvent } from "../train/types.js";
import { magnitude } from "./prune.js";
import type { MagnitudeOptions } from "./prune.js";
import { checkSparsity } from "./targets.js";

export interface GradualPruningOptions extends MagnitudeOptions {
  /** Share that is hidden before the first epoch. Default 0. */
  readonly initial?: number;
  /** Epochs before pruning begins. Default 0. */
  readonly begin?: number;
  /** The epoch after which `sparsity` is reached. */
  readonly end: number;
}

/**
 * Prunes while it trains, more and more slowly: after epoch t of begin … end the share is
 * s = sparsity + (initial − sparsity)·(1 − (t − begin)/(end − begin))³. The model has to have a layer around what is pruned, as a Sequential is.
 * (Zhu & Gupta, 2017)
 *
 *     new Trainer({ …, callbacks: [new GradualPruning({ sparsity: 0.8, end: 8 })] });
 *
 * @throws ValueError for shares or epochs out of range
 */
export class GradualPruning implements TrainingCallback {
  readonly name = "GradualPruning";
  readonly #options: Required<Pick<GradualPruningOptions, "sparsity" | "initial" | "begin" | "end" | "global">> & Pick<GradualPruningOptions, "pattern">;

  constructor(options: GradualPruningOptions) {
    checkOptions("GradualPruning", options, ["sparsity", "pattern", "global", "initial", "begin", "end"]);
    const { initial = 0, begin = 0, global = false } = options;
    checkSparsity("GradualPruning", options.sparsity);
    checkSparsity("GradualPruning", initial);
    checkWhole("GradualPruning", "begin", begin, 0);
    checkWhole("GradualPruning", "end", options.end, begin + 1);
    if (initial > options.sparsity) throw new ValueError("GradualPruning", `initial is ${initial}, sparsity ${options.sparsity}`, "What is hidden stays hidden: begin with less", { initial });
    this.#options = { ...options, initial, begin, global };
  }

  /** The share that is hidden after `epoch` epochs. */
  sparsityAfter(epoch: number): number {
    const { sparsity, initial, begin, end } = this.#options;
    const part = Math.min(1, Math.max(0, (epoch - begin) / (end - begin)));
    return sparsity + (initial - sparsity) * (1 - part) ** 3;
  }

  async prepare(model: Module): Promise<void> {
    await this.#prune(model, 0);
  }

  async start({ model, epoch }: TrainingContext): Promise<undefined> {
    await this.#prune(model, epoch);
  }

  async on(event: TrainEvent, { model }: TrainingContext): Promise<undefined> {
    if (event.type === "epoch") await this.#prune(model, event.epoch);
  }

  async #prune(model: Module, epoch: number): Promise<void> {
    const { pattern, global } = this.#options;
    await magnitude(model, { sparsity: this.sparsityAfter(epoch), global, ...(pattern !== undefined && { pattern }) });
  }
}
