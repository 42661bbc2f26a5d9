import { StateError } from "@dl/registry";
import type { Module } from "../module/module.js";
import type { Answer, BatchContext, Callback, TrainingCallback, TrainingContext } from "./callback.js";
import type { TrainEvent } from "./types.js";

const asObject = (callback: Callback): TrainingCallback => (typeof callback === "function" ? { name: "function", on: (event) => callback(event) } : callback);

/** The callbacks of one training. */
export class Observers {
  /** In the order they are called in. */
  readonly #all: readonly TrainingCallback[];
  /** Those with a state, by a name of their own. */
  readonly #stateful = new Map<string, TrainingCallback>();
  readonly #restored = new Set<TrainingCallback>();

  constructor(callbacks: readonly Callback[], private readonly context: TrainingContext) {
    const objects = callbacks.map(asObject);
    const isLast = ({ runsLast = false }: TrainingCallback): boolean => runsLast;
    this.#all = [...objects.filter((callback) => !isLast(callback)), ...objects.filter(isLast)];
    for (const callback of objects) {
      if (callback.stateDict === undefined) continue;
      const taken = [...this.#stateful.values()].filter(({ name }) => name === callback.name).length;
      this.#stateful.set(taken === 0 ? callback.name : `${callback.name} ${taken + 1}`, callback);
    }
  }

  async prepare(): Promise<void> {
    for (const callback of this.#all) await callback.prepare?.(this.context.model);
  }

  /** Whether some callback answers "stop". */
  async start(): Promise<boolean> {
    const answers: Answer[] = [];
    for (const callback of this.#all) answers.push(await callback.start?.(this.context, this.#restored.has(callback)));
    return answers.includes("stop");
  }

  /** Whether some callback answers "stop". */
  async emit(event: TrainEvent): Promise<boolean> {
    const answers: Answer[] = [];
    for (const callback of this.#all) answers.push(await callback.on?.(event, this.context));
    return answers.includes("stop");
  }

  beforeForward(model: Module): void {
    for (const callback of this.#all) callback.beforeForward?.(model);
  }

  /** Waits for nothing when no callback looks at batches. */
  async afterLoss(context: BatchContext): Promise<void> {
    for (const callback of this.#all) if (callback.afterLoss !== undefined) await callback.afterLoss(context);
  }

  async afterBackward(context: BatchContext): Promise<void> {
    for (const callback of this.#all) if (callback.afterBackward !== undefined) await callback.afterBackward(context);
  }

  get watchesBatches(): boolean {
    return this.#all.some((callback) => callback.afterLoss !== undefined || callback.afterBackward !== undefined);
  }

  state(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#stateful].map(([name, callback]) => [name, callback.stateDict?.()]));
  }

  /** @throws StateError for a state that no callback takes */
  check(states: Readonly<Record<string, unknown>>): void {
    const lost = Object.keys(states).find((name) => !this.#stateful.has(name));
    if (lost === undefined) return;
    const present = [...this.#stateful.keys()].join(", ") || "none";
    throw new StateError("Trainer", `the checkpoint has the state of a callback "${lost}", the trainer's callbacks with a state are: ${present}`, "Give the trainer the callbacks of the first run; more may be added");
  }

  /** Those that have no state here start anew. */
  restore(states: Readonly<Record<string, unknown>>): void {
    for (const [name, callback] of this.#stateful) {
      if (!Object.hasOwn(states, name) || callback.loadStateDict === undefined) continue;
      callback.loadStateDict(states[name]);
      this.#restored.add(callback);
    }
  }
}
