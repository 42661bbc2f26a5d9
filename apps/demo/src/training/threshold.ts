import { auc, rocCurve } from "@dl/metrics";
import type { Judgement } from "../worker/protocol.js";

/** What one class against all others looks like at every threshold. */
export interface OneAgainstRest {
  readonly fpr: readonly number[];
  readonly tpr: readonly number[];
  readonly area: number;
}

/** Rates of calling a sample one of the class from a probability on. */
export interface Rates {
  readonly tpr: number;
  readonly fpr: number;
  /** NaN when nothing is called one. */
  readonly precision: number;
}

/** What a model said of samples, and what was right. */
type Said = Pick<Judgement, "probabilities" | "targets"> & { readonly report: { readonly classes: readonly unknown[] } };

interface Scores {
  readonly scores: Float32Array;
  readonly members: Uint8Array;
}

function scoresOf({ probabilities, targets, report }: Said, label: number): Scores {
  const classes = report.classes.length;
  return { scores: Float32Array.from(targets, (_, row) => probabilities[row * classes + label]), members: Uint8Array.from(targets, (target) => Number(target === label)) };
}

/** Undefined where all samples are of the class, or none. */
export function rocOf(said: Said, label: number): OneAgainstRest | undefined {
  const { scores, members } = scoresOf(said, label);
  if (!members.includes(0) || !members.includes(1)) return undefined;
  const { fpr, tpr } = rocCurve(scores, members);
  return { fpr, tpr, area: auc(fpr, tpr) };
}

export function ratesAt(said: Said, label: number, threshold: number): Rates {
  const { scores, members } = scoresOf(said, label);
  let [found, alarms, positives] = [0, 0, 0];
  members.forEach((member, row) => {
    positives += member;
    if (scores[row] < threshold) return;
    found += member;
    alarms += 1 - member;
  });
  return { tpr: found / positives, fpr: alarms / (members.length - positives), precision: found / (found + alarms) };
}
