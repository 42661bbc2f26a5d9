import { StateError, ValueError } from "@dl/registry";
import { isTensor } from "@dl/tensor";
import type { Module, TrainEvent, TrainingCallback, TrainingContext } from "@dl/nn";
import { RecurrentLM } from "./recurrent-lm.js";
import type { RecurrentState } from "./recurrent-cache.js";

function carrierIn(model: Module): RecurrentLM {
  if (model instanceof RecurrentLM) return model;
  throw new ValueError("CarriedState", `the model is ${model.constructor.name}, which has no state to carry`, "Use it with a RecurrentLM");
}

function stateIn(saved: unknown): RecurrentState | null {
  const isState = (value: unknown): value is RecurrentState => Array.isArray(value) && value.every(isTensor);
  const carried: unknown = typeof saved === "object" && saved !== null && "carried" in saved ? saved.carried : undefined;
  if (carried === null || isState(carried)) return carried;
  throw new StateError("CarriedState.loadStateDict", "there is no carried state in what is given", "Pass what stateDict() returned");
}

/**
 * Truncated backpropagation through time: each batch goes on from the state in which the one before it ended, without its gradients, and
 * every epoch starts from zeros. The batches must follow one another in the text, row by row, in every epoch. The state is part of
 * checkpoints, so that a training resumes exactly.
 *
 *     new Trainer({ model: new RecurrentLM(…), …, callbacks: [new CarriedState()] });
 *
 * (Williams & Peng, 1990)
 * @throws ValueError from `fit` for another model than a `RecurrentLM`
 */
export class CarriedState implements TrainingCallback {
  readonly name = "CarriedState";
  #model: RecurrentLM | null = null;
  #restored: RecurrentState | null = null;

  start({ model }: TrainingContext, restored: boolean): undefined {
    this.#model = carrierIn(model);
    this.#model.carry(restored ? this.#onBackend(this.#model) : null);
    this.#restored = null;
  }

  on(event: TrainEvent): undefined {
    if (event.type === "epoch") this.#model?.carry(null);
    if (event.type === "end") this.#model?.carry(undefined);
  }

  stateDict(): unknown {
    return { carried: this.#model?.carried ?? null };
  }

  loadStateDict(state: unknown): void {
    this.#restored = stateIn(state);
  }

  #onBackend({ head }: RecurrentLM): RecurrentState | null {
    return this.#restored?.map((part) => part.to(head.weight.backend).detach()) ?? null;
  }
}
