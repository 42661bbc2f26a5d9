import { evaluating } from "@dl/nn";
import { UnknownNameError, ValueError } from "@dl/registry";
import { Generator, cat, logSoftmax, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { generate, generateBatch } from "../../generation/index.js";
import { WordTokenizer, standardSpecials } from "../../tokenizers/index.js";
import { RNNSeq2Seq, TransformerSeq2Seq, beamDecode, conditioned, greedyDecode, trace, translate } from "../index.js";
import { smallModels } from "../test-models.js";

const source = tensor([[3, 5, 2, 6, 1], [4, 1, 2, 0, 0], [5, 5, 0, 0, 0]], { dtype: "int32" });
const ends = { bos: 1, eos: 2 };

/** ln p of ids and their end behind <start>, all at once. */
function logProbOf(model: RNNSeq2Seq | TransformerSeq2Seq, row: Tensor, ids: readonly number[]): number {
  const logProbs = logSoftmax(model.forward(row, tensor([[ends.bos, ...ids.slice(0, -1)]], { dtype: "int32" })), 2).dataSync();
  return ids.reduce((sum, id, t) => sum + logProbs[t * 7 + id], 0);
}

describe.each(smallModels())("SEQ-05 %s", (_, model) => {
  test("one beam is greedy, and sources of a batch are what they are alone", async () => {
    const greedy = await greedyDecode(model, source, { ...ends, maxLength: 6 });
    const single = await beamDecode(model, source, { ...ends, maxLength: 6, beams: 1, lengthPenalty: 0 });
    expect(single.map(([best]) => best.ids)).toStrictEqual(greedy.map(({ ids }) => ids));
    single.forEach(([best], n) => { expect(best.logProb).toBeCloseTo(greedy[n].logProb, 4); });
    const [alone] = await greedyDecode(model, source.slice(0, 1, 2).slice(1, 0, 3), { ...ends, maxLength: 6 });
    expect(alone.ids).toStrictEqual(greedy[1].ids);
    expect(model.training).toBe(true);
  });

  test("with beams for all, the search finds the likeliest of all targets, and tells its score", async () => {
    const [best, ...rest] = (await beamDecode(model, source.slice(0, 0, 1), { ...ends, maxLength: 2, beams: 49, lengthPenalty: 0 }))[0];
    const [greedy] = await greedyDecode(model, source.slice(0, 0, 1), { ...ends, maxLength: 2 });
    expect(best.score).toBeGreaterThanOrEqual(greedy.score - 1e-5);
    const all = [[2], ...[0, 1, 3, 4, 5, 6].flatMap((first) => [0, 1, 2, 3, 4, 5, 6].map((second) => [first, second]))];
    const scores = evaluating(model, () => all.map((ids) => logProbOf(model, source.slice(0, 0, 1), ids)));
    expect(best.score).toBeCloseTo(Math.max(...scores), 4);
    expect(rest.map(({ score }) => score)).toStrictEqual(rest.map(({ score }) => score).sort((a, b) => b - a));
    expect(rest).toHaveLength(all.length - 1);
  });
});

describe("SEQ-05 decoding", () => {
  const model = new RNNSeq2Seq(9, 7, { dim: 6, hidden: 8, generator: new Generator(1) });

  test("stops at the end of the target, or at the length", async () => {
    for (const { ids, reason } of await greedyDecode(model, source, { ...ends, maxLength: 4 })) {
      expect(ids).not.toContain(ends.eos);
      expect(reason === "stop" ? ids.length < 4 : ids.length === 4).toBe(true);
    }
    const { ids, reason } = (await greedyDecode(model, source, { bos: 1, eos: (await greedyDecode(model, source, ends))[0].ids[0] ?? 2 }))[0];
    expect([ids, reason]).toStrictEqual([[], "stop"]);
  });

  test("with its source fixed, a model is a language model that can draw texts", async () => {
    const memory = evaluating(model, () => model.encode(source.slice(0, 0, 1)));
    const draw = async (seed: number): Promise<readonly number[]> => (await generate(conditioned(model, memory), [1], { seed, maxNewTokens: 8 })).newIds;
    expect(await draw(1)).toStrictEqual(await draw(1));
    expect(await draw(1)).not.toStrictEqual(await draw(2));
    const greedy = await generate(conditioned(model, memory), [1], { strategy: "greedy", maxNewTokens: 8 });
    const rerun = await generate(conditioned(model, memory), [1], { strategy: "greedy", maxNewTokens: 8, cache: false });
    expect(rerun.newIds).toStrictEqual(greedy.newIds);
    const texts = await generateBatch(conditioned(model, memory), [[1], [1], [1]], { strategy: "greedy", maxNewTokens: 8 });
    expect(texts.map(({ newIds }) => newIds)).toStrictEqual(new Array(3).fill(greedy.newIds));
    const several = conditioned(model, memory).forward(tensor([[1, 3], [1, 4]], { dtype: "int32" }));
    const expected = evaluating(model, () => model.forward(cat([source.slice(0, 0, 1), source.slice(0, 0, 1)]), tensor([[1, 3], [1, 4]], { dtype: "int32" })));
    expect(several.sub(expected).abs().max().item()).toBeLessThan(1e-5);
  });

  test("bad options are refused", async () => {
    const transformer = new TransformerSeq2Seq(9, 7, { dim: 4, heads: 1, layers: 1, maxLength: 5 });
    await expect(greedyDecode(model, source, { bos: 1, eos: 7 })).rejects.toThrow(ValueError);
    await expect(greedyDecode(transformer, source, { ...ends, maxLength: 5 })).rejects.toThrow("the model writes 4 ids at most");
    await expect(beamDecode(model, source, { ...ends, ...Object.fromEntries([["beam", 3]]) })).rejects.toThrow(UnknownNameError);
    expect(() => conditioned(model, model.encode(source)).forward(source, { paddingMask: source.eq(0) })).toThrow(ValueError);
    expect(await greedyDecode(transformer, source, ends)).toHaveLength(3);
  });
});

describe("TRF-10 a trace", () => {
  const english = WordTokenizer.train("the cat is here", { specials: standardSpecials });
  const french = WordTokenizer.train("le chat est ici", { specials: standardSpecials });
  const tokenizers = { source: english, target: french };
  const model = new TransformerSeq2Seq(english.vocabSize, french.vocabSize, { dim: 8, heads: 2, layers: 1, generator: new Generator(3) });

  test("tells what was read, what was likely, and where the decoder looked; it writes what greedy decoding writes", async () => {
    const { sourceTokens, steps, text } = await trace(model, "the cat is here", tokenizers, { maxLength: 5, runnersUp: 2 });
    expect(sourceTokens).toStrictEqual(["the", "cat", "is", "here"]);
    expect([text]).toStrictEqual(await translate(model, ["the cat is here"], tokenizers, { maxLength: 5 }));
    expect(steps[0].read).toStrictEqual(["<start>"]);
    steps.forEach(({ token, id, read, probability, runnersUp, attention }, t) => {
      expect(token).toBe(french.tokenOf(id));
      expect(read).toStrictEqual(["<start>", ...steps.slice(0, t).map((step) => step.token)]);
      expect(runnersUp).toHaveLength(2);
      expect(probability).toBeGreaterThanOrEqual(runnersUp[0].probability);
      expect(attention?.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      expect(attention).toHaveLength(4);
    });
  });

  test("translate searches with beams, too, and refuses what it cannot read", async () => {
    expect(await translate(model, ["the cat", "here"], tokenizers, { beams: 3, maxLength: 4, lengthPenalty: 0.6 })).toHaveLength(2);
    await expect(translate(model, ["the", ""], tokenizers)).rejects.toThrow("source 1 has no token");
    const plain = WordTokenizer.train("le chat");
    await expect(translate(model, ["the"], { source: english, target: plain })).rejects.toThrow("no begin of sequences");
  });
});
