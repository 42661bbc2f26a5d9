import { UnknownNameError, ValueError } from "@dl/registry";
import { manualSeed, tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Linear, MLP } from "../layers/index.js";
import { crossEntropy, mseLoss } from "../losses/index.js";
import { EMA, ReduceLROnPlateau, SGD, StepLR } from "../optim/index.js";
import { LearningRateMonitor, Trainer } from "./index.js";
import type { Batch, ScheduleOptions, StepEvent, TrainEvent, TrainerOptions } from "./index.js";
import { MemoryLoader, accuracy, collect, moons, weights } from "./test-session.js";

const data = moons(60, 1);

const part = ({ x, y }: Batch, from: number, to: number): Batch => ({ x: x.slice(0, from, to), y: y.slice(0, from, to) });

/** Consecutive batches of the given sizes. */
const batches = (sizes: readonly number[]): Batch[] => sizes.map((size, i) => {
  const from = sizes.slice(0, i).reduce((a, b) => a + b, 0);
  return part(data, from, from + size);
});

interface Session {
  readonly model: MLP;
  readonly optimizer: SGD;
  readonly trainer: Trainer;
}

function session(extra: (model: MLP, optimizer: SGD) => Partial<TrainerOptions> = () => ({}), lr = 0.5): Session {
  manualSeed(3);
  const model = new MLP([2, 8, 2]);
  const optimizer = new SGD(model.parameters(), { lr, momentum: 0.9 });
  return { model, optimizer, trainer: new Trainer({ model, optimizer, loss: crossEntropy, metrics: { accuracy }, ...extra(model, optimizer) }) };
}

const values = (model: MLP): number[] => model.parameters().flatMap((p) => [...p.dataSync()]);

const stepsIn = (events: readonly TrainEvent[]): StepEvent[] => events.filter((event) => event.type === "step");

const largestDifference = (a: readonly number[], b: readonly number[]): number => Math.max(...a.map((value, i) => Math.abs(value - b[i])));

describe("accumulate", () => {
  test.each<[string, readonly number[], number]>([
    ["equal batches", [20, 20, 20], 3],
    ["batches of other sizes", [25, 25, 10], 3],
    ["fewer batches than asked for", [40, 20], 5],
  ])("MLP-04 %s give the update of all samples in one batch, to 1e-6", async (_, sizes, accumulate) => {
    const one = session();
    const history = await one.trainer.fit([data], { epochs: 4 });
    const many = session(() => ({ accumulate }));
    const gathered = await many.trainer.fit(batches(sizes), { epochs: 4 });
    expect(gathered.steps).toBe(4);
    expect(largestDifference(values(many.model), values(one.model))).toBeLessThan(1e-6);
    gathered.epochs.forEach(({ train }, i) => {
      expect(train.loss).toBeCloseTo(history.epochs[i].train.loss, 6);
      expect(train.accuracy).toBeCloseTo(history.epochs[i].train.accuracy, 6);
    });
  });

  test("the last, incomplete group of an epoch steps as well", async () => {
    const { trainer } = session(() => ({ accumulate: 2 }));
    const events = await collect(trainer.fit(new MemoryLoader(data, 12), { epochs: 2 }));
    const steps = stepsIn(events);
    expect(steps.map(({ epoch, step, batch, samples }) => [epoch, step, batch, samples])).toStrictEqual([
      [1, 1, 2, 24], [1, 2, 4, 24], [1, 3, 5, 12], [2, 4, 2, 24], [2, 5, 4, 24], [2, 6, 5, 12],
    ]);
    const mean = steps.slice(0, 3).reduce((sum, { loss, samples }) => sum + loss * samples, 0) / 60;
    expect(events.find((event) => event.type === "epoch")?.train.loss).toBeCloseTo(mean, 12);
  });

  test("an update of one batch is bit for bit that without accumulation", async () => {
    const [plain, one] = [session(), session(() => ({ accumulate: 1 }))];
    await plain.trainer.fit(new MemoryLoader(data, 16), { epochs: 2 });
    await one.trainer.fit(new MemoryLoader(data, 16), { epochs: 2 });
    expect(weights(one.model)).toStrictEqual(weights(plain.model));
  });
});

