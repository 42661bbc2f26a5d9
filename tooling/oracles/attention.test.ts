import { backward } from "@dl/autograd";
import { LayerNorm, MultiheadAttention, Transformer, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer } from "@dl/nn";
import type { AttentionMasks, Module, MultiheadAttentionOptions, TransformerLayerOptions } from "@dl/nn";
import { sizeOf, tensor } from "@dl/tensor";
import type { Shape, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, fillParameters, readFixture, wave } from "./fixture.js";

interface AttentionCall {
  readonly attnMask?: "bool" | "float" | "perHead" | "causal";
  readonly keyPaddingMask?: "bool" | "float";
  readonly needWeights?: boolean;
  readonly averageWeights?: boolean;
  readonly single?: boolean;
}

interface AttentionCase {
  readonly kind: "MultiheadAttention";
  readonly layer: MultiheadAttentionOptions;
  readonly call: AttentionCall;
  readonly shapes: Readonly<Record<string, Shape>>;
}

interface StackCase {
  readonly kind: "Encoder" | "Decoder" | "EncoderStack" | "DecoderStack" | "Transformer";
  readonly layer: TransformerLayerOptions;
  readonly call: { readonly causal?: boolean; readonly padding?: boolean };
  readonly dtype: "float32" | "float64";
  readonly shapes: Readonly<Record<string, Shape>>;
}

type Named = Readonly<Record<string, Tensor>>;

/** attention.py's masks: every third element is left out, but never the first of a row; or a wave. */
function mask(kind: "bool" | "float", shape: Shape): Tensor {
  if (kind === "float") return wave(shape, { phase: 5 });
  const width = shape[shape.length - 1];
  return tensor(Uint8Array.from({ length: sizeOf(shape) }, (_, i) => Number(i % 3 === 2 && i % width !== 0)), { shape, dtype: "bool" });
}

function masksOf({ call, shapes, layer }: AttentionCase): AttentionMasks {
  const steps = layer.batchFirst === true && call.single !== true ? 1 : 0;
  const [queries, keys] = [shapes.query[steps], shapes.key[steps]];
  const { attnMask, keyPaddingMask } = call;
  const pairs = { bool: [queries, keys], float: [queries, keys], perHead: [4, queries, keys] };
  return {
    isCausal: attnMask === "causal",
    ...(attnMask !== undefined && attnMask !== "causal" && { attnMask: mask(attnMask === "float" ? "float" : "bool", pairs[attnMask]) }),
    ...(keyPaddingMask && { keyPaddingMask: mask(keyPaddingMask, call.single === true ? [keys] : [2, keys]) }),
  };
}

function runStack({ kind, layer, call, dtype, shapes }: StackCase): { readonly model: Module; readonly run: (inputs: Named) => Tensor } {
  const settings = { ...layer, dropout: 0, dimFeedforward: 5, dtype };
  const isCausal = call.causal ?? false;
  const steps = layer.batchFirst === true ? 1 : 0;
  const padding = (name: string): Tensor => mask("bool", [2, shapes[name][steps]]);
  if (kind === "Transformer") {
    const model = new Transformer(4, 2, { ...settings, numEncoderLayers: 1, numDecoderLayers: 2 });
    return { model, run: ({ src, tgt }) => model.forward(src, tgt, { tgtIsCausal: isCausal }) };
  }
  if (kind.startsWith("Encoder")) {
    const one = new TransformerEncoderLayer(4, 2, settings);
    const model = kind === "Encoder" ? one : new TransformerEncoder(one, 2, { norm: new LayerNorm(4, { dtype }) });
    return { model, run: ({ src }) => model.forward(src, { isCausal, ...(call.padding && { srcKeyPaddingMask: padding("src") }) }) };
  }
  const one = new TransformerDecoderLayer(4, 2, settings);
  const model = kind === "Decoder" ? one : new TransformerDecoder(one, 2);
  const masks = call.padding === true ? { tgtKeyPaddingMask: padding("tgt"), memoryKeyPaddingMask: padding("memory") } : {};
  return { model, run: ({ tgt, memory }) => model.forward(tgt, memory, { tgtIsCausal: isCausal, ...masks }) };
}

function build(options: AttentionCase | StackCase): { readonly model: Module; readonly run: (inputs: Named) => Named } {
  if (options.kind !== "MultiheadAttention") {
    const { model, run } = runStack(options);
    return { model, run: (inputs) => ({ output: run(inputs) }) };
  }
  const model = new MultiheadAttention(4, 2, { ...options.layer, dtype: "float64" });
  const { needWeights = true, averageWeights = true } = options.call;
  return {
    model,
    run: ({ query, key, value }): Named => {
      const { output, weights } = model.forward(query, key, value, { ...masksOf(options), needWeights, averageWeights });
      return { output, ...(weights && { weights }) };
    },
  };
}

const cases = readFixture<AttentionCase | StackCase>("attention");

describe("attention and transformers against PyTorch (TRF-03, TRF-04, TRF-09)", () => {
  test.each(cases.map((oracle) => [oracle.name, oracle] as const))("%s", (_, { options, tensors }) => {
    const dtype = "dtype" in options ? options.dtype : "float64";
    const tolerance = dtype === "float64" ? 1e-10 : 1e-5;
    const { model, run } = build(options);
    fillParameters(model, 0.3);
    const inputs = Object.fromEntries(Object.entries(options.shapes).map(([name, shape], phase) => [name, wave(shape, { phase, dtype, requiresGrad: true })]));
    const outputs = run(inputs);
    for (const [name, value] of Object.entries(outputs)) expectClose(value, tensors[name], tolerance, name);

    const parts = Object.values(outputs).map((value, k) => value.mul(wave(value.shape, { phase: k, dtype })).sum());
    backward(parts.reduce((a, b) => a.add(b)));
    const found = [...Object.entries(inputs), ...model.namedParameters()];
    for (const [name, { grad }] of found) {
      expect(grad, `the gradient of ${name}`).not.toBeNull();
      if (grad !== null) expectClose(grad, tensors[`grad ${name}`], tolerance, `the gradient of ${name}`);
    }
    expect(Object.keys(tensors)).toHaveLength(found.length + Object.keys(outputs).length);
  });
});

describe("the course's attention numbers, from weights 0.05·sin(i)", () => {
  const x = tensor([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]], { dtype: "float64" });
  const options = { dtype: "float64" } as const;

  test("TRF-03 self-attention with two heads, and its map", () => {
    const { output, weights } = fillParameters(new MultiheadAttention(4, 2, options)).forward(x);
    expectClose(output.slice(0, 1), tensor([[0.0463972687, 0.0262794104, -0.0193857582, -0.0539613072]], options), 1e-10);
    expect(weights?.sum(-1).sub(1).abs().max().item()).toBeLessThan(1e-12);
  });

  test("TRF-04 an encoder layer with LayerNorm behind each part", () => {
    const layer = fillParameters(new TransformerEncoderLayer(4, 2, { dimFeedforward: 8, dropout: 0, ...options }));
    expectClose(layer.forward(x).slice(0, 1), tensor([[0.0299095609, 0.0165686553, 0.0854487259, 0.0170428465]], options), 1e-10);
  });
});
