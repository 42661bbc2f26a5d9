import { Generator, manualSeed, tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { GPT, RecurrentLM } from "../language-models/index.js";
import { generate, generateBatch } from "./index.js";
import type { GenerateOptions, GenerationStep } from "./index.js";
import { logsOf, tableModel } from "./test-models.js";

/** 0 → 1 → 2 → 3 → 0 … most of the time. */
const ring = (contextLength?: number): ReturnType<typeof tableModel> =>
  tableModel(logsOf([[0.1, 0.7, 0.1, 0.1], [0.1, 0.1, 0.7, 0.1], [0.1, 0.1, 0.1, 0.7], [0.7, 0.1, 0.1, 0.1]]), contextLength);
const greedy = { strategy: "greedy" } as const;
const gpt = (options: object = {}): GPT => new GPT({ vocabSize: 11, contextLength: 12, dim: 16, heads: 2, layers: 2, generator: new Generator(3), ...options });
const idsOf = async (options: GenerateOptions): Promise<readonly number[]> => (await generate(ring(), [0], { maxNewTokens: 30, ...options })).newIds;

describe("RNN-02 generation", () => {
  test("feeds the likeliest id back, and gives each with its probability", async () => {
    const { ids, newIds, logProbs, reason } = await generate(ring(), [0], { ...greedy, maxNewTokens: 5 });
    expect([ids, newIds, reason]).toStrictEqual([[0, 1, 2, 3, 0, 1], [1, 2, 3, 0, 1], "length"]);
    logProbs.forEach((logProb) => { expect(logProb).toBeCloseTo(Math.log(0.7), 6); });
  });

  test("stops at <end>, which the text keeps, or behind a sequence", async () => {
    expect(await generate(ring(), [0], { ...greedy, maxNewTokens: 9, stop: 3 })).toMatchObject({ newIds: [1, 2, 3], reason: "stop" });
    expect(await generate(ring(), [0], { ...greedy, maxNewTokens: 9, stop: [[3, 0]] })).toMatchObject({ newIds: [1, 2, 3, 0], reason: "stop" });
    // The prompt's own ids stop nothing.
    expect(await generate(ring(), [2, 3], { ...greedy, maxNewTokens: 2, stop: [[3, 0]] })).toMatchObject({ newIds: [0, 1], reason: "length" });
  });

  test("is never longer than said", async () => {
    expect((await generate(ring(), [0, 1], { maxLength: 7, seed: 1 })).ids).toHaveLength(7);
    expect((await generate(ring(), [0, 1], { maxNewTokens: 0 })).newIds).toStrictEqual([]);
    expect((await generate(gpt(), [1, 2], { seed: 1 })).ids).toHaveLength(12);
  });

  test("T → 0 is greedy, and topK 1 too", async () => {
    const expected = await idsOf(greedy);
    expect(await idsOf({ temperature: 1e-3, seed: 4 })).toStrictEqual(expected);
    expect(await idsOf({ topK: 1, temperature: 5 })).toStrictEqual(expected);
    expect(await idsOf({ topP: 0.5 })).toStrictEqual(expected);
    expect(await idsOf({ minP: 0.5 })).toStrictEqual(expected);
  });

  test("the same seed gives the same text, another one another", async () => {
    expect(await idsOf({ seed: 7 })).toStrictEqual(await idsOf({ generator: new Generator(7) }));
    expect(await idsOf({ seed: 7 })).not.toStrictEqual(await idsOf({ seed: 8 }));
    manualSeed(7);
    expect(await idsOf({})).toStrictEqual(await idsOf({ seed: 7 }));
  });

  test("T = 1 frequencies follow the softmax: χ², p > .01; T = 2 those of the halved logits", async () => {
    for (const temperature of [1, 2]) {
      const { ids } = await generate(ring(1), [0], { maxNewTokens: 6000, seed: 11, temperature, window: "slide" });
      const total = 0.7 ** (1 / temperature) + 3 * 0.1 ** (1 / temperature);
      const counts = [0, 0, 0, 0];
      ids.slice(1).forEach((id, i) => { counts[(id - ids[i] + 4) % 4] += 1; });
      const expected = [0.1, 0.7, 0.1, 0.1].map((p) => (6000 * p ** (1 / temperature)) / total);
      // The 99 % point of χ² with 3 degrees of freedom.
      expect(counts.reduce((sum, count, i) => sum + (count - expected[i]) ** 2 / expected[i], 0)).toBeLessThan(11.345);
    }
  });

  test("a penalty breaks a loop", async () => {
    const table = tableModel([[3, 2.9, 0], [0, 3, 2.9], [3, 0, 0]]);
    expect((await generate(table, [0], { ...greedy, maxNewTokens: 3 })).newIds).toStrictEqual([0, 0, 0]);
    expect((await generate(table, [0], { ...greedy, maxNewTokens: 2, repetitionPenalty: 2 })).newIds).toStrictEqual([1, 2]);
  });

  test("gives ids as they come; leaving the loop ends it", async () => {
    const model = ring();
    const run = generate(model, tensor([0], { dtype: "int32" }), { ...greedy, maxNewTokens: 50 });
    expect(model.widths).toStrictEqual([]);
    const steps: GenerationStep[] = [];
    for await (const step of run) {
      steps.push(step);
      if (steps.length === 2) break;
    }
    expect(steps.map(({ id, row, step, reason }) => [id, row, step, reason])).toStrictEqual([[1, 0, 0, null], [2, 0, 1, null]]);
    expect(model.widths).toStrictEqual([1, 2]);
    expect(await run).toMatchObject({ newIds: [1, 2], reason: null });
    expect(() => run[Symbol.asyncIterator]()).toThrow("were taken already");
  });

  test("an abort ends it with what there is", async () => {
    const controller = new AbortController();
    const run = generate(ring(), [0], { ...greedy, maxNewTokens: 50, signal: controller.signal });
    for await (const { step } of run) if (step === 3) controller.abort();
    expect(await run).toMatchObject({ newIds: [1, 2, 3, 0], reason: "aborted" });
  });

  test("the model runs in evaluation, and stays in training", async () => {
    const model = gpt({ dropout: 0.5 });
    const first = await generate(model, [1, 2], greedy);
    expect(await generate(model, [1, 2], greedy)).toStrictEqual(first);
    expect([model.training, model.transformer.drop.training]).toStrictEqual([true, true]);
    expect(model.parameters().every(({ grad }) => grad === null)).toBe(true);
  });

  test.each(["learned", "sinusoidal", "rotary"] as const)("a cache changes nothing, nor does a sliding window: %s positions", async (positions) => {
    const model = gpt({ positions });
    const options = { maxNewTokens: 25, seed: 2, window: "slide" } as const;
    const cached = await generate(model, [1, 2, 3], options);
    const rerun = await generate(model, [1, 2, 3], { ...options, cache: false });
    expect(cached.newIds).toStrictEqual(rerun.newIds);
    const byHand = await generate(model, cached.ids.slice(-13, -1), { ...greedy, maxNewTokens: 1, window: "slide" });
    const whole = await generate(model, cached.ids.slice(0, -1), { ...greedy, maxNewTokens: 1, window: "slide" });
    expect(whole.logProbs[0]).toBe(byHand.logProbs[0]);
  });

  const lstm = new RecurrentLM({ vocabSize: 11, hiddenSize: 8, generator: new Generator(1) });
  const models = [["GPT", gpt()], ["GPT, rotary", gpt({ positions: "rotary" })], ["an LSTM", lstm]] as const;
  test.each(models)("TRF-08 a padded batch is what its rows are alone: %s", async (_, model) => {
    const prompts = [[1, 2, 3, 4, 5], [6], [7, 8]];
    for (const cache of [true, false]) {
      const options = { ...greedy, maxNewTokens: 7, cache };
      const together = await generateBatch(model, prompts, options);
      for (const [row, prompt] of prompts.entries()) {
        const alone = await generate(model, prompt, options);
        expect(together[row].newIds).toStrictEqual(alone.newIds);
        alone.logProbs.forEach((logProb, i) => { expect(together[row].logProbs[i]).toBeCloseTo(logProb, 5); });
      }
    }
  });

  test("rows of a batch end one by one", async () => {
    const texts = await generateBatch(ring(), tensor([[0], [2]], { dtype: "int32" }), { ...greedy, maxNewTokens: 4, stop: 3 });
    expect(texts.map(({ newIds, reason }) => [newIds, reason])).toStrictEqual([[[1, 2, 3], "stop"], [[3], "stop"]]);
  });

  const broken = tableModel([[0, 1, 0], [0, 0, 1], [NaN, 0, 0]]);
  test.each<[string, () => PromiseLike<unknown>, string]>([
    ["an empty prompt", () => generate(ring(), []), "generate: the prompt is empty"],
    ["an unknown id", () => generate(ring(), [0, 4]), "generate: the prompt has id 4 at position 1, and the model knows 0 to 3"],
    [
      "a prompt beyond the context", () => generate(gpt(), new Array<number>(13).fill(1)),
      'generate: the prompt of 13 ids is longer than contextLength 12. Cut it, or let the model look at its end: window: "slide"',
    ],
    [
      "a text beyond the context", () => generate(gpt(), [1, 2], { maxNewTokens: 11 }),
      "the prompt of 2 ids and 11 more do not fit contextLength 12. Ask for 10 at most",
    ],
    ["no end", () => generate(ring(), [0]), "generate: nothing says where to end"],
    ["NaN, with its step", () => generate(broken, [0], { ...greedy, maxNewTokens: 9 }), "generate: the model gave NaN among the logits of step 2"],
    ["no prompts", () => generateBatch(ring(), []), "generateBatch: there are no prompts"],
    ["a prompt of floats", () => generate(ring(), tensor([0.5])), "generate: the prompt is float32"],
    ["an unknown stop", async () => generate(ring(), [0], { stop: [[9]] }), "the text is to stop at id 9"],
    [
      "a temperature of 0", async () => generate(ring(), [0], { temperature: 0 }),
      'temperature is 0. Give a finite number above 0; strategy "greedy" is what 0 would mean',
    ],
    ["a topP above 1", async () => generate(ring(), [0], { topP: 1.5 }), "topP is 1.5"],
    ["a topK of 0", async () => generate(ring(), [0], { topK: 0 }), "topK is 0"],
    ["two ways to draw", async () => generate(ring(), [0], { seed: 1, generator: new Generator(1) }), "both seed and generator are given"],
    ["draws that are not made", async () => generate(ring(), [0], { ...greedy, topK: 3 }), 'topK is given, and strategy "greedy" draws nothing'],
    ["an unknown option", async () => generate(ring(), [0], { topk: 3 } as object), 'unknown option "topk"'],
  ])("refuses %s", async (_, call, message) => {
    await expect(Promise.resolve().then(call)).rejects.toThrow(message);
  });
});
