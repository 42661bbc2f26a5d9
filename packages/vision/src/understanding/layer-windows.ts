import type { Module } from "@dl/nn";
import { perDim, windowsOf, type PerDim, type WindowOptions, type Windows } from "@dl/tensor";

/** Rows and columns. */
export const RANK = 2;

export const CONVOLUTION = "nn/Conv2d";
/** Their windows stand beside each other unless a stride is given. */
const pools: readonly string[] = ["nn/MaxPool2d", "nn/AvgPool2d", "nn/LPPool2d"];
/** A unit sees the unit at its own place; all begin with "nn/". */
const pointwise = /* @__PURE__ */ new Set([
  "Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout", "BatchNorm2d", "ReLU", "ReLU6", "LeakyReLU",
  "PReLU", "RReLU", "ELU", "CELU", "SELU", "GELU", "SiLU", "Mish", "Sigmoid", "LogSigmoid", "Tanh", "Tanhshrink", "Softplus", "Softsign", "Softshrink",
  "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "Threshold",
]);
/** From here on a unit sees everything, or places no longer mean anything. */
export const endings: readonly string[] = ["nn/Flatten", "nn/AdaptiveAvgPool2d", "nn/AdaptiveMaxPool2d", "nn/Linear"];

interface Sliding extends Module {
  readonly kernelSize: PerDim;
  readonly options: WindowOptions;
}

const hasWindow = (module: Module): module is Sliding => "kernelSize" in module && "options" in module;

/** The class's `type`, or its name. */
export const typeOf = ({ constructor }: Module): string => ("type" in constructor ? String(constructor.type) : constructor.name);

/** The windows that a layer slides, 1 × 1 where it works pointwise; undefined where that is not known. */
export function windowsOfLayer(where: string, module: Module, morePointwise: readonly string[]): Windows | undefined {
  const type = typeOf(module);
  if ((type.startsWith("nn/") && pointwise.has(type.slice(3))) || morePointwise.includes(type)) return windowsOf(where, [1, 1], {});
  if (!hasWindow(module) || (type !== CONVOLUTION && !pools.includes(type))) return undefined;
  const { stride = type === CONVOLUTION ? 1 : module.kernelSize, padding = 0, dilation = 1 } = module.options;
  return windowsOf(where, perDim(where, "kernelSize", module.kernelSize, RANK, 1), { stride, padding, dilation });
}
