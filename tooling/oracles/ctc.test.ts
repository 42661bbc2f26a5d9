// ctcLoss against PyTorch's, in float64: varied lengths, impossible alignments, and the gradient of the logits.
import { grad, gradcheck, gradgradcheck } from "@dl/autograd";
import { ctcLoss } from "@dl/nn";
import type { CtcOptions } from "@dl/nn";
import { logSoftmax } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, readFixture, wave } from "./fixture.js";

interface Case {
  readonly options: CtcOptions;
  readonly inputLengths: readonly number[];
  readonly targetLengths: readonly number[];
}

const cases = readFixture<Case>("ctc");

describe("ctcLoss equals PyTorch's", () => {
  test.each(cases.map((found) => [found.name, found] as const))("%s", (_, { options, tensors }) => {
    const logits = tensors.logits.clone();
    logits.requiresGrad = true;
    const y = ctcLoss(logSoftmax(logits, -1), tensors.targets, options.inputLengths, options.targetLengths, options.options);
    expectClose(y, tensors.y, 1e-10, "the loss");
    if (!("grad" in tensors)) return;
    const [gradient] = grad(y.mul(wave(y.shape, { phase: 0.5 })).sum(), [logits]);
    expectClose(gradient, tensors.grad, 1e-10, "the gradient");
  });

  test("the cases reach infinity, and zero in its place", () => {
    const values = (title: string): number[] => Array.from(cases.find(({ name }) => name === title)?.tensors.y.dataSync() ?? []);
    expect(values("too few frames, none").filter((value) => value === Infinity)).toHaveLength(3);
    expect(values("too few frames, zeroInfinity, none").filter((value) => value === 0)).toHaveLength(3);
  });
});

test("gradients of ctcLoss, first and second order, are those of its values", () => {
  const targets = cases[0].tensors.targets.slice(0, 0, 2).slice(1, 0, 2);
  const loss = (x: Tensor): Tensor => ctcLoss(x, targets, [4, 3], [2, 1], { reduction: "none" });
  expect(gradcheck(loss, [wave([4, 2, 6])])).toBe(true);
  expect(gradgradcheck(loss, [wave([4, 2, 6])])).toBe(true);
  const repeated = (x: Tensor): Tensor => ctcLoss(x, cases[0].tensors.targets.slice(0, 1, 2).slice(1, 0, 2), [4], [2]);
  expect(gradgradcheck(repeated, [wave([4, 1, 6])])).toBe(true);
});
