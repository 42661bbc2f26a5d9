import { checkOptions, checkPositive } from "@dl/registry";
import { StreamingMetric, sums } from "../common/streaming.js";
import { translations } from "./tokens.js";
import type { Sentence } from "./tokens.js";

export interface RougeScore {
  readonly precision: number;
  readonly recall: number;
  readonly fMeasure: number;
}

export interface RougeLOptions {
  /** How many times more recall matters than precision in fMeasure. Default 1. */
  readonly beta?: number;
}

/** The length of the longest common subsequence, which may have gaps. */
export function commonSubsequence(a: readonly string[], b: readonly string[]): number {
  let previous = new Uint32Array(b.length + 1);
  for (const token of a) {
    const current = new Uint32Array(b.length + 1);
    for (let j = 1; j <= b.length; j++) current[j] = token === b[j - 1] ? previous[j - 1] + 1 : Math.max(previous[j], current[j - 1]);
    previous = current;
  }
  return previous[b.length];
}

function scoreOf(candidate: readonly string[], reference: readonly string[], beta: number): RougeScore {
  const common = commonSubsequence(candidate, reference);
  if (common === 0) return { precision: 0, recall: 0, fMeasure: 0 };
  const precision = common / candidate.length;
  const recall = common / reference.length;
  const square = beta * beta;
  return { precision, recall, fMeasure: ((1 + square) * precision * recall) / (recall + square * precision) };
}

/** ROUGE-L over any number of batches; see `rougeL`. */
export class RougeL extends StreamingMetric<Float64Array, RougeScore> {
  readonly #beta: number;

  /** @throws ValueError for a beta that is not above 0 */
  constructor(options: RougeLOptions = {}) {
    const name = "RougeL";
    checkOptions(name, options, ["beta"]);
    const { beta = 1 } = options;
    checkPositive(name, "beta", beta);
    super(name, sums(4), { beta });
    this.#beta = beta;
  }

  /**
   * Counts a batch of candidates, each with one or more references.
   * @throws ShapeError when there are not as many lists of references as candidates
   * @throws ValueError when a candidate has no reference; nothing is counted
   */
  update(candidates: readonly Sentence[], references: readonly (readonly Sentence[])[]): this {
    const batch = new Float64Array(4);
    for (const { candidate, references: own } of translations("RougeL.update", candidates, references)) {
      const scores = own.map((reference) => scoreOf(candidate, reference, this.#beta));
      const { precision, recall, fMeasure } = scores.reduce((best, next) => (next.fMeasure > best.fMeasure ? next : best));
      [1, precision, recall, fMeasure].forEach((value, i) => (batch[i] += value));
    }
    return this.absorb(batch);
  }

  protected override resultOf([count, precision, recall, fMeasure]: Float64Array): RougeScore {
    return { precision: precision / count, recall: recall / count, fMeasure: fMeasure / count };
  }
}

/**
 * ROUGE-L (Lin 2004): with L the length of the longest common subsequence, precision L / candidate, recall L / reference and
 * fMeasure (1 + β²)·P·R / (R + β²·P), averaged over the candidates; of several references the one with the best fMeasure counts.
 * @throws ShapeError when there are not as many lists of references as candidates
 * @throws ValueError when a candidate has no reference
 * @throws StateError when there are none
 */
export const rougeL = (candidates: readonly Sentence[], references: readonly (readonly Sentence[])[], options: RougeLOptions = {}): RougeScore =>
  new RougeL(options).update(candidates, references).compute();
