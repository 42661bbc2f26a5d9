import { StateError, ValueError } from "@dl/registry";

/** How the states of two batches become the state of both. */
export interface Accumulation<State> {
  empty(): State;
  /** Changes `into`; `from` stays as it is. */
  add(into: State, from: State): void;
  isEmpty(state: State): boolean;
}

/** States that are a fixed number of sums; the first one is how much was counted. */
export const sums = (length: number): Accumulation<Float64Array> => ({
  empty: () => new Float64Array(length),
  add: (into, from) => { from.forEach((value, i) => (into[i] += value)); },
  isEmpty: (state) => state[0] === 0,
});

/**
 * What every streaming metric has: batches add up (`update`, in each class), so do instances (`merge`), and `compute` gives the same as
 * one batch of everything. A batch that is refused leaves nothing behind.
 */
export abstract class StreamingMetric<State, Result> {
  /** The class's name, for messages; minifiers change the real one. */
  protected readonly name: string;
  readonly #accumulation: Accumulation<State>;
  readonly #settings: string;
  #state: State;

  /** `settings`: the options that what is counted depends on; only metrics that agree in them merge. */
  protected constructor(name: string, accumulation: Accumulation<State>, settings: object = {}) {
    this.name = name;
    this.#accumulation = accumulation;
    this.#settings = JSON.stringify(settings);
    this.#state = accumulation.empty();
  }

  protected abstract resultOf(state: State): Result;

  protected absorb(batch: State): this {
    this.#accumulation.add(this.#state, batch);
    return this;
  }

  /** @throws StateError when nothing was counted */
  compute(): Result {
    if (this.#accumulation.isEmpty(this.#state)) throw new StateError(`${this.name}.compute`, "nothing was counted yet", "Call update first");
    return this.resultOf(this.#state);
  }

  /**
   * Adds what another one counted.
   * @throws ValueError when it is another metric, or counts with other options
   */
  merge(other: this): this {
    const where = `${this.name}.merge`;
    if (other.constructor !== this.constructor) throw new ValueError(where, `got a ${other.name}`, "Merge metrics of the same class");
    if (other.#settings !== this.#settings) {
      throw new ValueError(where, `a metric with ${other.#settings} cannot be added to one with ${this.#settings}`, "Use the same options");
    }
    return this.absorb(other.#state);
  }

  reset(): this {
    this.#state = this.#accumulation.empty();
    return this;
  }
}

/** The length is read first, so that a list can be appended to itself. */
function append(into: number[], values: readonly number[]): void {
  const { length } = values;
  for (let i = 0; i < length; i++) into.push(values[i]);
}

/** States that keep all values: a number of lists that grow. */
export const lists = (count: number): Accumulation<number[][]> => ({
  empty: () => Array.from({ length: count }, () => []),
  add: (into, from) => { from.forEach((values, i) => { append(into[i], values); }); },
  isEmpty: (state) => state.every((values) => values.length === 0),
});
