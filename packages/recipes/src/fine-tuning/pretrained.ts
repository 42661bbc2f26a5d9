import type { TensorDataset } from "@dl/data";
import { Adam, loadPretrained, nn, packCheckpoint } from "@dl/nn";
import type { CheckpointFiles, Sequential, TensorModule } from "@dl/nn";
import { createRegistry } from "@dl/registry";
import { Generator } from "@dl/tensor";
import { cosineDecay } from "../cosine-decay.js";
import { smallCnn } from "../generalization/small-cnn.js";
import type { SmallCnnOptions } from "../generalization/small-cnn.js";
import { trainFor } from "../generalization/training.js";

/** Digits that the network learns first, and those that it then is to tell apart. */
export const firstDigits: readonly number[] = [0, 1, 2, 3, 4];
export const newDigits: readonly number[] = [5, 6, 7, 8, 9];

export interface PretrainingPlan {
  /** Three blocks, the parts "0", "1" and "2" of the model, and a head, "3". */
  readonly network: SmallCnnOptions;
  readonly steps: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly seed: number;
}

/** The network for five classes. */
export const freshCnn = (network: SmallCnnOptions, generator: Generator): Sequential => smallCnn({ ...network, classes: newDigits.length }, generator);

/** Trains the network on digits 0 to 4, and packs it as it would lie on a disk. */
export async function pretrain(digits: TensorDataset, { network, steps, batchSize, lr, seed }: PretrainingPlan): Promise<CheckpointFiles> {
  const model = freshCnn(network, new Generator(seed));
  const optimizer = new Adam(model.parameters(), { lr });
  await trainFor(model, optimizer, digits, { steps, batchSize, seed, callbacks: [cosineDecay(optimizer, lr, steps)] });
  return packCheckpoint({ model });
}

/** The model in the files, as often as it is needed. */
export const unpacked = (files: CheckpointFiles): Promise<TensorModule> => loadPretrained(files, { registry: createRegistry(nn) });
