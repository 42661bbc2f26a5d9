import { noGrad } from "@dl/autograd";
import { UnknownNameError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import type { TensorModule } from "../layers/chain.js";
import { Conv1d, Conv2d, Conv3d } from "../layers/conv/index.js";
import { Linear } from "../layers/linear.js";
import type { Module } from "../module/module.js";
import { matcher } from "../module/pattern.js";
import type { PathPattern } from "../module/pattern.js";
import { rangeOf, scaleOf, toInt8 } from "./int8.js";
import { QuantizedConv1d, QuantizedConv2d, QuantizedConv3d, QuantizedLinear } from "./quantized-layer.js";
import type { QuantizedLayer } from "./quantized-layer.js";

/** A layer of floats that has a form in int8. */
export type FloatLayer = Linear | Conv1d | Conv2d | Conv3d;

export interface QuantizeOptions {
  /** Layers that stay floats, by their path; the first and the last layer are the ones that suffer most. Default none. */
  readonly exclude?: PathPattern;
}

const floatLayers: readonly unknown[] = [Linear, Conv1d, Conv2d, Conv3d];

// A subclass may compute something else, so it is left alone.
export const isFloatLayer = (module: Module): module is FloatLayer => floatLayers.includes(module.constructor);

/** Which modules are meant. */
export function selector({ exclude }: QuantizeOptions): (path: string, module: Module) => module is TensorModule & FloatLayer {
  const excluded = exclude === undefined ? (): boolean => false : matcher(exclude);
  return (path, module): module is TensorModule & FloatLayer => isFloatLayer(module) && !excluded(path);
}

/** @throws UnknownNameError when nothing was meant */
export function refuseNothing(where: string, count: number): void {
  if (count > 0) return;
  throw new UnknownNameError(where, "no layer was found to quantize", "It takes Linear, Conv1d, Conv2d and Conv3d that exclude does not match", {});
}

/** The scale of each output's weights, shaped to broadcast to the weight. */
export const weightScale = (weight: Tensor): Tensor => scaleOf(rangeOf(weight, [0]));

function emptyLike(layer: FloatLayer, inputs: "dynamic" | "static"): QuantizedLayer {
  const own = { bias: layer.bias !== null, inputs };
  if (layer instanceof Linear) return new QuantizedLinear(layer.inFeatures, layer.outFeatures, own);
  const { stride, padding, dilation, groups, paddingMode } = layer.options;
  const windows = Object.entries({ stride, padding, dilation, groups, paddingMode }).filter(([, value]) => value !== undefined);
  const Class = layer instanceof Conv1d ? QuantizedConv1d : layer instanceof Conv2d ? QuantizedConv2d : QuantizedConv3d;
  return new Class(layer.inChannels, layer.outChannels, layer.kernelSize, { ...Object.fromEntries(windows), ...own });
}

/** The layer in int8. @param inputScale what one step of the inputs stands for; without it each sample has its own */
export function quantized(layer: FloatLayer, inputScale: Tensor | null): QuantizedLayer {
  const made = emptyLike(layer, inputScale === null ? "dynamic" : "static");
  made.to(layer.weight.backend);
  noGrad(() => {
    const scale = weightScale(layer.weight);
    made.weight.assign(toInt8(layer.weight, scale));
    made.scale.assign(scale.reshape([-1]));
    if (layer.bias !== null) made.bias?.assign(layer.bias.detach());
    if (inputScale !== null) made.inputScale?.assign(inputScale.reshape([]));
  });
  return made.eval();
}
