import { DTypeError, ShapeError, ValueError, checkOptions } from "@dl/registry";
import { cat, defineComposite, elementwise, gather, indexSelect, isFloat, isTensor, showShape, where as choose } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkReduction, reduceLoss } from "./common.js";
import type { LossOptions } from "./common.js";
import { IMPOSSIBLE, latticeNll } from "./ctc-lattice.js";
import type { Lattice } from "./ctc-lattice.js";

export interface CtcOptions extends LossOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number;
  /** Give 0, without a gradient, where the frames are too few for the labels; otherwise the loss there is Infinity. Default false. */
  readonly zeroInfinity?: boolean;
}

export const ctcKeys = ["blank", "zeroInfinity", "reduction"] as const satisfies readonly (keyof CtcOptions)[];

/** One whole number per sample. A tensor has to be readable at once; on other backends give an array. */
export type Lengths = Tensor | readonly number[];

const name = "ctcLoss";

function lengthsOf(what: string, given: Lengths, samples: number, least: number, most: number): number[] {
  const lengths = Array.from<number>(isTensor(given) ? given.dataSync() : given);
  if (lengths.length !== samples) throw new ShapeError(name, `there are ${lengths.length} ${what} for ${samples} samples`, "Give one length per sample");
  const wrong = lengths.findIndex((length) => !Number.isInteger(length) || length < least || length > most);
  if (wrong !== -1) throw new ValueError(name, `${what}[${wrong}] is ${lengths[wrong]}`, `Give whole numbers from ${least} to ${most}`, { position: wrong });
  return lengths;
}

/** Where each sample's labels begin in the flattened targets, and how many each has. */
function labelPlaces(targets: Tensor, given: Lengths, samples: number): { readonly starts: number[]; readonly counts: number[] } {
  const isPadded = targets.ndim === 2;
  if (isPadded && targets.shape[0] !== samples) {
    throw new ShapeError(name, `targets of shape ${showShape(targets.shape)} for ${samples} samples`, "Give [N, S], or all labels one after the other in one dim", { shape: targets.shape });
  }
  const counts = lengthsOf("targetLengths", given, samples, 0, targets.shape[targets.ndim - 1]);
  let total = 0;
  const starts = counts.map((count, n) => (isPadded ? n * targets.shape[1] : (total += count) - count));
  if (!isPadded && total !== targets.shape[0]) {
    throw new ShapeError(name, `targetLengths add up to ${total}, but there are ${targets.shape[0]} targets`, "Give the lengths of the concatenated targets", { shape: targets.shape });
  }
  return { starts, counts };
}

function checkTargets(targets: Tensor, starts: readonly number[], counts: readonly number[], classes: number, blank: number): void {
  if (!targets.backend.capabilities.readSync) return;
  const labels = targets.dataSync();
  counts.forEach((count, n) => {
    for (let i = 0; i < count; i++) {
      const label = labels[starts[n] + i];
      if (label >= 0 && label < classes && label !== blank) continue;
      throw new ValueError(name, `target ${label} at position ${i} of sample ${n} is ${label === blank ? "the blank" : `not in [0, ${classes})`}`, `Labels are classes from 0 to ${classes - 1} other than the blank, ${blank}`, {
        target: label,
        sample: n,
        position: i,
      });
    }
  });
}

const differs = /* @__PURE__ */ elementwise("ctcDiffers", (label, before, blank) => label.ne(blank).and(label.ne(before)));

/** blank, label, blank, … for each sample; shorter ones end in blanks. Shapes: → [N, L], int32. */
function extendedLabels(targets: Tensor, starts: readonly number[], counts: readonly number[], blank: number): Tensor {
  const states = 2 * Math.max(...counts) + 1;
  const pool = cat([targets.flatten().to("int32"), targets.makeFrom(Int32Array.of(blank), "int32", [1])]);
  const index = Int32Array.from({ length: counts.length * states }, (_, k) => {
    const [n, s] = [Math.floor(k / states), k % states];
    const label = (s - 1) / 2;
    return Number.isInteger(label) && label < counts[n] ? starts[n] + label : pool.size - 1;
  });
  return indexSelect(pool, 0, targets.makeFrom(index, "int32", [index.length])).reshape([counts.length, states]);
}

