import { checkOptions } from "@dl/registry";

/** What a calculation found out. */
export interface Findings {
  /** What it shows, a line each, in the order of a lesson. */
  readonly text: readonly string[];
  /** Numbers by flat camelCase name. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Pictures as SVG text, by file name without an extension. */
  readonly figures: Readonly<Record<string, string>>;
}

export interface CalculationContext {
  /** Of everything random. Default 0. */
  readonly seed?: number;
}

interface CalculationFacts {
  readonly name: string;
  readonly title: string;
  /** The chapter of the course that it belongs to. */
  readonly chapter: number;
}

/** What the author of a calculation writes. */
export interface CalculationSpec extends CalculationFacts {
  calculate(seed: number): Findings | Promise<Findings>;
}

/** A recipe that computes something worth seeing, without a data set or a model to keep. */
export interface Calculation extends CalculationFacts {
  readonly kind: "calculation";
  /** The same context gives the same findings. */
  calculate(context?: CalculationContext): Promise<Findings>;
}

export const defineCalculation = (spec: CalculationSpec): Calculation => ({
  ...spec,
  kind: "calculation",
  calculate: async (context = {}) => {
    checkOptions(spec.name, context, ["seed"]);
    return spec.calculate(context.seed ?? 0);
  },
});
