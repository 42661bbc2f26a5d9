import { backward, gradcheck } from "@dl/autograd";
import { DTypeError, ShapeError, ValueError } from "@dl/registry";
import { Generator, ones, randn, tensor, type Tensor } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OrdinalHead, ordinalLoss, ordinalPrediction, ordinalProbabilities } from "./index.js";

const levels = (values: readonly number[]): Tensor => tensor([...values], { dtype: "int32" });
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

describe("SEQ-03 grades with an order", () => {
  test("thresholds start 1 apart around 0, and the logits are the score less them", () => {
    const head = new OrdinalHead(2, 5);
    head.score.weight.assign(tensor([[1, -1]]));
    expect(head.thresholds().toArray()).toStrictEqual([-1.5, -0.5, 0.5, 1.5].map((value): unknown => expect.closeTo(value, 6)));
    expect(head.forward(tensor([[3, 1]])).toArray()).toStrictEqual([[3.5, 2.5, 1.5, 0.5].map((value): unknown => expect.closeTo(value, 6))]);
    expect(new OrdinalHead(2, 2).forward(ones([3, 2])).shape).toStrictEqual([3, 1]);
  });

  test("whatever is learnt, thresholds rise and probabilities are none below 0", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 3, maxLength: 3 }), fc.double({ min: -9, max: 9, noNaN: true }), (steps, x) => {
        const head = new OrdinalHead(1, 5);
        head.steps?.assign(tensor(steps));
        const thresholds = head.thresholds().dataSync();
        for (let k = 1; k < thresholds.length; k++) expect(thresholds[k]).toBeGreaterThan(thresholds[k - 1]);
        const probabilities = ordinalProbabilities(head.forward(tensor([[x]]))).dataSync();
        expect(Math.min(...probabilities)).toBeGreaterThanOrEqual(-1e-6);
        expect(Array.from(probabilities).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      }),
      { numRuns: 30 },
    );
  });

  test("loss, probabilities and prediction by hand", () => {
    const logits = tensor([[2, 1, -1], [-3, -4, -5]], { dtype: "float64" });
    const first = -Math.log(sigmoid(2)) - Math.log(sigmoid(1)) - Math.log(1 - sigmoid(-1));
    const second = -Math.log(sigmoid(-3)) - Math.log(1 - sigmoid(-4)) - Math.log(1 - sigmoid(-5));
    expect(ordinalLoss(logits, levels([2, 1])).item()).toBeCloseTo((first + second) / 2, 10);
    expect(ordinalPrediction(logits).toArray()).toStrictEqual([2, 0]);
    const [p] = ordinalProbabilities(logits).toArray() as number[][];
    expect(p).toStrictEqual([1 - sigmoid(2), sigmoid(2) - sigmoid(1), sigmoid(1) - sigmoid(-1), sigmoid(-1)].map((value): unknown => expect.closeTo(value, 10)));
  });

  test("the loss's gradient is σ(logit) − [y > k], over the rows", () => {
    const logits = randn([3, 4], { dtype: "float64", generator: new Generator(1), requiresGrad: true });
    const labels = [0, 4, 2];
    expect(gradcheck((z: Tensor) => ordinalLoss(z, levels(labels)), [logits])).toBe(true);
    backward(ordinalLoss(logits, levels(labels)));
    const values = logits.dataSync();
    logits.grad?.dataSync().forEach((value, i) => { expect(value).toBeCloseTo((sigmoid(values[i]) - Number(labels[Math.floor(i / 4)] > i % 4)) / 3, 10); });
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["one level", () => new OrdinalHead(2, 1), ValueError, "levels is 1"],
    ["a label beyond the levels", () => ordinalLoss(ones([2, 4]), levels([0, 5])), ValueError, "label 5 at position 1 is not in [0, 5)"],
    ["another number of labels", () => ordinalLoss(ones([2, 4]), levels([0])), ShapeError, "the labels have shape [1]"],
    ["float labels", () => ordinalLoss(ones([2, 4]), ones([2])), DTypeError, "the labels are float32"],
    ["logits of one text", () => ordinalPrediction(ones([4])), ShapeError, "the logits have shape [4]"],
    ["whole logits", () => ordinalProbabilities(tensor([[1, 2]], { dtype: "int32" })), DTypeError, "the logits are int32"],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});
