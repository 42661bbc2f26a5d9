import { describe, expect, test } from "vitest";
import type { Judgement } from "../worker/protocol.js";
import { advance, nothing, type Action, type Progress } from "./progress.js";

const steps = (from: number, losses: readonly number[]): Action => ({ type: "steps", points: losses.map((loss, i) => ({ step: from + i, loss })), epoch: 1, rate: 100, stepsPerSecond: 2, eta: 9 });

const prepared = { type: "prepared", prepared: { epochs: 2, stepsPerEpoch: 3 } } as Action;

const after = (...actions: readonly Action[]): Progress => actions.reduce(advance, advance(nothing, prepared));

describe("what the page knows of a training", () => {
  test("losses come in order, and their running mean begins as their plain mean", () => {
    const { curves, pace } = after(steps(1, [3, 1]), steps(3, [2]));
    expect(curves.steps).toStrictEqual([1, 2, 3]);
    expect(curves.losses).toStrictEqual([3, 1, 2]);
    expect(curves.smooth).toStrictEqual([3, 2, 2]);
    expect(pace).toStrictEqual({ epoch: 1, rate: 100, stepsPerSecond: 2, eta: 9 });
  });

  test("the mean of many steps forgets the old ones", () => {
    const { curves } = after(steps(1, Array.from({ length: 100 }, () => 4)), steps(101, Array.from({ length: 200 }, () => 0)));
    expect(curves.smooth.at(-1)).toBeLessThan(4 * 0.9 ** 199);
  });

  test("of very many steps every other one is kept, over the whole training", () => {
    const { curves } = after(steps(1, Array.from({ length: 4001 }, (_, i) => i)));
    expect(curves.steps).toHaveLength(2000);
    expect([curves.steps[0], curves.steps[1], curves.losses[0]]).toStrictEqual([2, 4, 1]);
  });

  test("an epoch has the accuracy of the training, then that of the test set", () => {
    const judgement = { report: { accuracy: 0.9 } } as Judgement;
    const epoch: Action = { type: "epoch", epoch: 1, step: 3, loss: 1, accuracy: 0.8, seconds: 1 };
    expect(after(epoch).curves).toMatchObject({ epochSteps: [3], trainAccuracy: [0.8], testAccuracy: [null] });
    const whole = after(epoch, { type: "judgement", step: 3, judgement });
    expect(whole.curves.testAccuracy).toStrictEqual([0.9]);
    expect(whole.judgement).toBe(judgement);
  });

  test("a new training begins without curves, and a phase brings its message", () => {
    const again = advance(after(steps(1, [1])), prepared);
    expect([again.phase, again.curves.steps]).toStrictEqual(["ready", []]);
    expect(advance(again, { type: "phase", phase: "failed", message: "why" })).toMatchObject({ phase: "failed", message: "why" });
    expect(advance(again, { type: "phase", phase: "running" }).message).toBeUndefined();
  });
});
