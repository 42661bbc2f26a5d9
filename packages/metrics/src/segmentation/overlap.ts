import { RateMetric } from "../classification/rate-metric.js";
import type { RateOptions } from "../classification/rate-metric.js";
import { fBetaRate, jaccardRate } from "../classification/rates.js";
import type { Average, Averaged } from "../classification/rates.js";
import { TallyMetric, tallyOf } from "../classification/tallies.js";
import type { ClassOptions, Tallies } from "../classification/tallies.js";

type LabelMap = ArrayLike<number>;

/** Mean intersection over union over any number of label maps; see `meanIoU`. */
export class MeanIoU extends RateMetric<"macro"> {
  constructor(options: ClassOptions) {
    super("MeanIoU", jaccardRate, { ...options, average: "macro" });
  }
}

/** The Dice coefficient over any number of label maps; see `dice`. */
export class Dice<A extends Average = "macro"> extends RateMetric<A> {
  constructor(options: RateOptions<A> & ClassOptions) {
    super("Dice", fBetaRate(1), { ...options, average: options.average ?? ("macro" as A) });
  }
}

/** The share of pixels that are right, over any number of label maps; see `pixelAccuracy`. */
export class PixelAccuracy extends TallyMetric<number> {
  constructor(options: ClassOptions) {
    super("PixelAccuracy", options);
  }

  protected override measure({ count, hits }: Tallies): number {
    return hits.reduce((sum, own) => sum + own, 0) / count;
  }
}

/** Intersection over union of every class; 0 for one that is in neither map. Of all pixels given, whatever image they are of. */
export class IoU extends RateMetric<"none"> {
  constructor(options: ClassOptions) {
    super("IoU", jaccardRate, { ...options, average: "none" });
  }
}

/**
 * |P ∩ G| / |P ∪ G| of every class, P its pixels in the predicted map and G those in the true one; 0 for a class in neither.
 * Maps of any shape are lists of class indices in the same order. Without `numClasses` the classes are counted from the maps;
 * pixels whose target is `ignoreIndex` do not count.
 * @throws ShapeError when the maps differ in size
 * @throws ValueError for a label out of range
 * @throws StateError when no pixel counts
 */
export const iou = (predicted: LabelMap, target: LabelMap, options: Partial<ClassOptions> = {}): number[] => tallyOf(IoU, predicted, target, options);

/** The mean of `iou` over the classes that are in either map. Throws what `iou` throws. */
export const meanIoU = (predicted: LabelMap, target: LabelMap, options: Partial<ClassOptions> = {}): number => tallyOf(MeanIoU, predicted, target, options);

/** 2·|P ∩ G| / (|P| + |G|), which is F1 of pixels: the mean over classes in either map, unless `average` says otherwise. Throws what `iou` throws. */
export const dice = <A extends Average = "macro">(predicted: LabelMap, target: LabelMap, options: RateOptions<A> = {}): Averaged<A> =>
  tallyOf(Dice<A>, predicted, target, options);

/** The share of pixels with the right class. Throws what `iou` throws. */
export const pixelAccuracy = (predicted: LabelMap, target: LabelMap, options: Partial<ClassOptions> = {}): number =>
  tallyOf(PixelAccuracy, predicted, target, options);