function latticeOf(labels: Tensor, frames: readonly number[], counts: readonly number[], blank: number): Lattice {
  const [samples, states] = labels.shape;
  const before = cat([labels.makeFrom(new Int32Array(2 * samples).fill(blank), "int32", [samples, 2]), labels], 1).slice(1, 0, states);
  const ends = Int32Array.from({ length: samples * states }, (_, k) => {
    const last = 2 * counts[Math.floor(k / states)];
    return k % states === last || k % states === last - 1 ? 1 : 0;
  });
  return {
    maySkip: differs(labels, before, blank),
    mayEnd: labels.makeFrom(ends, "int32", [samples, states]).gt(0),
    lengths: labels.makeFrom(Int32Array.from(frames), "int32", [samples, 1]),
  };
}

function checkInput(logP: Tensor, targets: Tensor, blank: number): void {
  if (!isFloat(logP.dtype)) throw new DTypeError(name, `the log-probabilities are ${logP.dtype}`, 'Convert them: x.to("float32")', { dtype: logP.dtype });
  if (targets.dtype !== "int32" && targets.dtype !== "uint8") throw new DTypeError(name, `targets are ${targets.dtype}`, 'Convert them: targets.to("int32")', { dtype: targets.dtype });
  if (logP.ndim !== 2 && logP.ndim !== 3) throw new ShapeError(name, `the log-probabilities have shape ${showShape(logP.shape)}`, "Give [T, N, C], or [T, C] for one sample", { shape: logP.shape });
  if (logP.size === 0) throw new ShapeError(name, `log-probabilities of shape ${showShape(logP.shape)} hold nothing`, "Give at least one frame of one sample", { shape: logP.shape });
  if (targets.ndim < 1 || targets.ndim > logP.ndim - 1) throw new ShapeError(name, `targets have shape ${showShape(targets.shape)}`, "Give [N, S], or all labels one after the other in one dim", { shape: targets.shape });
  const classes = logP.shape[logP.ndim - 1];
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes) throw new ValueError(name, `blank is ${blank}`, `Give a class from 0 to ${classes - 1}`, { blank });
}

/**
 * Connectionist temporal classification: −log of the probability that the frames read as the labels, summed over all alignments.
 * "mean" divides each loss by its number of labels (at least 1) first, as PyTorch does. Gradients exist to any order; they are the true
 * partial derivatives, where PyTorch's presume that a log-softmax comes before (through one, both agree).
 * Shapes: logProbabilities [T, N, C], as `logSoftmax` gives them; targets [N, S] or [ΣS], int32; lengths [N] → [] (reduction "none": [N]).
 * One sample: [T, C], [S] and lengths of one number → []. (Graves et al., 2006)
 * @throws ValueError for a target that is the blank or no class, and for lengths out of range; ShapeError, DTypeError
 */
export const ctcLoss = /* @__PURE__ */ defineComposite(
  "ctcLoss",
  (logProbabilities: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths, options: CtcOptions = {}): Tensor => {
    checkOptions(name, options, ctcKeys);
    const { blank = 0, zeroInfinity = false, reduction = "mean" } = options;
    checkReduction(name, reduction);
    checkInput(logProbabilities, targets, blank);
    const isSingle = logProbabilities.ndim === 2;
    const logP = isSingle ? logProbabilities.unsqueeze(1) : logProbabilities;
    const [steps, samples, classes] = logP.shape;
    const frames = lengthsOf("inputLengths", inputLengths, samples, 1, steps);
    const { starts, counts } = labelPlaces(targets, targetLengths, samples);
    checkTargets(targets, starts, counts, classes, blank);
    const labels = extendedLabels(targets, starts, counts, blank);
    const emitted = gather(logP, 2, labels.unsqueeze(0).expand([steps, ...labels.shape]));
    const nll = latticeNll(emitted, latticeOf(labels, frames, counts, blank));
    const losses = choose(nll.ge(IMPOSSIBLE), zeroInfinity ? 0 : Infinity, nll);
    const divisors = targets.makeFrom(Int32Array.from(counts, (count) => Math.max(1, count)), "int32", [samples]);
    const reduced = reduceLoss(name, reduction === "mean" ? losses.div(divisors) : losses, reduction);
    return isSingle ? reduced.reshape([]) : reduced;
  },
);
