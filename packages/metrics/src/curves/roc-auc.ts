import { checkChoice, checkOptions, checkWhole, ValueError } from "@dl/registry";
import { checkLabels, checkPairs, checkScores, rowCount } from "../common/checks.js";
import { lists, StreamingMetric } from "../common/streaming.js";
import { auc } from "./auc.js";
import { rocPoints } from "./roc.js";

export interface RocAucOptions {
  /** Number of classes when scores are [N, numClasses]. Default: one score for each row, of class 1 of two. */
  readonly numClasses?: number;
  /** Of more classes: each against the rest ("ovr", default), or each against each ("ovo"; Hand & Till 2001). */
  readonly multiClass?: "ovr" | "ovo";
  /** The mean over classes or pairs, plain ("macro", default) or weighted by how frequent they are. */
  readonly average?: "macro" | "weighted";
}

interface Part {
  readonly area: number;
  readonly weight: number;
}

/** Rows of scores with their labels. */
class ScoreTable {
  readonly #where: string;
  readonly #scores: readonly number[];
  readonly #labels: readonly number[];
  readonly #numClasses: number;

  readonly #frequencies: readonly number[];

  /** @throws ValueError for a class without rows, or without others */
  constructor(where: string, scores: readonly number[], labels: readonly number[], numClasses: number) {
    this.#where = where;
    this.#scores = scores;
    this.#labels = labels;
    this.#numClasses = numClasses;
    this.#frequencies = Array.from({ length: numClasses }, (_, label) => this.#rowsOf(label).length);
    const label = this.#frequencies.findIndex((count) => count === 0 || count === labels.length);
    if (label >= 0) throw new ValueError(where, `${this.#frequencies[label]} of ${labels.length} rows are of class ${label}`, "Each class needs rows of its own and others", { label });
  }

  #area(rows: readonly number[], positive: number): number {
    const scores = rows.map((row) => this.#scores[row * this.#numClasses + positive]);
    return areaUnder(this.#where, scores, rows.map((row) => Number(this.#labels[row] === positive)));
  }

  #rowsOf(...classes: readonly number[]): number[] {
    return this.#labels.flatMap((label, row) => (classes.includes(label) ? [row] : []));
  }

  /** Each class against all others. */
  againstRest(): Part[] {
    const all = this.#labels.map((_, row) => row);
    return this.#frequencies.map((weight, label) => ({ area: this.#area(all, label), weight }));
  }

  /** Each pair of classes, from both sides. */
  pairs(): Part[] {
    return Array.from({ length: this.#numClasses }, (_, a) => a).flatMap((a) =>
      Array.from({ length: a }, (_, b) => {
        const rows = this.#rowsOf(a, b);
        return { area: (this.#area(rows, a) + this.#area(rows, b)) / 2, weight: rows.length };
      }),
    );
  }
}

function areaUnder(where: string, scores: readonly number[], labels: readonly number[]): number {
  const { fpr, tpr } = rocPoints(where, { scores, labels });
  return auc(fpr, tpr);
}

/** The area below the ROC curve over any number of batches; see `rocAuc`. */
export class RocAuc extends StreamingMetric<number[][], number> {
  readonly #numClasses: number | undefined;
  readonly #multiClass: "ovr" | "ovo";
  readonly #average: "macro" | "weighted";

  /** @throws ValueError for fewer than two classes, or an unknown way to deal with them */
  constructor(options: RocAucOptions = {}) {
    const name = "RocAuc";
    checkOptions(name, options, ["numClasses", "multiClass", "average"]);
    const { numClasses, multiClass = "ovr", average = "macro" } = options;
    if (numClasses !== undefined) checkWhole(name, "numClasses", numClasses, 2);
    checkChoice(name, "multiClass", multiClass, ["ovr", "ovo"]);
    checkChoice(name, "average", average, ["macro", "weighted"]);
    super(name, lists(2), { numClasses });
    this.#numClasses = numClasses;
    this.#multiClass = multiClass;
    this.#average = average;
  }

  /**
   * Keeps a batch: scores [N], or [N, numClasses] row by row, and N labels.
   * @throws ShapeError when the lengths do not fit
   * @throws ValueError for a score that is NaN or a label out of range; nothing is kept
   */
  update(scores: ArrayLike<number>, labels: ArrayLike<number>): this {
    const where = "RocAuc.update";
    checkPairs(where, { length: rowCount(where, "scores", scores, this.#numClasses ?? 1) }, labels);
    checkScores(where, scores);
    checkLabels(where, "label", labels, this.#numClasses ?? 2);
    return this.absorb([Array.from(scores), Array.from(labels)]);
  }

  protected override resultOf([scores, labels]: number[][]): number {
    const where = "RocAuc.compute";
    if (this.#numClasses === undefined) return areaUnder(where, scores, labels);
    const table = new ScoreTable(where, scores, labels, this.#numClasses);
    const parts = this.#multiClass === "ovr" ? table.againstRest() : table.pairs();
    const weight = (part: Part): number => (this.#average === "macro" ? 1 : part.weight);
    return parts.reduce((sum, part) => sum + part.area * weight(part), 0) / parts.reduce((sum, part) => sum + weight(part), 0);
  }
}

/**
 * The area below the ROC curve: the chance that a random positive has a higher score than a random negative, ties counting half.
 * Of more than two classes, the mean over each against the rest or over pairs of classes.
 * @throws ShapeError when the lengths do not fit
 * @throws ValueError for a score that is NaN, a label out of range, or a class without rows
 * @throws StateError when there are none
 */
export const rocAuc = (scores: ArrayLike<number>, labels: ArrayLike<number>, options: RocAucOptions = {}): number =>
  new RocAuc(options).update(scores, labels).compute();
