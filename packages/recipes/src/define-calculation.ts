import { checkOptions, ValueError } from "@dl/registry";
import type { Pictures } from "./define-recipe.js";

/** What a calculation found out. */
export interface Findings {
  /** What it shows, a line each, in the order of a lesson. */
  readonly text: readonly string[];
  /** Numbers by flat camelCase name. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Drawings as SVG text, by file name without an extension. */
  readonly figures: Readonly<Record<string, string>>;
  /** Pictures of pixels, [C, H, W] in 0..1, by file name without an extension. */
  readonly pictures?: Pictures;
}

export interface CalculationContext<Data = unknown> {
  /** Of everything random. Default 0. */
  readonly seed?: number;
  /** The data set that `dataset` names, loaded: what `loadDataset` of @dl/data gives for it. */
  readonly data?: Data;
}

interface CalculationFacts {
  readonly name: string;
  readonly title: string;
  /** The chapter of the course that it belongs to. */
  readonly chapter: number;
}

/** What the author of a calculation that needs no data set writes. */
export interface CalculationSpec extends CalculationFacts {
  calculate(seed: number): Findings | Promise<Findings>;
}

/** What the author of a calculation on a data set writes. */
export interface DataCalculationSpec<Data> extends CalculationFacts {
  /** Its name in the registry. */
  readonly dataset: string;
  calculate(data: Data, seed: number): Findings | Promise<Findings>;
}

/** A recipe that computes something worth seeing, without a model to keep. */
export interface Calculation<Data = unknown> extends CalculationFacts {
  readonly kind: "calculation";
  /** The name of the data set that it needs, if any. */
  readonly dataset?: string;
  /**
   * The same context gives the same findings, but for times that were measured.
   * @throws UnknownNameError for an option that is none, ValueError without the data set that it needs
   */
  calculate(context?: CalculationContext<Data>): Promise<Findings>;
}

/** Turns the description of a calculation into a recipe that apps can run. */
export function defineCalculation(spec: CalculationSpec): Calculation {
  return {
    ...spec,
    kind: "calculation",
    calculate: async (context = {}) => {
      checkOptions(spec.name, context, ["seed"]);
      return spec.calculate(context.seed ?? 0);
    },
  };
}

/** The same for one that is about a data set: `defineDataCalculation<DataOf<typeof datasets.iris>>({ dataset: "iris", … })`. */
export function defineDataCalculation<Data>(spec: DataCalculationSpec<Data>): Calculation<Data> {
  const { name, dataset } = spec;
  return {
    ...spec,
    kind: "calculation",
    calculate: async (context = {}) => {
      checkOptions(name, context, ["seed", "data"]);
      const { data, seed = 0 } = context;
      if (data === undefined) throw new ValueError(name, `it needs the data set ${dataset}`, `Give it as data: await loadDataset(datasets[${JSON.stringify(dataset)}])`, { dataset });
      return spec.calculate(data, seed);
    },
  };
}
