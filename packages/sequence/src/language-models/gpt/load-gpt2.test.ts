import { Generator, decodeSafetensors, encodeSafetensors, tensor } from "@dl/tensor";
import type { HostArray } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { gpt2ByHand } from "./gpt2-by-hand.js";
import { GPT, gpt2StateDict, loadGpt2 } from "./index.js";

const sizes = { vocabSize: 7, contextLength: 6, dim: 8, heads: 2, layers: 2 };

/** A random checkpoint with the names and shapes of GPT-2's files, through the bytes of one. */
function checkpoint(): Map<string, HostArray> {
  const { vocabSize, contextLength, dim, layers } = sizes;
  const generator = new Generator(6);
  const drawn = (...shape: number[]): HostArray => {
    const data = new Float32Array(shape.reduce((a, b) => a * b));
    generator.fillNormal(data, 0, 0.5);
    return { dtype: "float32", shape, data };
  };
  const norm = (name: string): [string, HostArray][] => [[`${name}.weight`, drawn(dim)], [`${name}.bias`, drawn(dim)]];
  const conv1d = (name: string, inputs: number, outputs: number): [string, HostArray][] => [
    [`${name}.weight`, drawn(inputs, outputs)], [`${name}.bias`, drawn(outputs)],
  ];
  const block = (i: number): [string, HostArray][] => [
    ...norm(`h.${i}.ln_1`), ...conv1d(`h.${i}.attn.c_attn`, dim, 3 * dim), ...conv1d(`h.${i}.attn.c_proj`, dim, dim),
    ...norm(`h.${i}.ln_2`), ...conv1d(`h.${i}.mlp.c_fc`, dim, 4 * dim), ...conv1d(`h.${i}.mlp.c_proj`, 4 * dim, dim),
    [`h.${i}.attn.bias`, drawn(1, 1, contextLength, contextLength)], [`h.${i}.attn.masked_bias`, drawn(1)],
  ];
  const tensors = new Map<string, HostArray>([
    ["wte.weight", drawn(vocabSize, dim)], ["wpe.weight", drawn(contextLength, dim)],
    ...Array.from({ length: layers }, (_, i) => block(i)).flat(), ...norm("ln_f"),
  ]);
  return decodeSafetensors(encodeSafetensors(tensors)).tensors;
}

const ids = [3, 0, 6, 6, 1];
const weights = checkpoint();
const logitsOf = (model: GPT): number[][] => model.eval().forward(tensor([ids], { dtype: "int32" })).squeeze(0).toArray() as number[][];

function expectByHand(model: GPT): void {
  const byHand = gpt2ByHand(weights, ids, sizes);
  logitsOf(model).forEach((row, t) => { row.forEach((logit, v) => { expect(Math.abs(logit - byHand[t][v])).toBeLessThan(2e-5 * (1 + Math.abs(logit))); }); });
}

describe("TRF-02 weights in the layout of GPT-2's files", () => {
  test("give the logits of a forward that is written out", () => {
    expectByHand(loadGpt2(new GPT(sizes), weights));
  });

  test("with the prefix and a head that repeats the embedding, too", () => {
    const prefixed = new Map([...weights].map(([name, value]) => [`transformer.${name}`, value] as const));
    const head = weights.get("wte.weight");
    if (head === undefined) throw new Error("no embedding");
    expectByHand(loadGpt2(new GPT(sizes), new Map([...prefixed, ["lm_head.weight", head]])));
    const untied = new Map([...prefixed, ["lm_head.weight", { ...head, data: new Float32Array(head.data.length) }] as const]);
    expect(gpt2StateDict(untied).has("lm_head.weight")).toBe(true);
    expect(logitsOf(loadGpt2(new GPT({ ...sizes, tiedHead: false }), untied)).flat().every((logit) => logit === 0)).toBe(true);
    expect(() => loadGpt2(new GPT(sizes), untied)).toThrow('unexpected "lm_head.weight"');
  });

  test("those of another model are refused, and change nothing", () => {
    const model = new GPT({ ...sizes, layers: 3 });
    const before = model.stateDict();
    expect(() => loadGpt2(model, weights)).toThrow('missing "transformer.h.2.ln_1.weight"');
    for (const [key, value] of model.stateDict()) expect(value.toArray()).toStrictEqual(before.get(key)?.toArray());
    const flat = new Map([...weights, ["h.0.attn.c_attn.weight", { dtype: "float32", shape: [2], data: new Float32Array(2) } satisfies HostArray] as const]);
    expect(() => gpt2StateDict(flat)).toThrow('gpt2StateDict: "h.0.attn.c_attn.weight" has 1 dims');
  });
});
