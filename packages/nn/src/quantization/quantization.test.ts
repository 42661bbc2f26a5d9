import { backward } from "@dl/autograd";
import { DTypeError, StateError, UnknownNameError, createRegistry } from "@dl/registry";
import { Generator, randn, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { loadModel, saveModel } from "../io/index.js";
import { Conv2d, Flatten, Linear, ReLU, Sequential } from "../layers/index.js";
import type { TensorModule } from "../layers/index.js";
import { mseLoss } from "../losses/index.js";
import { Adam } from "../optim/index.js";
import { nn } from "../plugin.js";
import { FakeQuantized, QuantizedConv2d, QuantizedLinear, fakeQuant, quantize } from "./index.js";

const registry = createRegistry(nn);
const generator = new Generator(4);
const net = (): Sequential => new Sequential(new Conv2d(2, 6, 3, { padding: 1, generator }), new ReLU(), new Flatten(), new Linear(96, 5, { generator }));
const images = randn([6, 2, 4, 4], { generator });

/** Largest difference relative to the largest value. */
function difference(a: Tensor, b: Tensor): number {
  return a.sub(b).abs().max().item() / b.abs().max().item();
}

describe("CNN-05 int8", () => {
  test("by hand: scales are the largest magnitudes over 127, one per output and one per row of inputs", () => {
    const layer = new Linear(2, 2, { bias: false });
    layer.weight.assign(tensor([[1.27, -0.5], [0.01, 0.0254]]));
    const small = quantize.dynamicInt8(layer);
    if (!(small instanceof QuantizedLinear)) throw new Error("no QuantizedLinear");
    expect(small.weight.toArray()).toStrictEqual([[127, -50], [50, 127]]);
    expect(small.scale.dataSync()[0]).toBeCloseTo(0.01, 7);
    // Row 0 has steps of 1/127, row 1 of 2/127: (127·127 + 64·(−50))·0.01/127 = 12.929·0.01 …
    const y = small.forward(tensor([[1, 0.5], [-2, 0]])).dataSync();
    expect(y[0]).toBeCloseTo(((127 * 127 - 64 * 50) * 0.01) / 127, 5);
    expect(y[2]).toBeCloseTo((-127 * 127 * 0.01 * 2) / 127, 5);
  });

  test("the error is that of rounding: at most half a step of each, per product", () => {
    const layer = new Linear(40, 7, { generator });
    const x = randn([9, 40], { generator });
    const [wanted, got] = [layer.forward(x).dataSync(), quantize.dynamicInt8(layer).forward(x).dataSync()];
    const [largestX, weights] = [x.abs().max([1]).dataSync(), layer.weight.abs().max([1]).dataSync()];
    const [sumX, sumW] = [x.abs().sum([1]).dataSync(), layer.weight.abs().sum([1]).dataSync()];
    wanted.forEach((value: number, i: number) => {
      const [row, column] = [Math.floor(i / 7), i % 7];
      const [stepX, stepW] = [largestX[row] / 127, weights[column] / 127];
      expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(sumX[row] * (stepW / 2) + sumW[column] * (stepX / 2) + 40 * (stepX / 2) * (stepW / 2) + 1e-5);
    });
  });

  test("dynamic: a sample's result does not depend on the others in its batch", () => {
    const small = quantize.dynamicInt8(net());
    const alone = small.forward(images.slice(0, 2, 3)).dataSync();
    expect([...small.forward(images).slice(0, 2, 3).dataSync()]).toStrictEqual([...alone]);
  });

  test("static: calibrated on data, ranges are the largest seen, and the model is left as it was", async () => {
    const model = net().train();
    const small = await quantize.staticInt8(model, [{ x: images }, { x: images.mul(2) }]);
    expect(model.training).toBe(true);
    const [conv, , , linear] = small.children();
    if (!(conv instanceof QuantizedConv2d) || !(linear instanceof QuantizedLinear)) throw new Error("not quantized");
    expect(conv.inputScale?.item()).toBeCloseTo((2 * images.abs().max().item()) / 127, 6);
    expect(difference(small.forward(images), model.eval().forward(images))).toBeLessThan(0.03);
    await expect(quantize.staticInt8(net(), [])).rejects.toThrow(StateError);
  });

  test("weights take a quarter of the bytes, and the files bring the same model back", async () => {
    const model = new Sequential(new Linear(256, 256, { generator }), new ReLU(), new Linear(256, 256, { generator }));
    const small = quantize.dynamicInt8(model);
    const [bytes, floats] = [await saveModel(small), await saveModel(model)];
    expect(floats.length / bytes.length).toBeGreaterThan(3.85);
    const again = registry.build(JSON.parse(JSON.stringify(small))) as TensorModule;
    loadModel(again, bytes);
    const x = randn([3, 256], { generator });
    expect(again.forward(x).dataSync()).toStrictEqual(small.forward(x).dataSync());
  });

  test("loaded as a model of floats it is refused, and nothing is changed", async () => {
    const model = net();
    const before = model.stateDict();
    const bytes = await saveModel(quantize.dynamicInt8(model));
    for (const strict of [true, false]) {
      expect(() => loadModel(model, bytes, { strict })).toThrow(DTypeError);
      expect(() => loadModel(model, bytes, { strict })).toThrow(/"0\.weight" is int8 in the state: it belongs to a quantized model.*quantize\.dequantize/);
    }
    for (const [key, value] of model.stateDict()) expect(value.dataSync()).toStrictEqual(before.get(key)?.dataSync());
  });

  test("dequantize gives floats again, rounded as they were", () => {
    const small = quantize.dynamicInt8(net());
    const floats = quantize.dequantize(small);
    expect([...floats.stateDict().keys()]).toStrictEqual(["0.weight", "0.bias", "3.weight", "3.bias"]);
    expect(difference(floats.forward(images), small.forward(images))).toBeLessThan(0.02);
    expect(floats.parameters().every(({ requiresGrad }) => requiresGrad)).toBe(true);
  });

  test("zeros are no division by zero", () => {
    const layer = new Linear(3, 2);
    layer.weight.assign(layer.weight.mul(0));
    expect([...quantize.dynamicInt8(layer).forward(tensor([[0, 0, 0]])).dataSync()]).toStrictEqual([...layer.forward(tensor([[0, 0, 0]])).dataSync()]);
  });
});

describe("fake quantization", () => {
  test("rounds to the grid; the gradient is 1 within the range and 0 beyond", () => {
    const x = tensor([0.24, -0.26, 13, -20], { requiresGrad: true });
    const y = fakeQuant(x, tensor(0.1));
    expect([...y.dataSync()].map((value) => Number(value.toFixed(5)))).toStrictEqual([0.2, -0.3, 12.7, -12.7]);
    backward(y.sum());
    expect([...x.grad?.dataSync() ?? []]).toStrictEqual([1, 1, 0, 0]);
  });

  test("a model that was trained with it computes the same in int8", () => {
    const model = net();
    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    quantize.prepareFakeQuant(model);
    expect([...model].filter((layer) => layer instanceof FakeQuantized)).toHaveLength(2);
    const target = randn([6, 5], { generator });
    const losses = Array.from({ length: 15 }, () => {
      const loss = mseLoss(model.forward(images), target);
      optimizer.zeroGrad();
      backward(loss);
      optimizer.step();
      return loss.item();
    });
    expect(losses[14]).toBeLessThan(losses[0] / 2);
    expect(difference(quantize.convert(model).forward(images), model.eval().forward(images))).toBeLessThan(1e-5);
  });

  test("without a batch there is nothing to convert", () => {
    expect(() => quantize.convert(quantize.prepareFakeQuant(net()))).toThrow('no batch reached "0"');
    expect(() => quantize.convert(net())).toThrow(UnknownNameError);
  });
});

test("layers that exclude matches stay floats, and what leaves none is refused", () => {
  expect(quantize.dynamicInt8(net(), { exclude: "3" }).children().map((layer) => layer.constructor.name)).toStrictEqual(["QuantizedConv2d", "ReLU", "Flatten", "Linear"]);
  expect(() => quantize.dynamicInt8(net(), { exclude: /./ })).toThrow("no layer was found to quantize");
  expect(() => quantize.dynamicInt8(new Linear(2, 2)).forward(tensor([[1, 2]], { dtype: "int32" }))).toThrow("x is int32");
});
