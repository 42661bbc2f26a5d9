import { backward } from "@dl/autograd";
import { BatchNorm2d, Conv2d, ConvTranspose2d, LSTM, LayerNorm, Linear, MaxPool2d, TransformerEncoderLayer } from "@dl/nn";
import type { Module } from "@dl/nn";
import { isTensor, randn, rfft, scaledDotProductAttention, sort } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { secondsPerCall } from "./measure.js";
import type { Row } from "./measure.js";

const milliseconds = (name: string, body: () => void): Row => ({ name, value: secondsPerCall(body, { rounds: 5 }) * 1e3, unit: "ms" });

/** What a layer's forward and backward take on one batch, gradients of input and parameters included. */
function layerRow(name: string, layer: Module & { forward(x: Tensor): Tensor | { readonly output: Tensor } }, shape: readonly number[]): Row {
  const x = randn(shape, { requiresGrad: true });
  const [y] = [layer.forward(x)].map((result) => (isTensor(result) ? result : result.output));
  const seed = randn(y.shape);
  return milliseconds(`${name}, [${shape.join(", ")}]`, () => {
    const result = layer.forward(x);
    backward(isTensor(result) ? result : result.output, { gradient: seed });
    x.grad = null;
    layer.zeroGrad();
  });
}

/** Forward and backward of the layers that models are made of, and some ops that have kernels of their own. */
export function layerRows(): Row[] {
  const [q, k, v] = [0, 1, 2].map(() => randn([8, 256, 32]));
  const line = randn([1 << 18]);
  return [
    layerRow("Linear 512 → 512", new Linear(512, 512), [64, 512]),
    layerRow("Conv2d 16 → 32, 3 × 3", new Conv2d(16, 32, 3, { padding: 1 }), [16, 16, 28, 28]),
    layerRow("Conv2d 32, depthwise 3 × 3", new Conv2d(32, 32, 3, { padding: 1, groups: 32 }), [16, 32, 28, 28]),
    layerRow("ConvTranspose2d 16 → 8, 2 × 2, stride 2", new ConvTranspose2d(16, 8, 2, { stride: 2 }), [16, 16, 14, 14]),
    layerRow("MaxPool2d 2", new MaxPool2d(2), [16, 32, 28, 28]),
    layerRow("BatchNorm2d", new BatchNorm2d(32), [16, 32, 28, 28]),
    layerRow("LayerNorm 128", new LayerNorm(128), [16, 64, 128]),
    layerRow("LSTM 64 → 128", new LSTM(64, 128, { batchFirst: true }), [16, 32, 64]),
    layerRow("TransformerEncoderLayer 128, 4 heads", new TransformerEncoderLayer(128, 4, { dimFeedforward: 512, dropout: 0, batchFirst: true }), [4, 64, 128]),
    milliseconds("attention forward, [8, 256, 32]", () => { scaledDotProductAttention(q, k, v); }),
    milliseconds("sort of 2¹⁸ floats", () => { sort(line); }),
    milliseconds("rfft of 2¹⁸ floats", () => { rfft(line); }),
  ];
}
