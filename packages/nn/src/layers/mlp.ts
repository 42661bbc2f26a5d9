import { ValueError, checkOptions } from "@dl/registry";
import type { Generator, Tensor } from "@dl/tensor";
import { Activation } from "./activation.js";
import { Chain } from "./chain.js";
import type { TensorModule } from "./chain.js";
import { Dropout } from "./dropout/dropout.js";
import { Linear } from "./linear.js";
import { jsonOptions } from "./options.js";
import { ReLU } from "./pointwise.js";

export interface MLPOptions {
  /** The op between the affine layers. Default relu. */
  readonly activation?: (x: Tensor) => Tensor;
  /** Probability of dropping a hidden value. Default 0. */
  readonly dropout?: number;
  /** Whether the affine layers have an offset. Default true. */
  readonly bias?: boolean;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

function layersOf(sizes: readonly number[], options: MLPOptions): TensorModule[] {
  const given: unknown = sizes;
  if (!Array.isArray(given) || given.length < 2) {
    throw new ValueError("MLP", `got ${Array.isArray(given) ? `${given.length} sizes` : typeof given}`, "Give at least input and output: new MLP([784, 128, 10])");
  }
  const { activation, dropout = 0, bias = true, generator } = options;
  return sizes.slice(1).flatMap((size, i) => {
    const affine = new Linear(sizes[i], size, { bias, ...(generator && { generator }) });
    if (i === sizes.length - 2) return [affine];
    const hidden: TensorModule[] = [affine, activation === undefined ? new ReLU() : new Activation(activation)];
    return dropout === 0 ? hidden : [...hidden, new Dropout(dropout)];
  });
}

/**
 * A multilayer perceptron: affine layers with a non-linearity after each but the last. `new MLP([784, 128, 10])`.
 * Shapes: [.., sizes[0]] → [.., sizes at the end]. Keys are those of the Sequential it stands for.
 */
export class MLP extends Chain {
  static readonly type = "nn/MLP";

  constructor(sizes: readonly number[], options: MLPOptions = {}) {
    checkOptions("MLP", options, ["activation", "dropout", "bias", "generator"]);
    super([sizes, jsonOptions(options)], layersOf(sizes, options));
  }
}
