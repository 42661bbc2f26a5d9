import type { TensorDataset } from "@dl/data";
import { Adam, EarlyStopping } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { RandomAffine, transformed } from "@dl/vision";
import { balancedParts } from "./balanced-parts.js";
import { smallCnn } from "./small-cnn.js";
import type { SmallCnnOptions } from "./small-cnn.js";
import { accuracyOn, parametersOf, trainFor } from "./training.js";

/** What is done against overfitting, and nothing else than that. */
export interface Remedy {
  /** In camelCase, for the names of numbers. */
  readonly key: string;
  readonly title: string;
  /** Another network in the place of the usual one. */
  readonly network?: (usual: SmallCnnOptions) => SmallCnnOptions;
  /** Every picture is turned, moved and scaled anew whenever it is seen. */
  readonly isAugmented?: boolean;
  /** Training ends when digits kept apart are judged worse, with the best weights so far. */
  readonly stopsEarly?: boolean;
  /** Ten times the data. */
  readonly hasMoreData?: boolean;
}

export const remedies: readonly Remedy[] = [
  { key: "baseline", title: "nothing" },
  { key: "simpler", title: "simpler model", network: ({ channels, ...usual }) => ({ ...usual, channels: channels.map((maps) => maps / 2), hidden: 0 }) },
  { key: "augmentation", title: "augmentation", isAugmented: true },
  { key: "dropout", title: "dropout", network: (usual) => ({ ...usual, dropout: 0.5 }) },
  { key: "batchNorm", title: "batch normalisation", network: (usual) => ({ ...usual, norm: true }) },
  { key: "earlyStopping", title: "early stopping", stopsEarly: true },
  { key: "moreData", title: "10 times the data", hasMoreData: true },
];

export interface AblationSettings {
  /** The network that overfits. */
  readonly network: SmallCnnOptions;
  /** Training digits of each class; as many again are kept apart for early stopping. */
  readonly perClass: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly lr: number;
  /** How often everything is repeated with other digits and weights. */
  readonly seeds: number;
}

export interface Outcome {
  readonly parameters: number;
  /** Accuracy on the training digits as they are. */
  readonly train: number;
  readonly test: number;
}

const classes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Pictures of digits remain what they are when turned, moved and scaled a little; a mirrored one does not. */
const augmentation = (): RandomAffine => new RandomAffine(12, { translate: [0.08, 0.08], scale: [0.85, 1.15], interpolation: "bilinear" });

/** Trains with one remedy, and judges on what was learnt from and on what was not. */
export async function tried(remedy: Remedy, digits: TensorDataset, unseen: TensorDataset, settings: AblationSettings, seed: number): Promise<Outcome> {
  const { network, perClass, lr, steps, batchSize } = settings;
  const [few, validation, more] = balancedParts(digits, [perClass, perClass, 9 * perClass], { classes, seed });
  const learnt = remedy.hasMoreData ? few.concat(more) : few;
  const model = smallCnn(remedy.network?.(network) ?? network, new Generator(seed));
  await trainFor(model, new Adam(model.parameters(), { lr }), remedy.isAugmented ? transformed(learnt, augmentation(), { seed }) : learnt, {
    steps, batchSize, seed,
    ...(remedy.stopsEarly && { validation, callbacks: [new EarlyStopping({ monitor: "valLoss", patience: 5, restoreBestWeights: true })] }),
  });
  return { parameters: parametersOf(model), train: await accuracyOn(model, learnt), test: await accuracyOn(model, unseen) };
}
