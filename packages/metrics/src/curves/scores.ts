import { checkOptions, ValueError } from "@dl/registry";
import { checkLabels, checkPairs, checkScores } from "../common/checks.js";
import { lists, StreamingMetric } from "../common/streaming.js";

/** Scores and labels, one of each for a row. */
export interface Scored {
  readonly scores: readonly number[];
  readonly labels: readonly number[];
}

/** What happens as the threshold falls to each distinct score: how many rows are positive by then, rightly (tp) and wrongly (fp). */
export interface Sweep {
  /** Distinct scores, falling. */
  readonly thresholds: readonly number[];
  readonly tp: readonly number[];
  readonly fp: readonly number[];
}

/** Rows with equal scores become positive together, whatever their order. */
export function sweep({ scores, labels }: Scored): Sweep {
  const order = scores.map((_, row) => row).sort((a, b) => (scores[a] === scores[b] ? 0 : scores[b] > scores[a] ? 1 : -1));
  const thresholds: number[] = [];
  const [tp, fp]: [number[], number[]] = [[], []];
  let positives = 0;
  order.forEach((row, i) => {
    positives += labels[row];
    const next = order[i + 1] as number | undefined;
    if (next !== undefined && scores[next] === scores[row]) return;
    thresholds.push(scores[row]);
    tp.push(positives);
    fp.push(i + 1 - positives);
  });
  return { thresholds, tp, fp };
}

/** @throws ValueError when there is no row of a class that the curve needs */
export function checkClassesPresent(where: string, labels: readonly number[], needed: readonly number[], what: string): void {
  for (const label of needed) {
    if (!labels.includes(label)) {
      const fact = `all ${labels.length} labels are ${labels[0]}; ${what} is not defined without a ${label}`;
      throw new ValueError(where, fact, "Evaluate on rows of both classes", { label });
    }
  }
}

/** A metric of two classes that needs all scores at once: it keeps them. */
export abstract class ScoreMetric<Result> extends StreamingMetric<number[][], Result> {
  protected constructor(name: string, options: object = {}, known: readonly string[] = []) {
    checkOptions(name, options, known);
    super(name, lists(2));
  }

  protected abstract measure(scored: Scored): Result;

  /**
   * Keeps a batch: a score for each row, higher for class 1, and its label, 0 or 1.
   * @throws ShapeError when the two differ in length
   * @throws ValueError for a score that is NaN or a label other than 0 and 1; nothing is kept
   */
  update(scores: ArrayLike<number>, labels: ArrayLike<number>): this {
    const where = `${this.name}.update`;
    checkPairs(where, scores, labels);
    checkScores(where, scores);
    checkLabels(where, "label", labels, 2);
    return this.absorb([Array.from(scores), Array.from(labels)]);
  }

  protected override resultOf([scores, labels]: number[][]): Result {
    return this.measure({ scores, labels });
  }
}
