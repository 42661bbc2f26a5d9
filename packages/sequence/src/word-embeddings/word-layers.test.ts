import { gradcheck } from "@dl/autograd";
import { DataLoader } from "@dl/data";
import { crossEntropy } from "@dl/nn";
import { DTypeError, ShapeError, ValueError } from "@dl/registry";
import { Generator, ones, randn, tensor, type Nested, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { CBOW, SkipGram, cbowDataset, negativeSamplingLoss, skipGramDataset } from "./index.js";

const whole = (values: Nested): Tensor => tensor(values, { dtype: "int32" });
const random = (): Generator => new Generator(1);

describe("TXT-03 SkipGram and CBOW", () => {
  test("TXT-03 scores are products of both tables' rows", () => {
    const model = new SkipGram(4, 3, { generator: random() });
    const all = model.forward(whole([2, 0]));
    expect(all.toArray()).toStrictEqual(model.input.forward(whole([2, 0])).matmul(model.output.weight.transpose()).toArray());
    const [first, second] = [all.select(0, 0).dataSync(), all.select(0, 1).dataSync()];
    const few = model.forward({ given: whole([2, 0]), candidates: whole([[3, 1], [1, 1]]) }).dataSync();
    [first[3], first[1], second[1], second[1]].forEach((score, i) => { expect(few[i]).toBeCloseTo(score, 7); });
  });

  test("TXT-03 CBOW takes the mean of the neighbours that are there", () => {
    const model = new CBOW(4, 3, { generator: random() });
    const scores = model.forward(whole([[2, 3], [2, 0]]));
    const mean = model.input.weight.slice(0, 2, 4).mean(0, { keepDim: true }).matmul(model.output.weight.transpose());
    scores.select(0, 0).dataSync().forEach((score, i) => { expect(score).toBeCloseTo(mean.dataSync()[i], 7); });
    expect(scores.select(0, 1).toArray()).toStrictEqual(model.input.weight.slice(0, 2, 3).matmul(model.output.weight.transpose()).squeeze(0).toArray());
  });

  test("TXT-03 both losses start at those of guessing, ln V and (1 + K)·ln 2", () => {
    const model = new SkipGram(7, 50, { generator: random() });
    expect(crossEntropy(model.forward(whole([1, 2])), whole([3, 4])).item()).toBeCloseTo(Math.log(7), 2);
    const scores = model.forward({ given: whole([1]), candidates: whole([[3, 1, 2, 0]]) });
    expect(negativeSamplingLoss(scores, tensor([[1, 0, 0, 0]])).item()).toBeCloseTo(4 * Math.LN2, 2);
  });

  test("TXT-03 the negative sampling loss is −ln σ(s₀) − Σ ln σ(−sₖ), averaged over questions", () => {
    const sigmoid = (s: number): number => 1 / (1 + Math.exp(-s));
    const expected = -(Math.log(sigmoid(2)) + Math.log(sigmoid(1)) + Math.log(sigmoid(-0.5)) + Math.log(sigmoid(-3))) / 2;
    expect(negativeSamplingLoss(tensor([[2, -1], [-0.5, 3]]), tensor([[1, 0], [1, 0]])).item()).toBeCloseTo(expected, 6);
  });

  test("TXT-03 gradients of candidates' scores", () => {
    const model = new SkipGram(5, 3);
    const run = (input: Tensor, output: Tensor): Tensor => {
      Object.assign(model.input, { weight: input });
      Object.assign(model.output, { weight: output });
      return negativeSamplingLoss(model.forward({ given: whole([2, 2]), candidates: whole([[0, 1, 1], [4, 0, 3]]) }), tensor([[1, 0, 0], [1, 0, 0]], { dtype: "float64" }));
    };
    const table = (seed: number): Tensor => randn([5, 3], { dtype: "float64", generator: new Generator(seed) });
    expect(gradcheck(run, [table(1), table(2)])).toBe(true);
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["float ids", () => new SkipGram(3, 2).forward(ones([2])), DTypeError, "SkipGram: the centers are float32"],
    ["contexts in place of centers", () => new SkipGram(3, 2).forward(whole([[1, 2]])), ShapeError, "the centers have shape [1, 2], expected [N]"],
    ["centers in place of contexts", () => new CBOW(3, 2).forward(whole([1, 2])), ShapeError, "the contexts have shape [2], expected [N, W]"],
    ["candidates of other questions", () => new SkipGram(3, 2).forward({ given: whole([1, 2]), candidates: whole([[1]]) }), ShapeError, "there are candidates for 1 questions, and 2 questions"],
    ["a word that is not there", () => new SkipGram(3, 2).forward(whole([3])), ValueError, "index 3 at position 0 is not in [0, 3)"],
    ["one word", () => skipGramDataset([0, 0], { window: 1 }), ValueError, "1 different words leave nothing to draw"],
    ["an index beyond the pairs", () => skipGramDataset([0, 1], { window: 1 }).batch([2]), ValueError, "index 2 is not in [0, 2)"],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});

describe("TXT-03 data with negatives", () => {
  test("TXT-03 put the word that was there first, and never among the others", async () => {
    const data = skipGramDataset([0, 1, 2, 1], { window: 1, negatives: 3, generator: random() });
    const { x, y } = data.batch([0, 5]);
    expect([x.given.toArray(), y.toArray()]).toStrictEqual([[0, 1], [[1, 0, 0, 0], [1, 0, 0, 0]]]);
    for await (const batch of new DataLoader(data, { batchSize: 2 })) {
      for (const row of batch.x.candidates.unsqueeze(0).select(0, 0).toArray() as number[][]) expect(row.slice(1)).not.toContain(row[0]);
    }
  });

  test("TXT-03 are drawn by counts to the power ¾, and from the same seed the same", () => {
    const options = { window: 1, negatives: 40, counts: [16, 1, 81], generator: random() };
    const indices = Array.from({ length: 1000 }, () => 0);
    const drawn = (): number[] => Array.from(skipGramDataset([1, 1], { ...options, generator: random() }).batch(indices).x.candidates.slice(1, 1).flatten().dataSync());
    const ids = drawn();
    // The word itself, with a weight of 1, is left out: 8 and 27 remain.
    expect(ids.filter((id) => id === 0).length / ids.length).toBeCloseTo(8 / 35, 1.7);
    expect(ids.filter((id) => id === 1)).toHaveLength(0);
    expect(drawn()).toStrictEqual(ids);
  });

  test("TXT-03 CBOW's give contexts [N, 2w]", () => {
    const { x } = cbowDataset([1, 2, 3], { window: 2, negatives: 1, generator: random() }).batch([1, 2]);
    expect(x.given.toArray()).toStrictEqual([[1, 3, 0, 0], [1, 2, 0, 0]]);
    expect(x.candidates.select(1, 0).toArray()).toStrictEqual([2, 3]);
  });
});
