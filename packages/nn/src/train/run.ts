import { StateError } from "@dl/registry";
import type { CheckpointFiles, CheckpointParts } from "../io/checkpoint.js";
import type { History, TrainEvent } from "./types.js";

/** What a `Run` is made of. */
export interface RunParts<E, R> {
  /** The function that gave the run, for errors. */
  readonly where: string;
  readonly events: AsyncGenerator<E, void>;
  /** What awaiting gives, once the events are over. */
  readonly result: () => R;
  /** Sees the events that nobody iterates over. */
  readonly gather?: (event: E) => void;
}

/**
 * Work that starts when it is iterated, which gives events, or awaited, which gives the result.
 *
 *     return new Run({ where: "count", events: steps(), result: () => total });
 */
export class Run<E, R> implements AsyncIterable<E>, PromiseLike<R> {
  readonly #parts: RunParts<E, R>;
  #iterated = false;
  #finished: Promise<R> | undefined;

  constructor(parts: RunParts<E, R>) {
    this.#parts = parts;
  }

  /** The events, once. Leaving the loop ends the work; a training then writes no checkpoint. What there is until then is the result. */
  [Symbol.asyncIterator](): AsyncGenerator<E, void> {
    const { where, events } = this.#parts;
    if (this.#iterated || this.#finished !== undefined) {
      throw new StateError(where, "the events of this run were taken already", "Call it again for another run");
    }
    this.#iterated = true;
    return events;
  }

  /** Runs what is left to the end. */
  then<A = R, B = never>(
    fulfilled?: ((result: R) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#finished ??= this.#drain();
    return this.#finished.then(fulfilled, rejected);
  }

  async #drain(): Promise<R> {
    const { events, gather, result } = this.#parts;
    for (let next = await events.next(); next.done !== true; next = await events.next()) gather?.(next.value);
    return result();
  }
}

type Assets = CheckpointParts["assets"];

/** A training that starts when it is iterated or awaited. */
export class TrainingRun extends Run<TrainEvent, History> {
  readonly #pack: (assets: Assets) => Promise<CheckpointFiles>;

  constructor(parts: RunParts<TrainEvent, History>, pack: (assets: Assets) => Promise<CheckpointFiles>) {
    super(parts);
    this.#pack = pack;
  }

  /**
   * The files of a checkpoint of the training as it stands, to be kept anywhere: `fit` goes on from what `unpackCheckpoint` makes of them.
   * Between two events, or after the last one. In browsers, too; `checkpoint` of `fit` writes a folder.
   */
  pack(assets?: Assets): Promise<CheckpointFiles> {
    return this.#pack(assets);
  }
}
