import type { Batch, Dataset, TensorDataset } from "@dl/data";
import { Adam, trainability } from "@dl/nn";
import type { CheckpointFiles } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { balancedParts } from "../generalization/balanced-parts.js";
import { median } from "../generalization/text-table.js";
import { accuracyOn, trainFor } from "../generalization/training.js";
import type { Method } from "./methods.js";
import { newDigits } from "./pretrained.js";
import type { PretrainingPlan } from "./pretrained.js";

export interface FineTuneSettings extends Omit<PretrainingPlan, "seed"> {
  /** Digits of each of the first classes. */
  readonly perFirst: number;
  /** Digits of each of the new classes: few. */
  readonly perNew: number;
  readonly unseenPerNew: number;
  readonly tuningSteps: number;
  readonly seeds: number;
}

/** What one method comes to. */
export interface MethodResult {
  readonly key: string;
  readonly title: string;
  /** Elements of the parameters that are learnt. */
  readonly trainable: number;
  /** Median of the trainings' times. */
  readonly seconds: number;
  /** Of each training. */
  readonly accuracies: readonly number[];
  /** Their median. */
  readonly accuracy: number;
}

interface Digits {
  readonly train: TensorDataset;
  readonly test: TensorDataset;
}

/** The new digits count from 0. */
const renamed = (digits: TensorDataset): Dataset<Batch> => digits.mapBatches(({ x, y }) => ({ x, y: y.sub(newDigits[0]) }));

async function tuned(method: Method, files: CheckpointFiles, few: TensorDataset, settings: FineTuneSettings, seed: number) {
  const { network, lr, tuningSteps, perNew } = settings;
  const { model, groups } = await method.begin({ files, network, lr, generator: new Generator(seed) });
  const began = performance.now();
  await trainFor(model, new Adam(groups), renamed(few), { steps: tuningSteps, batchSize: perNew, seed });
  return { model, seconds: (performance.now() - began) / 1000 };
}

/** One method with several draws of the few digits and of new weights. */
export async function resultOf(method: Method, files: CheckpointFiles, digits: Digits, settings: FineTuneSettings, seed: number): Promise<MethodResult> {
  const { perNew, unseenPerNew, seeds } = settings;
  const [unseen] = balancedParts(digits.test, [unseenPerNew], { classes: newDigits, seed });
  const [accuracies, times]: [number[], number[]] = [[], []];
  let trainable = 0;
  for (let run = seeds * seed; run < seeds * (seed + 1); run++) {
    const [few] = balancedParts(digits.train, [perNew], { classes: newDigits, seed: run });
    const { model, seconds } = await tuned(method, files, few, settings, run);
    accuracies.push(await accuracyOn(model, renamed(unseen), newDigits.length));
    times.push(seconds);
    trainable = trainability(model).trainable;
  }
  return { key: method.key, title: method.title, trainable, seconds: median(times), accuracies, accuracy: median(accuracies) };
}
