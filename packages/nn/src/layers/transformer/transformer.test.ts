import { UnknownNameError, ValueError } from "@dl/registry";
import { Generator, ones, randn, silu, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { LayerNorm } from "../norm/index.js";
import { Transformer, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer } from "./index.js";

const small = { dimFeedforward: 8, dropout: 0 } as const;
const draw = (shape: readonly number[], seed = 1): Tensor => randn(shape, { generator: new Generator(seed) });

/** x with row `at` of dim 0 replaced. */
function changed(x: Tensor, at: number): Tensor {
  const values = x.dataSync();
  const row = x.size / x.shape[0];
  values.fill(9, at * row, (at + 1) * row);
  return tensor(values, { shape: x.shape });
}

describe("TRF-04 LayerNorm", () => {
  test("behind each part, outputs of the layer are normalised; before it, they are not", () => {
    const x = draw([3, 2, 4]).mul(10);
    const spread = (normFirst: boolean): number => new TransformerEncoderLayer(4, 2, { ...small, normFirst }).forward(x).square().mean().item();
    expect(spread(false)).toBeCloseTo(1, 3);
    expect(spread(true)).toBeGreaterThan(5);
  });

  test("of 1 to 4", () => {
    const golden = [-1.3416354, -0.4472118, 0.4472118, 1.3416354];
    new LayerNorm(4).forward(tensor([1, 2, 3, 4])).dataSync().forEach((value: number, i: number) => { expect(value).toBeCloseTo(golden[i], 6); });
  });
});

describe("TRF-09 the encoder", () => {
  const encoder = new TransformerEncoder(new TransformerEncoderLayer(4, 2, small), 3, { norm: new LayerNorm(4) });

  test("keeps the shape", () => {
    expect(encoder.forward(draw([5, 2, 4])).shape).toStrictEqual([5, 2, 4]);
    expect(encoder.forward(draw([5, 4])).shape).toStrictEqual([5, 4]);
  });

  test("what is masked as padding changes nothing elsewhere", () => {
    const x = draw([4, 1, 4]);
    const srcKeyPaddingMask = tensor([[false, false, true, false]]);
    const run = (input: Tensor): unknown[] => [0, 1, 3].map((t) => encoder.forward(input, { srcKeyPaddingMask }).select(0, t).toArray());
    expect(run(changed(x, 2))).toStrictEqual(run(x));
    expect(encoder.forward(changed(x, 2)).select(0, 0).toArray()).not.toStrictEqual(encoder.forward(x).select(0, 0).toArray());
  });

  test("causal, position t depends on positions up to t", () => {
    const x = draw([4, 2, 4]);
    const run = (input: Tensor): unknown => encoder.forward(input, { isCausal: true }).slice(0, 0, 3).toArray();
    expect(run(changed(x, 3))).toStrictEqual(run(x));
  });

  test("has PyTorch's keys, and layers with weights of their own", () => {
    const keys = [...encoder.stateDict().keys()];
    expect(keys.slice(0, 12)).toStrictEqual([
      "self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight", "self_attn.out_proj.bias", "linear1.weight", "linear1.bias",
      "linear2.weight", "linear2.bias", "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias",
    ].map((key) => `layers.0.${key}`));
    expect(keys).toHaveLength(38);
    expect(keys.at(-1)).toBe("norm.bias");
    const state = encoder.stateDict();
    expect(state.get("layers.1.linear1.weight")?.toArray()).not.toStrictEqual(state.get("layers.0.linear1.weight")?.toArray());
  });
});

describe("the decoder and the whole", () => {
  test("a causal target does not see what comes later, and sees the whole memory", () => {
    const decoder = new TransformerDecoder(new TransformerDecoderLayer(4, 2, { ...small, activation: silu }), 2);
    const [tgt, memory] = [draw([3, 2, 4], 1), draw([4, 2, 4], 2)];
    const run = (t: Tensor, m: Tensor): unknown => decoder.forward(t, m, { tgtIsCausal: true }).slice(0, 0, 2).toArray();
    expect(run(changed(tgt, 2), memory)).toStrictEqual(run(tgt, memory));
    expect(run(tgt, changed(memory, 3))).not.toStrictEqual(run(tgt, memory));
  });

  test("decoder layers have PyTorch's keys", () => {
    const groups = new Set([...new TransformerDecoderLayer(4, 2, small).stateDict().keys()].map((key) => key.split(".")[0]));
    expect([...groups]).toStrictEqual(["self_attn", "multihead_attn", "linear1", "linear2", "norm1", "norm2", "norm3"]);
  });

  test("equal generators give equal models and masks, also in the further layers", () => {
    const run = (): unknown => {
      const generator = new Generator(5);
      const model = new Transformer(4, 2, { dimFeedforward: 8, dropout: 0.3, numEncoderLayers: 2, numDecoderLayers: 2, generator });
      return [model.forward(draw([3, 1, 4]), draw([2, 1, 4])).toArray(), [...model.stateDict().values()].map((value) => value.toArray())];
    };
    expect(run()).toStrictEqual(run());
  });

  test("PyTorch's base model has 44,140,544 parameters", () => {
    const layer = (Part: typeof TransformerEncoderLayer | typeof TransformerDecoderLayer): number => new Part(512, 8).parameters().reduce((sum, p) => sum + p.size, 0);
    expect(6 * (layer(TransformerEncoderLayer) + layer(TransformerDecoderLayer)) + 4 * 512).toBe(44_140_544);
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["heads that do not divide the features", () => new TransformerEncoderLayer(6, 4, small), ValueError, "4 heads do not divide embedDim 6"],
    ["another activation", () => new TransformerDecoderLayer(4, 2, { activation: "swish" as "gelu" }), UnknownNameError, 'TransformerDecoderLayer: unknown activation "swish"'],
    ["no layers", () => new TransformerEncoder(new TransformerEncoderLayer(4, 2, small), 0), ValueError, "TransformerEncoder: numLayers is 0"],
    ["a number for a layer", () => Reflect.construct(TransformerDecoder, [6, 2]) as unknown, ValueError, "TransformerDecoder: the layer is number. Give one: new TransformerDecoderLayer(512, 8)."],
    ["a decoder's mask in an encoder", () => new TransformerEncoderLayer(4, 2, small).forward(ones([2, 4]), { tgtMask: ones([2, 2]) } as object), UnknownNameError, 'unknown option "tgtMask"'],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});
