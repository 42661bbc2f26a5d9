import { convert, dequantize, dynamicInt8, prepareFakeQuant, staticInt8 } from "./quantize.js";

export { FakeQuantized } from "./fake-quantized.js";
export { fakeQuant } from "./int8.js";
export { QuantizedConv1d, QuantizedConv2d, QuantizedConv3d, QuantizedLayer, QuantizedLinear } from "./quantized-layer.js";
export type { QuantizedConvOptions, QuantizedOptions } from "./quantized-layer.js";
export type { FloatLayer, QuantizeOptions } from "./targets.js";

/** Ways to int8, as torch.ao.quantization. An object and not a namespace, so that bundlers drop it where it is not used. */
export const quantize = { convert, dequantize, dynamicInt8, prepareFakeQuant, staticInt8 };
