import { stationaryShares } from "@dl/data";
import { StateError, ValueError, checkNumber, checkOptions, checkWhole } from "@dl/registry";
import { defaultGenerator, type Generator } from "@dl/tensor";

export interface MarkovChainOptions {
  /** How many states before are looked at, n. Default 1; 0 looks at none. */
  readonly order?: number;
  /** Added to every count, so that nothing is impossible. Default 0. (Laplace; Lidstone, 1920) */
  readonly smoothing?: number;
}

export interface SampleOptions<State> {
  /** States to draw behind the start. */
  readonly length: number;
  /** What it begins with, at least `order` states. Default: a context drawn by how often it was seen. */
  readonly start?: readonly State[];
  /** Default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** What followed one context. */
interface Context {
  /** By number of the state. */
  readonly counts: Map<number, number>;
  total: number;
}

const where = "MarkovChain";

/**
 * A process whose next state depends on the `order` states before it alone: P(xₜ | x₁ … xₜ₋₁) = P(xₜ | xₜ₋ₙ … xₜ₋₁), learnt by counting:
 * P(b | a) = (count(ab) + α)/(count(a·) + α·V) with the smoothing α and V different states. States are strings or numbers: characters, words, weather.
 *
 *     const chain = new MarkovChain<string>().fit(Array.from("abababac"));
 *     chain.probability("b", ["a"]);   // 0.75
 *
 * (Markov, 1913; Shannon, 1948)
 * @throws ValueError for an order or smoothing that is negative
 */
export class MarkovChain<State extends string | number = string> {
  readonly order: number;
  readonly smoothing: number;
  readonly #states: State[] = [];
  readonly #indexOf = new Map<State, number>();
  readonly #contexts = new Map<string, Context>();
  /** The states of each context, by its key. */
  readonly #histories = new Map<string, readonly number[]>();

  constructor(options: MarkovChainOptions = {}) {
    checkOptions(where, options, ["order", "smoothing"]);
    const { order = 1, smoothing = 0 } = options;
    checkWhole(where, "order", order);
    checkNumber(where, "smoothing", smoothing, 0);
    this.order = order;
    this.smoothing = smoothing;
  }

  /** All states that were seen, in the order in which they came. */
  get states(): readonly State[] {
    return this.#states;
  }

