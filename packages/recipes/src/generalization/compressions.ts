import type { TensorDataset } from "@dl/data";
import { prune, quantize, simplify } from "@dl/nn";
import type { Sequential, TensorModule } from "@dl/nn";
import type { TrainedCnn } from "./trained-cnn.js";

/** What one way to a smaller model came to. */
export interface Compressed {
  /** In camelCase, for the names of numbers. */
  readonly key: string;
  readonly title: string;
  /** As it is used: batch normalisations are in the convolutions. */
  readonly model: TensorModule;
  /** Part of the weights that is 0, where some were hidden. */
  readonly zeros?: number;
}

/** Samples that show how large the inputs of each layer get. */
const CALIBRATION = 200;

interface Pruning {
  readonly key: string;
  readonly title: string;
  readonly hide: (model: Sequential) => Promise<unknown>;
}

/** Weights of all layers are compared with each other: the affine layer can spare more than the first convolution. */
const smallest = (part: number): Pruning => ({
  key: `pruned${Math.round(100 * part)}`,
  title: `${Math.round(100 * part)} % of the weights pruned`,
  hide: (model) => prune.magnitude(model, { sparsity: part, global: true }),
});

const prunings: readonly Pruning[] = [
  smallest(0.5), smallest(0.8), smallest(0.9),
  { key: "channels25", title: "25 % of the maps pruned", hide: (model) => prune.structured(model, { sparsity: 0.25, pattern: /^[01]\./ }) },
];

async function pruned({ key, title, hide }: Pruning, trained: TrainedCnn, isTuned: boolean): Promise<Compressed> {
  const model = trained.copy();
  await hide(model);
  if (isTuned) await trained.tune(model);
  const { sparsity } = await prune.sparsity(model);
  prune.remove(model);
  return { key: isTuned ? `${key}Tuned` : key, title: isTuned ? "  … and fine-tuned" : title, model: simplify(model), zeros: sparsity };
}

/** Three ways to int8: ranges of inputs per sample, ranges from some typical samples, and training on with what rounding will do. */
async function inInt8(trained: TrainedCnn, digits: TensorDataset): Promise<readonly Compressed[]> {
  const plain = simplify(trained.copy());
  const typical = [{ x: digits.take(Math.min(CALIBRATION, digits.length)).x }];
  const rounding = quantize.prepareFakeQuant(simplify(plain));
  await trained.tune(rounding);
  return [
    { key: "dynamicInt8", title: "int8, dynamic", model: quantize.dynamicInt8(plain) },
    { key: "staticInt8", title: "int8, calibrated", model: await quantize.staticInt8(plain, typical) },
    { key: "trainedInt8", title: "int8, trained with rounding", model: quantize.convert(rounding) },
  ];
}

/** The trained model, and all that is made of it. */
export async function compressions(trained: TrainedCnn, digits: TensorDataset): Promise<readonly Compressed[]> {
  const made: Compressed[] = [{ key: "original", title: "as trained", model: simplify(trained.copy()) }];
  for (const pruning of prunings) made.push(await pruned(pruning, trained, false), await pruned(pruning, trained, true));
  return [...made, ...(await inInt8(trained, digits))];
}