describe("clipping", () => {
  const slope = (options: Partial<TrainerOptions>): { readonly model: Linear; readonly trainer: Trainer } => {
    const model = new Linear(2, 1, { bias: false });
    model.weight.assign(tensor([[100, 0.25]]));
    return { model, trainer: new Trainer({ model, optimizer: new SGD(model.parameters(), { lr: 1 }), loss: mseLoss, ...options }) };
  };
  const batch: Batch = { x: tensor([[1, 0], [0, 1]]), y: tensor([[0], [0]]) };

  test("clipValue limits every element, clipNorm all together, in this order", async () => {
    const byValue = slope({ clipValue: 0.5 });
    await byValue.trainer.fit([batch]);
    expect(byValue.model.weight.toArray()).toStrictEqual([[99.5, 0]]);
    const both = slope({ clipValue: 0.5, clipNorm: 0.1 });
    await both.trainer.fit([batch]);
    const [first, second] = both.model.weight.dataSync();
    expect(Math.hypot(100 - first, 0.25 - second)).toBeCloseTo(0.1, 4);
    expect((100 - first) / (0.25 - second)).toBeCloseTo(2, 3);
  });

  test("clips the gradient of the whole update, not of its batches", async () => {
    const { model, trainer } = slope({ clipValue: 0.5, accumulate: 2 });
    await trainer.fit([part(batch, 0, 1), part(batch, 1, 2)]);
    expect(model.weight.toArray()).toStrictEqual([[99.5, 0]]);
  });
});

describe("schedule", () => {
  const rates = async (schedule: (optimizer: SGD) => ScheduleOptions): Promise<number[]> => {
    const { trainer } = session((_, optimizer) => ({ schedule: schedule(optimizer) }), 1);
    const events = await collect(trainer.fit(batches([20, 20, 20]), { epochs: 2, validation: [data] }));
    return stepsIn(events).map(({ lr }) => lr[0]);
  };

  test("steps after every update, or after every epoch", async () => {
    expect(await rates((optimizer) => ({ scheduler: new StepLR(optimizer, 2, { gamma: 0.5 }), per: "step" }))).toStrictEqual([1, 1, 0.5, 0.5, 0.25, 0.25]);
    expect(await rates((optimizer) => ({ scheduler: new StepLR(optimizer, 1, { gamma: 0.5 }) }))).toStrictEqual([1, 1, 1, 0.5, 0.5, 0.5]);
  });

  test("steps once per update of several batches", async () => {
    const { trainer, optimizer } = session((_, sgd) => ({ accumulate: 2, schedule: { scheduler: new StepLR(sgd, 1, { gamma: 0.5 }), per: "step" } }), 1);
    await trainer.fit(batches([20, 20, 20]));
    expect(optimizer.groups[0].lr).toBe(0.25);
  });

  test("a plateau is told the number it waits for", async () => {
    const heard: (number | undefined)[] = [];
    const scheduler = { step: (metric?: number) => heard.push(metric), stateDict: () => null, loadStateDict: () => undefined };
    const { trainer } = session(() => ({ schedule: { scheduler, monitor: "valAccuracy" } }));
    const { epochs } = await trainer.fit([data], { epochs: 2, validation: [data] });
    expect(heard).toStrictEqual(epochs.map(({ validation }) => validation?.accuracy));
    const reduced = session((_, optimizer) => ({ schedule: { scheduler: new ReduceLROnPlateau(optimizer, { patience: 0, threshold: 1e9, thresholdMode: "abs" }), monitor: "trainLoss" } }), 1);
    await reduced.trainer.fit([data], { epochs: 3 });
    expect(reduced.optimizer.groups[0].lr).toBeCloseTo(0.01, 12);
  });

  test("LearningRateMonitor notes what each step was taken with", async () => {
    const [perStep, perEpoch] = [new LearningRateMonitor(), new LearningRateMonitor({ per: "epoch" })];
    const { trainer } = session((_, optimizer) => ({ callbacks: [perStep, perEpoch], schedule: { scheduler: new StepLR(optimizer, 1), per: "step" } }), 1);
    const history = await trainer.fit(batches([30, 30]), { epochs: 2 });
    expect(perStep.rates.map(({ epoch, step }) => [epoch, step])).toStrictEqual([[1, 1], [1, 2], [2, 3], [2, 4]]);
    perStep.rates.forEach(({ lr }, i) => { expect(lr[0]).toBeCloseTo(0.1 ** i, 12); });
    expect(perEpoch.rates).toStrictEqual([perStep.rates[1], perStep.rates[3]]);
    expect(history.epochs.map(({ lr }) => lr)).toStrictEqual(perEpoch.rates.map(({ lr }) => lr));
    await trainer.fit([data]);
    expect(perStep.rates).toHaveLength(1);
  });

  test("a number that fit does not report is refused before the first step", async () => {
    const { trainer, model } = session((_, optimizer) => ({ schedule: { scheduler: new ReduceLROnPlateau(optimizer), monitor: "valLos" } }));
    const before = weights(model);
    await expect(trainer.fit([data], { validation: [data] })).rejects.toThrow(/unknown metric "valLos"; known are trainAccuracy, trainLoss, valAccuracy, valLoss\. Did you mean "valLoss"/);
    await expect(trainer.fit([data])).rejects.toThrow(/known are trainAccuracy, trainLoss\. Pass fit validation data/);
    expect(weights(model)).toStrictEqual(before);
  });
});