  /** Counts what follows what; another call adds to it. @throws ValueError for a sequence that is not longer than the order */
  fit(sequence: readonly State[]): this {
    if (sequence.length <= this.order) throw new ValueError("MarkovChain.fit", `the sequence has ${sequence.length} states for an order of ${this.order}`, "Give a longer one, or a smaller order", { length: sequence.length });
    const ids = sequence.map((state) => this.#learn(state));
    for (let t = this.order; t < ids.length; t++) {
      const context = this.#contextOf(ids.slice(t - this.order, t));
      context.counts.set(ids[t], (context.counts.get(ids[t]) ?? 0) + 1);
      context.total += 1;
    }
    return this;
  }

  /**
   * P(state | history), of which the last `order` states count. In a context that was never seen every state is equally likely.
   * @throws StateError before `fit`; ValueError for a shorter history
   */
  probability(state: State, history: readonly State[]): number {
    this.#checkFitted("MarkovChain.probability");
    const context = this.#contexts.get(this.#keyOf("MarkovChain.probability", history));
    const id = this.#indexOf.get(state);
    const divisor = (context?.total ?? 0) + this.smoothing * this.#states.length;
    if (id === undefined) return 0;
    return divisor === 0 ? 1 / this.#states.length : ((context?.counts.get(id) ?? 0) + this.smoothing) / divisor;
  }

  /** Σ ln P(xₜ | before) over the sequence from place `order` on, in nats; −Infinity where something impossible happens. @throws as `probability` */
  logLikelihood(sequence: readonly State[]): number {
    let sum = 0;
    for (let t = this.order; t < sequence.length; t++) sum += Math.log(this.probability(sequence[t], sequence.slice(t - this.order, t)));
    return sum;
  }

  /** exp(−log-likelihood / number of predictions): how many equally likely states the next one seems to have. @throws ValueError for a sequence without a prediction */
  perplexity(sequence: readonly State[]): number {
    if (sequence.length <= this.order) throw new ValueError("MarkovChain.perplexity", `the sequence has ${sequence.length} states for an order of ${this.order}`, "Give a longer one", { length: sequence.length });
    return Math.exp(-this.logLikelihood(sequence) / (sequence.length - this.order));
  }

  /** Draws states one after the other, the start included. The same generator, the same states. @throws StateError before `fit`; ValueError for a short start */
  sample(options: SampleOptions<State>): State[] {
    checkOptions("MarkovChain.sample", options, ["length", "start", "generator"]);
    this.#checkFitted("MarkovChain.sample");
    const { length, generator = defaultGenerator() } = options;
    checkWhole("MarkovChain.sample", "length", length);
    const sequence = [...(options.start ?? this.#drawHistory(generator))];
    for (let t = 0; t < length; t++) {
      const row = this.#states.map((state) => this.probability(state, sequence));
      sequence.push(this.#states[drawIndex(row, generator)]);
    }
    return sequence;
  }

  /** P(next | before) of a chain of order 1, rows and columns in the order of `states`. @throws StateError before `fit`, or for another order */
  transitionMatrix(): number[][] {
    const own = "MarkovChain.transitionMatrix";
    this.#checkFitted(own);
    if (this.order !== 1) throw new StateError(own, `the order is ${this.order}`, "Ask for probability(state, history), or use an order of 1");
    return this.#states.map((before) => this.#states.map((next) => this.probability(next, [before])));
  }

  /** The share of every state in the long run, π = π·P, from where the sequences began. @throws as `transitionMatrix` */
  stationary(): Map<State, number> {
    const shares = stationaryShares(this.transitionMatrix());
    return new Map(this.#states.map((state, i) => [state, shares[i]]));
  }

  /**
   * Nats that a state adds on average to what is known already: −Σ share(context) Σ P ln P, each context with its share of what was seen. For a chain of
   * order 1 in its stationary state this is the entropy rate. @throws StateError before `fit`
   */
  entropyRate(): number {
    this.#checkFitted("MarkovChain.entropyRate");
    const seen = [...this.#contexts.values()].reduce((sum, { total }) => sum + total, 0);
    let rate = 0;
    for (const [key, { total }] of this.#contexts) {
      const history = (this.#histories.get(key) ?? []).map((id) => this.#states[id]);
      for (const state of this.#states) {
        const p = this.probability(state, history);
        if (p > 0) rate -= (total / seen) * p * Math.log(p);
      }
    }
    return rate;
  }

  #learn(state: State): number {
    let id = this.#indexOf.get(state);
    if (id === undefined) {
      id = this.#states.length;
      this.#indexOf.set(state, id);
      this.#states.push(state);
    }
    return id;
  }

  #contextOf(history: readonly number[]): Context {
    const key = history.join(" ");
    let context = this.#contexts.get(key);
    if (context === undefined) {
      context = { counts: new Map(), total: 0 };
      this.#contexts.set(key, context);
      this.#histories.set(key, history);
    }
    return context;
  }

  #keyOf(own: string, history: readonly State[]): string {
    if (history.length < this.order) throw new ValueError(own, `the history has ${history.length} states for an order of ${this.order}`, `Give the last ${this.order} states`, { length: history.length });
    return this.order === 0 ? "" : history.slice(-this.order).map((state) => this.#indexOf.get(state) ?? -1).join(" ");
  }

  #drawHistory(generator: Generator): State[] {
    const contexts = [...this.#contexts];
    const drawn = drawIndex(contexts.map(([, { total }]) => total), generator);
    return (this.#histories.get(contexts[drawn][0]) ?? []).map((id) => this.#states[id]);
  }

  #checkFitted(own: string): void {
    if (this.#states.length === 0) throw new StateError(own, "the chain has seen nothing", "Call fit(sequence) first");
  }
}

/** A place, drawn with probabilities that are proportional to the weights. */
function drawIndex(weights: readonly number[], generator: Generator): number {
  let rest = generator.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const drawn = weights.findIndex((weight) => (rest -= weight) < 0);
  return drawn >= 0 ? drawn : weights.findLastIndex((weight) => weight > 0);
}
