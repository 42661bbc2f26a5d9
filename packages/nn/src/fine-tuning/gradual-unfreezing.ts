import { checkOptions, checkWhole } from "@dl/registry";
import type { TrainingCallback, TrainingContext } from "../train/callback.js";
import type { TrainEvent } from "../train/types.js";
import { freeze, unfreeze } from "./freeze.js";
import { checkParts, partsOf } from "./parts.js";

export interface GradualUnfreezingOptions {
  /** Paths of parts from the input to the output; the model's own children by default. */
  readonly parts?: readonly string[];
  /** Epochs between one part and the next. Default 1. */
  readonly every?: number;
}

/**
 * Trains the last part alone at first, and one part more, from the output to the input, after each `every` epochs. The optimizer has to have all
 * parameters; those that are frozen have no gradient and are left alone. (Howard & Ruder, 2018)
 */
export class GradualUnfreezing implements TrainingCallback {
  readonly name = "GradualUnfreezing";
  readonly #parts: readonly string[] | undefined;
  readonly #every: number;

  constructor(options: GradualUnfreezingOptions = {}) {
    checkOptions("GradualUnfreezing", options, ["parts", "every"]);
    const { parts, every = 1 } = options;
    checkWhole("GradualUnfreezing", "every", every, 1);
    this.#parts = parts;
    this.#every = every;
  }

  /** @throws UnknownNameError for a part that the model does not have */
  start({ model, epoch }: TrainingContext): undefined {
    checkParts(this.name, model, this.#parts ?? partsOf(model));
    this.#open(model, epoch);
  }

  on(event: TrainEvent, { model }: TrainingContext): undefined {
    if (event.type === "epoch") this.#open(model, event.epoch);
  }

  /** After `epoch` epochs, the last 1 + ⌊epoch/every⌋ parts learn; in the end also what belongs to none. */
  #open(model: TrainingContext["model"], epoch: number): void {
    const parts = this.#parts ?? partsOf(model);
    const count = 1 + Math.floor(epoch / this.#every);
    if (count > parts.length) {
      unfreeze(model);
      return;
    }
    freeze(model);
    for (const part of parts.slice(-count)) unfreeze(model, part);
  }
}
