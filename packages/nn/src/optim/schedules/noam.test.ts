import { ValueError } from "@dl/registry";
import { zeros } from "@dl/tensor";
import { expect, test } from "vitest";
import { parameter } from "../../module/parameter.js";
import { NoamLR, SGD, SequentialLR, ConstantLR } from "../index.js";

const sgd = (lr: number): SGD => new SGD([parameter(zeros([1]))], { lr });

const rate = (dim: number, step: number, warmup: number): number => dim ** -0.5 * Math.min(step ** -0.5, step * warmup ** -1.5);

test("TRF-07 NoamLR follows the paper's formula, and is highest at the last step of the rise", () => {
  const optimizer = sgd(2);
  const schedule = new NoamLR(optimizer, { dim: 64, warmupSteps: 10 });
  const found = Array.from({ length: 40 }, () => {
    const { lr } = optimizer.groups[0];
    schedule.step();
    return lr;
  });
  found.forEach((lr, i) => { expect(lr).toBeCloseTo(2 * rate(64, i + 1, 10), 12); });
  expect(found.indexOf(Math.max(...found))).toBe(9);
  expect(new NoamLR(sgd(1)).getLastLr()[0]).toBeCloseTo(rate(512, 1, 4000), 15);
});

test("TRF-07 NoamLR behind another schedule starts from its first step, and goes on from a state", () => {
  const optimizer = sgd(1);
  const both = new SequentialLR(optimizer, [new ConstantLR(optimizer, { factor: 1 }), new NoamLR(optimizer, { dim: 4, warmupSteps: 3 })], [2]);
  const found = Array.from({ length: 4 }, () => {
    both.step();
    return optimizer.groups[0].lr;
  });
  [1, rate(4, 1, 3), rate(4, 2, 3), rate(4, 3, 3)].forEach((lr, i) => { expect(found[i]).toBeCloseTo(lr, 12); });
  const [one, other] = [sgd(1), sgd(1)];
  const [first, second] = [new NoamLR(one, { dim: 4, warmupSteps: 3 }), new NoamLR(other, { dim: 4, warmupSteps: 3 })];
  for (let i = 0; i < 5; i++) first.step();
  second.loadStateDict(first.stateDict());
  [first, second].forEach((schedule) => { schedule.step(); });
  expect(other.groups[0].lr).toBe(one.groups[0].lr);
});

test("TRF-07 NoamLR refuses a rise of no steps", () => {
  expect(() => new NoamLR(sgd(1), { warmupSteps: 0 })).toThrow(ValueError);
});
