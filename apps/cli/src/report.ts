import { basename, join, resolve } from "node:path";
import { chart, type Point } from "@dl/figures";
import { withoutZip } from "./checkpoint.js";

/** The folder of what was found out about a checkpoint: beside it, since the checkpoint's own is replaced as a whole by the next one. */
export const reportFolder = (checkpoint: string): string => join(checkpoint, "..", `${basename(withoutZip(resolve(checkpoint)))}-report`);

/** Steps whose losses are averaged: about a hundred points are drawn. */
const windowOf = (steps: number): number => Math.max(1, Math.round(steps / 100));

function averaged(losses: readonly number[], epochOf: (step: number) => number): Point[] {
  const width = windowOf(losses.length);
  return Array.from({ length: Math.ceil(losses.length / width) }, (_, i) => {
    const own = losses.slice(i * width, (i + 1) * width);
    return [epochOf(i * width + own.length), own.reduce((sum, loss) => sum + loss, 0) / own.length];
  });
}

/** What a training noted as it went on. */
export interface Course {
  /** Training losses in the order of steps. */
  readonly losses: readonly number[];
  /** Epochs that were done before the first of them, and after the last. */
  readonly from: number;
  readonly to: number;
  /** Accuracy while training, of each epoch, where it is measured. */
  readonly accuracies: readonly number[];
}

/** Loss and accuracy over the epochs as SVG, by name; nothing without steps. */
export function learningCurves({ losses, from, to, accuracies }: Course): Readonly<Record<string, string>> {
  if (losses.length === 0) return {};
  const epochOf = (step: number): number => from + ((to - from) * step) / losses.length;
  const x = { label: "epoch" };
  const width = windowOf(losses.length);
  const title = width === 1 ? "Loss while training" : `Loss while training, mean of ${width} steps`;
  return {
    loss: chart({ title, x, y: { label: "loss" }, series: [{ name: "training loss", points: averaged(losses, epochOf) }] }),
    ...(accuracies.length > 1 && {
      accuracy: chart({ title: "Accuracy while training", x, y: { label: "accuracy" }, series: [{ name: "training accuracy", points: accuracies.map((value, i) => [from + i + 1, value] as const), style: "path" }] }),
    }),
  };
}
