import { describe, expect, test } from "vitest";
import { nn } from "@dl/nn";
import { createRegistry } from "@dl/registry";
import { Generator, tensor } from "@dl/tensor";
import { LinearClassifier } from "./linear-classifier.js";
import { recipes } from "../plugin.js";

function byHand(): LinearClassifier {
  const classifier = new LinearClassifier(2, { dtype: "float64" });
  classifier.loadStateDict({
    "linear.weight": tensor([[1, -1]], { dtype: "float64" }),
    "linear.bias": tensor([0.5], { dtype: "float64" }),
  });
  return classifier;
}

const points = tensor([[2, 0], [0, 2], [0, 0], [-0.5, 0], [1, 1.5], [3, 3.25]], { dtype: "float64" });

describe("LIN-01 LinearClassifier with w = (1, −1), b = 0.5", () => {
  test("z > 0 is class 1, and the plane itself is class 0", () => {
    expect(byHand().decisionFunction(points).toArray()).toStrictEqual([2.5, -1.5, 0.5, 0, 0, 0.25]);
    expect(byHand().predict(points).toArray()).toStrictEqual([1, 0, 1, 0, 0, 1]);
  });

  test("(2, 0) lies 2.5/√2 from the plane", () => {
    expect(byHand().distance(points.slice(0, 0, 1)).item()).toBeCloseTo(2.5 / Math.SQRT2, 12);
  });

  test("the plane is where nᵀx equals the offset", () => {
    const classifier = byHand();
    const [n0, n1] = classifier.weightNormal.dataSync();
    expect([n0, n1]).toStrictEqual([Math.SQRT1_2, -Math.SQRT1_2].map((v) => expect.closeTo(v, 12) as number));
    expect(classifier.offset.shape).toStrictEqual([]);
    expect(classifier.offset.item()).toBeCloseTo(-0.5 / Math.SQRT2, 12);
    expect(n0 * 1 + n1 * 1.5).toBeCloseTo(classifier.offset.item(), 12);
  });

  test("comes back from its JSON", () => {
    const classifier = new LinearClassifier(3, { generator: new Generator(1) });
    const json: unknown = JSON.parse(JSON.stringify(classifier));
    expect(json).toStrictEqual({ type: "recipes/LinearClassifier", args: [3] });
    const copy = createRegistry(nn, recipes).build(json) as LinearClassifier;
    copy.loadStateDict(classifier.stateDict());
    expect(copy.weightNormal.toArray()).toStrictEqual(classifier.weightNormal.toArray());
  });

  test("rejects an unknown option", () => {
    expect(() => new LinearClassifier(2, { bias: false } as object)).toThrow('unknown option "bias"');
  });
});
