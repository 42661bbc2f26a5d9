import { Generator } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { GPT } from "../language-models/index.js";
import { beamSearch, generate } from "./index.js";
import { logsOf, tableModel } from "./test-models.js";

/** The likeliest first id leads nowhere: 1 is likelier than 2, but what follows 2 is certain. 3 is the end. */
const trap = [[0.02, 0.5, 0.46, 0.02], [0.3, 0.25, 0.25, 0.2], [0.01, 0.01, 0.01, 0.97], [0.25, 0.25, 0.25, 0.25]];

/** Every text of at most `length` ids that ends with 3, or is that long, by the sum of its ln p. */
function allTexts(length: number): { readonly ids: number[]; readonly logProb: number }[] {
  const extend = (ids: number[], logProb: number): { readonly ids: number[]; readonly logProb: number }[] =>
    ids.length === length || ids.at(-1) === 3 ? [{ ids, logProb }] : trap[ids.at(-1) ?? 0].flatMap((p, id) => extend([...ids, id], logProb + Math.log(p)));
  return extend([], 0);
}

describe("SEQ-05 beam search", () => {
  test("finds what greedy misses", async () => {
    const model = tableModel(logsOf(trap));
    const { newIds } = await generate(model, [0], { strategy: "greedy", maxNewTokens: 2, stop: 3 });
    expect(newIds).toStrictEqual([1, 0]);
    const [best, second] = await beamSearch(model, [0], { beams: 2, maxNewTokens: 2, stop: 3 });
    expect(best).toMatchObject({ ids: [0, 2, 3], newIds: [2, 3], reason: "stop" });
    expect(best.logProb).toBeCloseTo(Math.log(0.46 * 0.97), 6);
    expect(best.score).toBeCloseTo(best.logProb / 2, 6);
    expect(second.score).toBeLessThan(best.score);
  });

  test.each([0, 1, 2])("with beams enough it is exhaustive: length penalty %s", async (lengthPenalty) => {
    const scored = allTexts(3).map(({ ids, logProb }) => ({ ids, score: logProb / ids.length ** lengthPenalty })).sort((a, b) => b.score - a.score);
    const found = await beamSearch(tableModel(logsOf(trap)), [0], { beams: 64, maxNewTokens: 3, stop: [3], lengthPenalty });
    expect(found).toHaveLength(scored.length);
    found.forEach(({ score }, i) => { expect(score).toBeCloseTo(scored[i].score, 5); });
    expect(found[0].newIds).toStrictEqual(scored[0].ids);
  });

  test("one beam is greedy; a cache changes nothing", async () => {
    const model = new GPT({ vocabSize: 9, contextLength: 20, dim: 16, heads: 2, layers: 2, generator: new Generator(5) });
    const [only] = await beamSearch(model, [1, 2], { beams: 1, maxNewTokens: 10 });
    expect(only.newIds).toStrictEqual((await generate(model, [1, 2], { strategy: "greedy", maxNewTokens: 10 })).newIds);
    const options = { beams: 4, maxNewTokens: 8 };
    const [cached, rerun] = [await beamSearch(model, [1, 2], options), await beamSearch(model, [1, 2], { ...options, cache: false })];
    expect(cached.map(({ ids }) => ids)).toStrictEqual(rerun.map(({ ids }) => ids));
    cached.forEach(({ score }, i) => { expect(score).toBeCloseTo(rerun[i].score, 5); });
  });

  test("an abort gives what there is", async () => {
    const controller = new AbortController();
    controller.abort();
    expect(await beamSearch(tableModel(logsOf(trap)), [0], { maxNewTokens: 5, signal: controller.signal })).toMatchObject([{ newIds: [], reason: "aborted" }]);
  });

  test.each<[string, object, string]>([
    ["no beams", { beams: 0 }, "beamSearch: beams is 0"],
    ["a length penalty of NaN", { lengthPenalty: NaN }, "beamSearch: lengthPenalty is NaN"],
    ["no end", {}, "beamSearch: nothing says where to end"],
    ["an unknown option", { width: 2 }, 'beamSearch: unknown option "width"'],
  ])("refuses %s", async (_, options, message) => {
    await expect(beamSearch(tableModel(logsOf(trap)), [0], options)).rejects.toThrow(message);
  });
});
