import { checkChoice, checkOptions, checkWhole, ShapeError } from "@dl/registry";
import { averageRate, jaccardRate } from "../classification/rates.js";
import { talliesIn, tallyLength } from "../classification/tallies.js";
import { checkLabels, checkPairs } from "../common/checks.js";
import { StreamingMetric, sums } from "../common/streaming.js";
import { depthInside } from "./boundary.js";

export interface BoundaryIoUOptions<A extends "macro" | "none" = "macro"> {
  /** Height and width of a label map. */
  readonly shape: readonly [height: number, width: number];
  readonly numClasses: number;
  /** How many pixels from its edge the boundary of a region reaches inwards. Default: 2 % of the map's diagonal, at least 1 (the paper's choice). */
  readonly distance?: number;
  /** The mean over the classes in either map ("macro", default), or a list of all ("none"). */
  readonly average?: A;
}

const PAPER_SHARE = 0.02;

/** Boundary IoU over any number of label maps; see `boundaryIoU`. */
export class BoundaryIoU<A extends "macro" | "none" = "macro"> extends StreamingMetric<Float64Array, A extends "none" ? number[] : number> {
  readonly numClasses: number;
  readonly distance: number;
  readonly #shape: readonly [number, number];
  readonly #average: A;

  /** @throws ValueError for a shape, a number of classes or a distance that is not whole and above 0, or another average */
  constructor(options: BoundaryIoUOptions<A>) {
    const name = "BoundaryIoU";
    checkOptions(name, options, ["shape", "numClasses", "distance", "average"]);
    const { shape, numClasses, average = "macro" as A } = options;
    const [height, width] = shape;
    checkWhole(name, "height", height, 1);
    checkWhole(name, "width", width, 1);
    checkWhole(name, "numClasses", numClasses, 1);
    const distance = options.distance ?? Math.max(1, Math.round(PAPER_SHARE * Math.hypot(height, width)));
    checkWhole(name, "distance", distance, 1);
    checkChoice<"macro" | "none">(name, "average", average, ["macro", "none"]);
    super(name, sums(tallyLength(numClasses)), { shape, numClasses, distance });
    this.numClasses = numClasses;
    this.distance = distance;
    this.#shape = [height, width];
    this.#average = average;
  }

  /**
   * Counts one label map [H, W], or several [N, H, W].
   * @throws ShapeError when the two differ in size, or are no whole number of maps
   * @throws ValueError for a label out of range; nothing is counted
   */
  update(predicted: ArrayLike<number>, target: ArrayLike<number>): this {
    const where = "BoundaryIoU.update";
    const [height, width] = this.#shape;
    checkPairs(where, predicted, target);
    if (target.length % (height * width) !== 0) {
      throw new ShapeError(where, `${target.length} pixels are no whole number of maps of [${height}, ${width}]`, "Give the shape of the maps", { shape: this.#shape });
    }
    checkLabels(where, "prediction", predicted, this.numClasses);
    checkLabels(where, "target", target, this.numClasses);
    const batch = new Float64Array(tallyLength(this.numClasses));
    for (let start = 0; start < target.length; start += height * width) this.#count(batch, predicted, target, start);
    return this.absorb(batch);
  }

  #count(batch: Float64Array, predicted: ArrayLike<number>, target: ArrayLike<number>, start: number): void {
    const [height, width] = this.#shape;
    const tallies = talliesIn(batch);
    batch[0] += height * width;
    const near = (depth: number): boolean => depth > 0 && depth <= this.distance;
    for (let label = 0; label < this.numClasses; label++) {
      const guess = depthInside(predicted, start, height, width, label);
      const truth = depthInside(target, start, height, width, label);
      guess.forEach((depth, i) => {
        const [inGuess, inTruth] = [near(depth), near(truth[i])];
        tallies.hits[label] += Number(inGuess && inTruth);
        tallies.predicted[label] += Number(inGuess);
        tallies.actual[label] += Number(inTruth);
      });
    }
  }

  protected override resultOf(state: Float64Array): A extends "none" ? number[] : number {
    return averageRate<A>("BoundaryIoU.compute", jaccardRate, talliesIn(state), { average: this.#average });
  }
}

/**
 * Intersection over union of the boundaries of every class's regions (Cheng et al. 2021): pixels of a region that are at most `distance`
 * king's moves from a pixel outside of it; the edge of the map counts as outside. Label maps are [H, W] or [N, H, W], row by row.
 * @throws ShapeError when the maps differ in size or do not have the shape
 * @throws ValueError for a label out of range
 * @throws StateError when there is no map
 */
export const boundaryIoU = <A extends "macro" | "none" = "macro">(predicted: ArrayLike<number>, target: ArrayLike<number>, options: BoundaryIoUOptions<A>) =>
  new BoundaryIoU<A>(options).update(predicted, target).compute();
