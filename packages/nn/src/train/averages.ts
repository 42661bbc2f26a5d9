import type { Scores } from "./types.js";

/** Sums as plain JSON. */
export interface AveragesState {
  readonly samples: number;
  readonly sums: Readonly<Record<string, number>>;
}

/** Averages of several named numbers, weighted by samples. */
export class Averages {
  #samples: number;
  readonly #sums: Map<string, number>;

  constructor({ samples, sums }: AveragesState = { samples: 0, sums: {} }) {
    this.#samples = samples;
    this.#sums = new Map(Object.entries(sums));
  }

  add(values: Readonly<Record<string, number>>, samples: number): void {
    this.#samples += samples;
    for (const [name, value] of Object.entries(values)) this.#sums.set(name, (this.#sums.get(name) ?? 0) + value * samples);
  }

  /** NaN for each name when nothing was added. */
  scores(names: readonly string[]): Scores {
    const average = (name: string): number => (this.#sums.get(name) ?? NaN) / this.#samples;
    return { ...Object.fromEntries(names.map((name) => [name, average(name)])), loss: average("loss") };
  }

  state(): AveragesState {
    return { samples: this.#samples, sums: Object.fromEntries(this.#sums) };
  }
}
