import { backward } from "@dl/autograd";
import { DTypeError, ShapeError, StateError, UnknownNameError, ValueError } from "@dl/registry";
import { arange, ones, tensor, zeros } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Linear } from "../layers/index.js";
import { Module, buffer, parameter } from "../module/index.js";
import { EMA, SGD } from "./index.js";
import { bowl } from "./test-bowl.js";

class Net extends Module {
  w = parameter(tensor([1, 1], { dtype: "float64" }));
  tied = this.w;
  runningMean = buffer(zeros([2]));
  steps = buffer(arange(1));
  scratch = buffer(zeros([1]), { persistent: false });
  forward(x: Tensor): Tensor { return x.mul(this.w); }
}

/** The model after `count` steps of gradient descent, with `after` called after each. */
function train(model: Net, count: number, after: () => void): number[][] {
  const optimizer = new SGD(model.parameters(), { lr: 0.05 });
  return Array.from({ length: count }, (_, i) => {
    optimizer.zeroGrad();
    backward(bowl(model.w));
    optimizer.step();
    model.runningMean.assign(tensor([i + 1, -i]));
    model.steps.assign(tensor([i + 1], { dtype: "int32" }));
    after();
    return [...model.w.dataSync()];
  });
}

const averageOf = (ema: EMA): number[] => [...(ema.stateDict().tensors.get("w")?.dataSync() ?? [])];

/** The definition, number by number. */
const expected = (points: number[][], decayAt: (t: number) => number): number[] =>
  points.reduce((mean, point, i) => mean.map((m, k) => m + (1 - decayAt(i + 1)) * (point[k] - m)), [1, 1]);

describe("EMA", () => {
  test.each([
    ["with one decay", { decay: 0.9 }, () => 0.9],
    ["with the default decay", {}, () => 0.999],
    ["with warm-up", { decay: 0.3, warmup: true }, (t: number) => Math.min(0.3, (1 + t) / (10 + t))],
  ] as const)("averages parameters %s, starting from the first", (_, options, decayAt) => {
    const model = new Net();
    const ema = new EMA(model, options);
    const points = train(model, 6, () => { ema.update(); });
    expect(averageOf(ema)).toStrictEqual(expected(points, decayAt));
    expect(ema.updates).toBe(6);
  });

  test("copies persistent buffers", () => {
    const model = new Net();
    const ema = new EMA(model);
    train(model, 3, () => { ema.update(); });
    model.runningMean.assign(zeros([2]));
    const { tensors } = ema.stateDict();
    expect(tensors.get("running_mean")?.toArray()).toStrictEqual([3, -2]);
    expect(tensors.get("steps")?.toArray()).toStrictEqual([3]);
    expect([...tensors.keys()]).toStrictEqual(["w", "tied", "running_mean", "steps"]);
  });

  test("goes on bit for bit from its state, which is also one of the model", () => {
    const whole = new Net();
    const ema = new EMA(whole, { decay: 0.8, warmup: true });
    train(whole, 9, () => { ema.update(); });
    const model = new Net();
    let current = new EMA(model, { decay: 0.8, warmup: true });
    train(model, 9, () => {
      current.update();
      if (current.updates !== 4) return;
      const state = current.stateDict();
      current = new EMA(model, { decay: 0.8, warmup: true });
      current.loadStateDict(state);
    });
    expect(averageOf(current)).toStrictEqual(averageOf(ema));
    expect(current.updates).toBe(9);
    const other = new Net();
    other.loadStateDict(ema.stateDict().tensors);
    expect([...other.w.dataSync()]).toStrictEqual(averageOf(ema));
  });

  test("a loaded state and one given out are copies", () => {
    const model = new Net();
    const ema = new EMA(model, { decay: 0.5 });
    const state = ema.stateDict();
    const other = new EMA(model);
    other.loadStateDict(state);
    train(model, 1, () => { other.update(); });
    expect(state.tensors.get("w")?.toArray()).toStrictEqual([1, 1]);
    expect(averageOf(ema)).toStrictEqual([1, 1]);
  });
});

