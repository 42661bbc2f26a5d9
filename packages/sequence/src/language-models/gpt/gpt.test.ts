import { backward, grad } from "@dl/autograd";
import { Adam, crossEntropy } from "@dl/nn";
import { Generator, manualSeed, softmax, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Llama } from "../index.js";
import { GPT, gptParameters, gptPresets } from "./index.js";
import type { GPTOptions } from "./index.js";

const small: GPTOptions = { vocabSize: 7, contextLength: 6, dim: 8, heads: 2, layers: 2 };
const make = (options: Partial<GPTOptions> = {}): GPT => new GPT({ ...small, generator: new Generator(4), ...options });
const idsOf = (...rows: readonly (readonly number[])[]): Tensor => tensor(rows.map((row) => [...row]), { dtype: "int32" });
const countOf = (model: GPT): number => model.parameters().reduce((sum, { size }) => sum + size, 0);

describe("TRF-02 GPT", () => {
  test("gives logits for every position, and no more positions than it knows", () => {
    expect(make().forward(idsOf([1, 2, 3, 4], [5, 6, 0, 1])).shape).toStrictEqual([2, 4, 7]);
    expect(() => make().forward(idsOf([0, 1, 2, 3, 4, 5, 6]))).toThrow("GPT: 7 ids are more than contextLength 6");
  });

  test("GPT-2 has 124,439,808 parameters, and counting agrees with what is made", () => {
    expect(gptParameters(gptPresets.gpt2)).toBe(124_439_808);
    expect(gptParameters(gptPresets["gpt2-medium"])).toBe(354_823_168);
    expect(gptParameters(gptPresets["gpt2-large"])).toBe(774_030_080);
    expect(gptParameters(gptPresets["gpt2-xl"])).toBe(1_557_611_200);
    expect(gptPresets["gpt3-small"].contextLength).toBe(2048);
    const variants: Partial<GPTOptions>[] = [
      {}, { bias: false }, { tiedHead: false, hiddenDim: 5 }, { normFirst: false }, { positions: "rotary" }, { positions: "sinusoidal", layers: 3 },
    ];
    for (const options of variants) expect(countOf(make(options))).toBe(gptParameters({ ...small, ...options }));
  });

  test("starts as GPT-2 does", () => {
    const model = make({ vocabSize: 200, dim: 64, contextLength: 50 });
    const deviationOf = (x: Tensor | undefined): number => Math.sqrt(x?.square().mean().item() ?? 0);
    const state = model.stateDict();
    const at = (key: string): number => deviationOf(state.get(`transformer.${key}`));
    for (const key of ["wte.weight", "wpe.weight", "h.0.attn.c_attn.weight", "h.1.mlp.c_fc.weight"]) expect(at(key) / 0.02).toBeCloseTo(1, 1);
    for (const key of ["h.0.attn.c_proj.weight", "h.1.mlp.c_proj.weight"]) expect(at(key) / 0.01).toBeCloseTo(1, 1);
    expect([at("h.0.attn.c_attn.bias"), at("h.0.mlp.c_proj.bias"), at("ln_f.weight")]).toStrictEqual([0, 0, 1]);
  });

  test("the same seed gives the same weights", () => {
    expect(make().transformer.wte.weight.toArray()).toStrictEqual(make().transformer.wte.weight.toArray());
    manualSeed(9);
    const first = new GPT(small).transformer.h[1].mlp.cFc.weight.toArray();
    manualSeed(9);
    expect(new GPT(small).transformer.h[1].mlp.cFc.weight.toArray()).toStrictEqual(first);
  });

  test.each<[string, () => unknown, string]>([
    ["heads that do not divide dim", () => make({ heads: 3 }), "GPT: 3 heads do not divide dim 8"],
    ["no layers", () => make({ layers: 0 }), "GPT: layers is 0"],
    ["a dropout above 1", () => make({ dropout: 2 }), "GPT: dropout is 2"],
    ["unknown positions", () => make({ positions: "alibi" as "rotary" }), 'GPT: positions is "alibi"'],
    ["an unknown activation", () => make({ activation: "swish" as "gelu" }), 'GPT: unknown activation "swish"'],
    ["an unknown option", () => make({ nHeads: 2 } as object), 'GPT: unknown option "nHeads"'],
    ["float ids", () => make().forward(tensor([[1, 2]])), "GPT: the ids are float32"],
    ["ids without a batch", () => make().forward(idsOf([1, 2]).select(0, 0)), "GPT: expected ids of shape [N, T], got [2]. Add the batch: ids.unsqueeze(0)"],
    ["an id beyond the vocabulary", () => make().forward(idsOf([1, 7])), "7"],
    ["another padding mask", () => make().forward(idsOf([1, 2]), { paddingMask: tensor([[true]]) }), "GPT: the padding mask has shape [1, 1], the ids [1, 2]"],
    ["a cache with gradients", () => make().forward(idsOf([1, 2]), { cache: make().startCache() }), "GPT: a cache holds no gradients, and gradients are being"],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});

describe("TRF-06 the output layer", () => {
  test("softmax gives probabilities for each position", () => {
    softmax(make().forward(idsOf([1, 2, 3])), -1).sum(-1).dataSync().forEach((sum) => { expect(sum).toBeCloseTo(1, 6); });
  });

  test("tied, its weights and gradient are those of the embedding, and a state dict holds them once", () => {
    const model = make();
    const keys = [...model.stateDict().keys()].filter((key) => key.includes("wte") || key.includes("head"));
    expect([model.lmHead, keys]).toStrictEqual([null, ["transformer.wte.weight"]]);
    const untied = make({ tiedHead: false });
    const shared = model.stateDict();
    untied.loadStateDict(new Map([...shared, ["lm_head.weight", model.transformer.wte.weight.detach()]]));
    const lossOf = (net: GPT): Tensor => crossEntropy(net.forward(idsOf([1, 2, 3])).flatten(0, 1), tensor([2, 3, 4], { dtype: "int32" }));
    expect(lossOf(untied).item()).toBeCloseTo(lossOf(model).item(), 6);
    const [tied] = grad(lossOf(model), [model.transformer.wte.weight]);
    const [embedding, head] = grad(lossOf(untied), [untied.transformer.wte.weight, untied.lmHead?.weight ?? untied.transformer.wte.weight]);
    expect(tied.sub(embedding.add(head)).abs().max().item()).toBeLessThan(1e-6);
    expect(head.abs().max().item()).toBeGreaterThan(1e-3);
  });
});

describe("TRF-07 training", () => {
  /** I, like, deep, learning. */
  const pairs = [[0, 1, 2], [1, 2, 3]] as const;
  const [x, y] = [idsOf(pairs[0]), tensor([...pairs[1]], { dtype: "int32" })];

  test('"I like deep" → "like deep learning": the loss falls as p("learning") rises', () => {
    const model = make({ vocabSize: 4 });
    const optimizer = new Adam(model.parameters(), { lr: 1e-2 });
    const history: { readonly loss: number; readonly p: number }[] = [];
    for (let i = 0; i < 40; i++) {
      const logits = model.forward(x);
      const loss = crossEntropy(logits.flatten(0, 1), y);
      history.push({ loss: loss.item(), p: softmax(logits, -1).select(1, 2).select(1, 3).item() });
      optimizer.zeroGrad();
      backward(loss);
      optimizer.step();
    }
    expect(history[0].p).toBeGreaterThan(0.15);
    history.slice(1).forEach(({ loss, p }, i) => { expect([loss < history[i].loss, p > history[i].p]).toStrictEqual([true, true]); });
    expect(history[39].p).toBeGreaterThan(0.9);
  });
});

describe("TRF-10 causality", () => {
  const models: [string, GPT | Llama][] = [
    ["GPT", make()], ["GPT, post-norm", make({ normFirst: false })], ["GPT, rotary", make({ positions: "rotary" })],
    ["Llama", new Llama({ ...small, kvHeads: 1, generator: new Generator(2) })],
  ];
  test.each(models)("future tokens do not change earlier logits, bit for bit: %s", (_, model) => {
    const earlier = (ids: Tensor): unknown => model.forward(ids).slice(1, 0, 3).toArray();
    expect(earlier(idsOf([1, 2, 3, 4, 5]))).toStrictEqual(earlier(idsOf([1, 2, 3, 0, 6])));
    expect(model.forward(idsOf([1, 2, 3, 4, 5])).select(1, 3).toArray()).not.toStrictEqual(model.forward(idsOf([1, 2, 3, 0, 6])).select(1, 3).toArray());
  });
});