describe("ema", () => {
  test("is updated after every step, and used to evaluate and predict", async () => {
    const { model, trainer } = session((net) => ({ ema: new EMA(net, { decay: 0.5 }) }));
    const averages = values(model);
    const run = trainer.fit(batches([20, 20, 20]), { validation: [data] });
    for await (const event of run) {
      if (event.type !== "step") continue;
      values(model).forEach((value, i) => { averages[i] += (value - averages[i]) * 0.5; });
    }
    const history = await run;
    const trained = values(model);
    const predicted = trainer.predict(data.x);
    expect(values(model)).toStrictEqual(trained);
    const plain = session().model;
    plain.loadStateDict(new Map([...plain.stateDict()].map(([key, value], k) => {
      const from = [...plain.stateDict().values()].slice(0, k).reduce((sum, { size }) => sum + size, 0);
      return [key, tensor(Float32Array.from(averages.slice(from, from + value.size)), { shape: value.shape })];
    })));
    expect(predicted.sub(plain.forward(data.x)).abs().max().item()).toBeLessThan(1e-5);
    expect(history.epochs[0].validation?.loss).toBeCloseTo(crossEntropy(plain.forward(data.x), data.y).item(), 5);
  });
});

test.each<[string, object, new (...args: never[]) => Error, RegExp]>([
  ["no batch per update", { accumulate: 0 }, ValueError, /accumulate is 0/],
  ["half a batch per update", { accumulate: 1.5 }, ValueError, /accumulate is 1\.5/],
  ["a negative clipValue", { clipValue: -1 }, ValueError, /clipValue is -1/],
  ["another time to step", { schedule: { scheduler: {}, per: "batch" } }, ValueError, /per is "batch"/],
  ["a monitor per step", { schedule: { scheduler: {}, per: "step", monitor: "valLoss" } }, ValueError, /valLoss is known once per epoch/],
  ["an unknown option of the schedule", { schedule: { schedule: {} } }, UnknownNameError, /unknown option "schedule"/],
  ["an unknown option", { clip: 1 }, UnknownNameError, /unknown option "clip"/],
])("Trainer refuses %s", (_, options, error, message) => {
  const make = (): unknown => session(() => options);
  expect(make).toThrow(error);
  expect(make).toThrow(message);
});
