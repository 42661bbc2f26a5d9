import { checkChoice, checkOptions, checkWhole } from "@dl/registry";
import { StreamingMetric, sums } from "../common/streaming.js";
import { clippedMatches } from "./ngrams.js";
import { translations } from "./tokens.js";
import type { Sentence } from "./tokens.js";

/**
 * What becomes of n-grams without a match, which make the score 0: nothing ("none"), 0.1 matches ("epsilon"), one more match and one more
 * n-gram for n above 1 ("addOne", Lin & Och 2004), or ½, ¼, … of a match, halved with each such n ("exp", as in mteval and sacreBLEU).
 */
export type BleuSmoothing = "none" | "epsilon" | "addOne" | "exp";

const SMOOTHINGS: readonly BleuSmoothing[] = ["none", "epsilon", "addOne", "exp"];
const EPSILON = 0.1;

export interface BleuOptions {
  /** The longest n-grams. Default 4. */
  readonly maxOrder?: number;
  /** Default "none". */
  readonly smoothing?: BleuSmoothing;
}

/** The precisions of n = 1, 2, …; zeros where smoothing leaves them. */
function smoothed(matches: readonly number[], totals: readonly number[], smoothing: BleuSmoothing): number[] {
  let halvings = 0;
  return matches.map((match, i) => {
    const total = totals[i];
    if (smoothing === "addOne" && i > 0) return (match + 1) / (total + 1);
    if (total === 0 || match > 0 || smoothing === "none" || smoothing === "addOne") return total === 0 ? 0 : match / total;
    return (smoothing === "epsilon" ? EPSILON : 2 ** -++halvings) / total;
  });
}

/** The length of the reference nearest to the candidate's; of two, the shorter. */
const nearestLength = (length: number, references: readonly (readonly string[])[]): number =>
  references.map((reference) => reference.length).reduce((best, next) => {
    const [far, near] = [Math.abs(best - length), Math.abs(next - length)];
    return near < far || (near === far && next < best) ? next : best;
  });

/** BLEU over any number of batches; see `bleu`. */
export class Bleu extends StreamingMetric<Float64Array, number> {
  readonly maxOrder: number;
  readonly smoothing: BleuSmoothing;

  /** @throws ValueError for a maxOrder that is not whole and above 0, or an unknown smoothing */
  constructor(options: BleuOptions = {}) {
    const name = "Bleu";
    checkOptions(name, options, ["maxOrder", "smoothing"]);
    const { maxOrder = 4, smoothing = "none" } = options;
    checkWhole(name, "maxOrder", maxOrder, 1);
    checkChoice(name, "smoothing", smoothing, SMOOTHINGS);
    super(name, sums(3 + 2 * maxOrder), { maxOrder });
    this.maxOrder = maxOrder;
    this.smoothing = smoothing;
  }

  /**
   * Counts a batch of candidates, each with one or more references.
   * @throws ShapeError when there are not as many lists of references as candidates
   * @throws ValueError when a candidate has no reference; nothing is counted
   */
  update(candidates: readonly Sentence[], references: readonly (readonly Sentence[])[]): this {
    const batch = new Float64Array(3 + 2 * this.maxOrder);
    const pairs = translations("Bleu.update", candidates, references);
    batch[0] = pairs.length;
    for (const { candidate, references: own } of pairs) {
      batch[1] += candidate.length;
      batch[2] += nearestLength(candidate.length, own);
      for (let n = 1; n <= this.maxOrder; n++) {
        batch[1 + 2 * n] += clippedMatches(candidate, own, n);
        batch[2 + 2 * n] += Math.max(0, candidate.length - n + 1);
      }
    }
    return this.absorb(batch);
  }

  protected override resultOf([, candidateLength, referenceLength, ...counts]: Float64Array): number {
    const matches = counts.filter((_, i) => i % 2 === 0);
    const totals = counts.filter((_, i) => i % 2 === 1);
    if (matches[0] === 0) return 0;
    const logs = smoothed(matches, totals, this.smoothing).map(Math.log);
    const brevity = Math.min(0, 1 - referenceLength / candidateLength);
    return Math.exp(brevity + logs.reduce((sum, log) => sum + log, 0) / this.maxOrder);
  }
}

/**
 * BLEU of a corpus (Papineni 2002), in [0, 1]: the brevity penalty exp(min(0, 1 − r/c)) times the geometric mean of the clipped n-gram
 * precisions, n from 1 to 4, of counts that are summed over all sentences first. r adds up the reference lengths nearest to the candidates',
 * of equally near ones the shorter. 0 where nothing matches.
 *
 *     bleu(["the cat sat on the mat"], [["the cat sat on a mat", "a cat was on the mat"]]);
 *
 * @param candidates sentences: tokens, or strings that are split at white space
 * @param references one or more for each candidate
 * @throws ShapeError when there are not as many lists of references as candidates
 * @throws ValueError when a candidate has no reference
 * @throws StateError when there are none
 */
export const bleu = (candidates: readonly Sentence[], references: readonly (readonly Sentence[])[], options: BleuOptions = {}): number =>
  new Bleu(options).update(candidates, references).compute();
