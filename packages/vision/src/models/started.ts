import { BatchNorm2d, Conv2d, init, Linear, ReLU6, Sequential, type ConvLayerOptions, type LinearOptions } from "@dl/nn";

// Layers with the initial values that torchvision's models give them.

/** Weights from N(0, 2/fanOut), so that gradients keep their size through ReLUs; offsets 0. (He et al., 2015) */
export function startedConv2d(inChannels: number, outChannels: number, kernelSize: number, options: ConvLayerOptions): Conv2d {
  const { generator } = options;
  const conv = new Conv2d(inChannels, outChannels, kernelSize, options);
  init.kaimingNormal(conv.weight, { mode: "fanOut", nonlinearity: "relu", generator });
  if (conv.bias !== null) init.zeros(conv.bias);
  return conv;
}

/** Weights from N(0, 0.01²), offsets 0. */
export function startedLinear(inFeatures: number, outFeatures: number, { generator }: Pick<LinearOptions, "generator">): Linear {
  const linear = new Linear(inFeatures, outFeatures, { generator });
  init.normal(linear.weight, 0, 0.01, { generator });
  if (linear.bias !== null) init.zeros(linear.bias);
  return linear;
}

/** A convolution that keeps the size (but for its stride), batch normalisation, and ReLU6. */
export function convNormReLU6(
  inChannels: number, outChannels: number, kernelSize: number, options: Pick<ConvLayerOptions, "stride" | "groups" | "generator">,
): Sequential {
  const conv = startedConv2d(inChannels, outChannels, kernelSize, { ...options, padding: (kernelSize - 1) / 2, bias: false });
  return new Sequential(conv, new BatchNorm2d(outChannels), new ReLU6());
}
