import { ShapeError, checkOptions } from "@dl/registry";
import { linear, showShape, sizeOf, zeros } from "@dl/tensor";
import type { DType, Generator, Shape, Tensor } from "@dl/tensor";
import { uniform } from "../init/basic.js";
import { Layer } from "../module/layer.js";
import { parameter } from "../module/parameter.js";
import type { Parameter } from "../module/parameter.js";
import { jsonOptions } from "./options.js";
import { checkSizes } from "./sizes.js";

export interface LinearOptions {
  /** Add a learnt offset. Default true. */
  readonly bias?: boolean;
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

function fixFor(shape: Shape, inFeatures: number): string {
  if (shape.length > 2 && sizeOf(shape.slice(1)) === inFeatures) return "Flatten it first: x.flatten(1)";
  return `Give x of shape [.., ${inFeatures}], or make the layer with inFeatures ${shape.at(-1) ?? 1}`;
}

/**
 * y = x·Wᵀ + b, PyTorch's Linear and Keras' Dense.
 * Shapes: x [.., inFeatures] → [.., outFeatures]; weight [outFeatures, inFeatures], bias [outFeatures].
 * Both start from U(−1/√inFeatures, 1/√inFeatures).
 * @throws ShapeError when the last dim of x is not inFeatures
 */
export class Linear extends Layer {
  static readonly type = "nn/Linear";
  readonly weight: Parameter;
  readonly bias: Parameter | null;

  constructor(readonly inFeatures: number, readonly outFeatures: number, options: LinearOptions = {}) {
    super([inFeatures, outFeatures, jsonOptions(options)]);
    checkOptions("Linear", options, ["bias", "dtype", "generator"]);
    checkSizes("Linear", { inFeatures, outFeatures });
    const { bias = true, dtype = "float32", generator } = options;
    const bound = 1 / Math.sqrt(inFeatures);
    const initial = (shape: Shape): Parameter => uniform(parameter(zeros(shape, { dtype })), -bound, bound, generator && { generator });
    this.weight = initial([outFeatures, inFeatures]);
    this.bias = bias ? initial([outFeatures]) : null;
  }

  forward(x: Tensor): Tensor {
    if (x.shape.at(-1) !== this.inFeatures) {
      throw new ShapeError(
        "Linear",
        `expected ${this.inFeatures} features in the last dimension, got x of shape ${showShape(x.shape)}`,
        fixFor(x.shape, this.inFeatures),
      );
    }
    return linear(x, this.weight, this.bias);
  }
}
