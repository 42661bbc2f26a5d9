import { StateError } from "@dl/registry";
import type { History, TrainEvent } from "./types.js";

/** A training that starts when it is iterated or awaited. */
export class TrainingRun implements AsyncIterable<TrainEvent>, PromiseLike<History> {
  readonly #events: AsyncGenerator<TrainEvent, void>;
  readonly #history: () => History;
  #iterated = false;
  #finished: Promise<History> | undefined;

  constructor(events: AsyncGenerator<TrainEvent, void>, history: () => History) {
    this.#events = events;
    this.#history = history;
  }

  /** The events, once. Leaving the loop ends the training without a checkpoint. */
  [Symbol.asyncIterator](): AsyncGenerator<TrainEvent, void> {
    if (this.#iterated || this.#finished !== undefined) {
      throw new StateError("Trainer.fit", "the events of this training were taken already", "Call fit again for another training");
    }
    this.#iterated = true;
    return this.#events;
  }

  /** Runs what is left to the end. */
  then<A = History, B = never>(
    fulfilled?: ((history: History) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#finished ??= this.#drain();
    return this.#finished.then(fulfilled, rejected);
  }

  async #drain(): Promise<History> {
    let next = await this.#events.next();
    while (next.done !== true) next = await this.#events.next();
    return this.#history();
  }
}