describe("swap", () => {
  function trained(): { model: Net; ema: EMA; average: number[]; present: number[] } {
    const model = new Net();
    const ema = new EMA(model, { decay: 0.5 });
    train(model, 3, () => { ema.update(); });
    return { model, ema, average: averageOf(ema), present: [...model.w.dataSync()] };
  }

  test("puts the averages in and the weights back", () => {
    const { model, ema, average, present } = trained();
    expect(ema.swap(() => [...model.w.dataSync()])).toStrictEqual(average);
    expect([...model.w.dataSync()]).toStrictEqual(present);
    expect(model.tied).toBe(model.w);
    ema.update();
    expect(averageOf(ema)).toStrictEqual(average.map((mean, i) => mean + 0.5 * (present[i] - mean)));
  });

  test("waits for an async body", async () => {
    const { model, ema, average, present } = trained();
    const inside = ema.swap(async () => {
      await Promise.resolve();
      return [...model.w.dataSync()];
    });
    expect([...model.w.dataSync()]).toStrictEqual(average);
    expect(() => { ema.update(); }).toThrow(/EMA\.update: the averaged weights are in the model\. Wait until swap has ended/);
    expect(() => ema.swap(() => 1)).toThrow(StateError);
    expect(await inside).toStrictEqual(average);
    expect([...model.w.dataSync()]).toStrictEqual(present);
  });

  test("puts the weights back when the body fails", async () => {
    const { model, ema, present } = trained();
    const fail = (): never => { throw new Error("inside"); };
    expect(() => ema.swap(fail)).toThrow("inside");
    expect([...model.w.dataSync()]).toStrictEqual(present);
    await expect(ema.swap(() => Promise.reject(new Error("later")))).rejects.toThrow("later");
    expect([...model.w.dataSync()]).toStrictEqual(present);
    expect(ema.swap(() => 7)).toBe(7);
  });

  test("what the body does to the weights is undone, and leaves the averages alone", () => {
    const { model, ema, average, present } = trained();
    ema.swap(() => { train(model, 2, () => undefined); });
    expect([...model.w.dataSync()]).toStrictEqual(present);
    expect(averageOf(ema)).toStrictEqual(average);
  });

  test("applyTo gives the averages to another model", () => {
    const { ema, average } = trained();
    const copy = new Net();
    ema.applyTo(copy);
    train(copy, 1, () => undefined);
    expect(averageOf(ema)).toStrictEqual(average);
    expect(() => { ema.applyTo(new Linear(2, 2)); }).toThrow(UnknownNameError);
  });
});

describe("bad input", () => {
  test("options and states are checked", () => {
    const model = new Net();
    expect(() => new EMA(model, { decay: 1 })).toThrow(ValueError);
    expect(() => new EMA(model, { momentum: 0.9 } as object)).toThrow(UnknownNameError);
    const ema = new EMA(model);
    const state = ema.stateDict();
    expect(() => { ema.loadStateDict({ ...state, updates: -1 }); }).toThrow(ValueError);
    expect(() => { ema.loadStateDict({ ...state, tensors: new Map() }); }).toThrow(UnknownNameError);
    expect(() => { ema.loadStateDict({ ...state, tensors: new Map([...state.tensors, ["w", ones([3], { dtype: "float64" })]]) }); }).toThrow(ShapeError);
    expect(() => { ema.loadStateDict({ ...state, tensors: new Map([...state.tensors, ["w", ones([2])]]) }); }).toThrow(DTypeError);
  });

  test("a model that was converted since is refused", () => {
    const model = new Linear(2, 2);
    const ema = new EMA(model);
    model.to("float64");
    expect(() => { ema.update(); }).toThrow(/"weight" is not as it was when the average was made/);
  });
});
