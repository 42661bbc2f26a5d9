import { ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { Conv1d, Conv2d, Conv3d } from "../layers/conv/index.js";
import { Linear } from "../layers/linear.js";
import { remade, withParameters } from "../transform/copy.js";
import { QuantizedConv1d, QuantizedConv2d, QuantizedConv3d, QuantizedLinear } from "./quantized-layer.js";
import type { QuantizedLayer } from "./quantized-layer.js";
import type { FloatLayer } from "./targets.js";

const convs = [[QuantizedConv1d, Conv1d], [QuantizedConv2d, Conv2d], [QuantizedConv3d, Conv3d]] as const;

function emptyLike(layer: QuantizedLayer): FloatLayer {
  const bias = layer.bias !== null;
  if (layer instanceof QuantizedLinear) return new Linear(layer.inFeatures, layer.outFeatures, { bias });
  for (const [Quantized, Conv] of convs) {
    if (!(layer instanceof Quantized)) continue;
    const { inputs: _, ...options } = layer.options;
    return new Conv(layer.inChannels, layer.outChannels, layer.kernelSize, { ...options, bias });
  }
  throw new ValueError("quantize.dequantize", `${layer.constructor.name} has no form in floats`, "It takes the layers that quantize makes");
}

/** The layer in floats. */
export function dequantizedLayer(layer: QuantizedLayer): FloatLayer {
  const made = emptyLike(layer);
  const scale = layer.scale.reshape([-1, ...layer.weight.shape.slice(1).map(() => 1)]);
  const values: Readonly<Record<string, Tensor>> = { weight: layer.weight.to("float32").mul(scale), ...(layer.bias !== null && { bias: layer.bias }) };
  return withParameters(remade(made, made.args), values);
}
