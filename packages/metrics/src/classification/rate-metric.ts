import { AVERAGE_OPTIONS, averageRate, checkAverage } from "./rates.js";
import type { Average, Averaged, AverageOptions, Rate } from "./rates.js";
import { CLASS_OPTIONS, TallyMetric } from "./tallies.js";
import type { ClassOptions, Tallies } from "./tallies.js";

/** Of the functions: without `numClasses`, classes are counted from the labels. Of the classes: without it, there are two. */
export type RateOptions<A extends Average = Average> = Partial<ClassOptions> & AverageOptions<A>;

const RATE_OPTIONS: readonly string[] = [...CLASS_OPTIONS, ...AVERAGE_OPTIONS];

/** A metric that is one share of each class's counts. */
export abstract class RateMetric<A extends Average> extends TallyMetric<Averaged<A>> {
  readonly #rate: Rate;
  readonly #options: AverageOptions<A>;

  protected constructor(name: string, rate: Rate, options: RateOptions<A>, more: readonly string[] = []) {
    const numClasses = options.numClasses ?? 2;
    super(name, { ...options, numClasses }, [...RATE_OPTIONS, ...more]);
    checkAverage(name, numClasses, options);
    this.#rate = rate;
    this.#options = options;
  }

  protected override measure(tallies: Tallies): Averaged<A> {
    return averageRate(`${this.name}.compute`, this.#rate, tallies, this.#options);
  }
}

