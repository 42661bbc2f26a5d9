// Every loss against PyTorch's, in float64: values, and gradients with respect to all float inputs.
import { grad } from "@dl/autograd";
import {
  bceLoss, bceWithLogits, cosineEmbeddingLoss, cosineSimilarity, crossEntropy, diceLoss, focalLoss, gaussianNllLoss, hingeEmbeddingLoss,
  hingeLoss, huberLoss, klDivLoss, l1Loss, marginRankingLoss, mseLoss, multiLabelMarginLoss, multiLabelSoftMarginLoss, multiMarginLoss,
  nllLoss, pairwiseDistance, poissonNllLoss, sigmoidFocalLoss, smoothL1Loss, softMarginLoss, tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, readFixture, wave } from "./fixture.js";
import type { OracleCase } from "./fixture.js";

type Options = Readonly<Record<string, number | string | boolean | Tensor>>;
type Two = (a: Tensor, b: Tensor, options: Options) => Tensor;
type Three = (a: Tensor, b: Tensor, c: Tensor, options: Options) => Tensor;

const ofTwo: Readonly<Record<string, Two>> = {
  bceLoss, bceWithLogits, cosineSimilarity, crossEntropy, diceLoss, focalLoss, hingeEmbeddingLoss, hingeLoss, huberLoss, klDivLoss, l1Loss,
  mseLoss, multiLabelMarginLoss, multiLabelSoftMarginLoss, multiMarginLoss, nllLoss, pairwiseDistance, poissonNllLoss, sigmoidFocalLoss,
  smoothL1Loss, softMarginLoss,
};
const ofThree: Readonly<Record<string, Three>> = {
  cosineEmbeddingLoss, gaussianNllLoss, marginRankingLoss, tripletMarginLoss, tripletMarginWithDistanceLoss,
};

const prefix = "option ";

/** The case's options, those that are tensors included. */
function optionsOf({ options, tensors }: OracleCase<Options>): Options {
  const given = Object.entries(tensors).filter(([key]) => key.startsWith(prefix));
  return { ...options, ...Object.fromEntries(given.map(([key, value]) => [key.slice(prefix.length), value])) };
}

const leaf = (x: Tensor): Tensor => {
  const copy = x.clone();
  copy.requiresGrad = true;
  return copy;
};

function check(found: OracleCase<Options>): void {
  const { name, tensors } = found;
  const options = optionsOf(found);
  const inputs = Array.from({ length: name in ofThree ? 3 : 2 }, (_, i) => (`g${i}` in tensors ? leaf(tensors[`x${i}`]) : tensors[`x${i}`]));
  const [a, b, c] = inputs;
  const y = name in ofThree ? ofThree[name](a, b, c, options) : ofTwo[name](a, b, options);
  expectClose(y, tensors.y, 1e-10, name);
  const floats = inputs.filter((x) => x.requiresGrad);
  const gradients = grad(y.mul(wave(y.shape, { phase: 0.5 })).sum(), floats, { allowUnused: true });
  floats.forEach((x, i) => { expectClose(gradients[i], tensors[`g${inputs.indexOf(x)}`], 1e-10, `the gradient of ${name}, input ${inputs.indexOf(x)}`); });
}

/** The requirement that a loss stands for. */
const rows: Readonly<Record<string, string>> = {
  mseLoss: "OPT-02 ", l1Loss: "OPT-02 ", crossEntropy: "OPT-03 ", nllLoss: "OPT-03 ", bceLoss: "OPT-03 ", bceWithLogits: "OPT-03 ",
  hingeLoss: "OPT-04 ", multiMarginLoss: "OPT-04 ", huberLoss: "OPT-05 ", smoothL1Loss: "OPT-05 ", cosineSimilarity: "TXT-07 ",
  cosineEmbeddingLoss: "TXT-07 ", diceLoss: "SEG-01 ",
};

describe("losses equal PyTorch's", () => {
  const cases = readFixture<Options>("losses");
  const names = [...new Set(cases.map(({ name }) => name))];

  test("every loss has cases", () => {
    expect(names.sort()).toEqual([...Object.keys(ofTwo), ...Object.keys(ofThree)].sort());
  });

  test.each(names.map((name) => [`${rows[name] ?? ""}${name}`, name] as const))("%s", (_, name) => {
    const own = cases.filter((found) => found.name === name);
    expect(own.length).toBeGreaterThan(2);
    own.forEach(check);
  });
});
