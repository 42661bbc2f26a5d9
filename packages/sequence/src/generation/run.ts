import { StateError } from "@dl/registry";

interface RunParts<S, R> {
  /** The function that gave the run, for errors. */
  readonly where: string;
  readonly steps: AsyncGenerator<S, void>;
  /** What awaiting gives, once the steps are over. */
  readonly result: () => R;
}

/** Work that starts when it is iterated, which gives its steps, or awaited, which gives the result. */
export class LazyRun<S, R> implements AsyncIterable<S>, PromiseLike<R> {
  readonly #parts: RunParts<S, R>;
  #iterated = false;
  #finished: Promise<R> | undefined;

  constructor(parts: RunParts<S, R>) {
    this.#parts = parts;
  }

  /** The steps, once. Leaving the loop ends the work; what there is until then is the result. */
  [Symbol.asyncIterator](): AsyncGenerator<S, void> {
    const { where, steps } = this.#parts;
    if (this.#iterated || this.#finished !== undefined) {
      throw new StateError(
        where, "the steps of this run were taken already",
        "Call it again for another run",
      );
    }
    this.#iterated = true;
    return steps;
  }

  /** Runs what is left to the end. */
  then<A = R, B = never>(fulfilled?: ((result: R) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    this.#finished ??= this.#drain();
    return this.#finished.then(fulfilled, rejected);
  }

  async #drain(): Promise<R> {
    const { steps, result } = this.#parts;
    while ((await steps.next()).done !== true);
    return result();
  }
}
