import { StateError, UnknownNameError, ValueError } from "@dl/registry";
import { zeros } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { parameter } from "../../module/parameter.js";
import {
  Adagrad, Adam, ChainedScheduler, ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, ExponentialLR, LambdaLR, LinearLR, MultiStepLR,
  OneCycleLR, PolynomialLR, ReduceLROnPlateau, SGD, Schedule, SequentialLR, StepLR,
} from "../index.js";
import type { LRScheduler, Scheduled } from "../index.js";

const sgd = (lr = 1): SGD => new SGD([parameter(zeros([1]))], { lr });

/** The rate at the start and after each of `steps` steps. */
function ratesOf(optimizer: Scheduled, scheduler: LRScheduler, steps: number): number[] {
  const lrs = [optimizer.groups[0].lr];
  for (let step = 0; step < steps; step++) {
    scheduler.step();
    lrs.push(optimizer.groups[0].lr);
  }
  return lrs;
}

type Make = (optimizer: SGD) => LRScheduler;

describe("rates by hand", () => {
  test.each<[string, Make, number[]]>([
    ["StepLR", (o) => new StepLR(o, 2, { gamma: 0.5 }), [1, 1, 0.5, 0.5, 0.25]],
    ["MultiStepLR", (o) => new MultiStepLR(o, [1, 3], { gamma: 0.5 }), [1, 0.5, 0.5, 0.25, 0.25]],
    ["ExponentialLR", (o) => new ExponentialLR(o, 0.5), [1, 0.5, 0.25, 0.125]],
    ["ConstantLR", (o) => new ConstantLR(o, { factor: 0.25, totalIters: 2 }), [0.25, 0.25, 1, 1]],
    ["ConstantLR from 0", (o) => new ConstantLR(o, { factor: 0, totalIters: 2 }), [0, 0, 1, 1]],
    ["LinearLR", (o) => new LinearLR(o, { startFactor: 0.25, totalIters: 3 }), [0.25, 0.5, 0.75, 1, 1]],
    ["PolynomialLR", (o) => new PolynomialLR(o, { totalIters: 4 }), [1, 0.75, 0.5, 0.25, 0, 0]],
    ["LambdaLR", (o) => new LambdaLR(o, (epoch) => 2 ** -epoch), [1, 0.5, 0.25]],
    ["CosineAnnealingLR", (o) => new CosineAnnealingLR(o, 2), [1, 0.5, 0, 0.5, 1]],
    ["CosineAnnealingWarmRestarts", (o) => new CosineAnnealingWarmRestarts(o, 2, { tMult: 2 }), [1, 0.5, 1, 0.8535534, 0.5, 0.1464466, 1]],
    ["OneCycleLR", (o) => new OneCycleLR(o, { maxLr: 1, totalSteps: 5, pctStart: 0.6, annealStrategy: "linear", divFactor: 4 }), [0.25, 0.625, 1, 0.5000125, 0.000025]],
    ["OneCycleLR with a rise of one step", (o) => new OneCycleLR(o, { maxLr: 1, totalSteps: 2, pctStart: 0.5, annealStrategy: "linear" }), [1, 4e-6]],
  ])("MLP-07 %s", (_, make, wanted) => {
    const optimizer = sgd();
    const found = ratesOf(optimizer, make(optimizer), wanted.length - 1);
    found.forEach((lr, i) => { expect(lr).toBeCloseTo(wanted[i], 7); });
  });

  test("MLP-07 ReduceLROnPlateau bears patience bad epochs, then reduces", () => {
    const optimizer = sgd();
    const scheduler = new ReduceLROnPlateau(optimizer, { patience: 1, factor: 0.5 });
    const lrs = [3, 2, 2, 1.9999, 1, NaN, NaN].map((metric) => {
      scheduler.step(metric);
      return scheduler.getLastLr()[0];
    });
    expect(lrs).toStrictEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25]);
  });
});

describe("schedules and optimizers", () => {
  test("MLP-07 a rise of the rate goes with a fall of Adam's first beta, or of momentum", () => {
    const [adam, plain] = [new Adam([parameter(zeros([1]))]), sgd()];
    for (const optimizer of [adam, plain]) {
      const scheduler = new OneCycleLR(optimizer, { maxLr: 1, totalSteps: 11, pctStart: 3 / 11 });
      scheduler.step();
      scheduler.step();
    }
    expect(adam.groups[0]).toMatchObject({ lr: 1, betas: [0.85, 0.999] });
    expect(plain.groups[0]).toMatchObject({ lr: 1, momentum: 0.85 });
  });

  test("each group has a rate of its own, and groups added later join", () => {
    const optimizer = new SGD([{ params: [parameter(zeros([1]))], lr: 4 }, { params: [parameter(zeros([1]))], lr: 2 }]);
    const scheduler = new StepLR(optimizer, 1, { gamma: 0.5 });
    scheduler.step();
    optimizer.addParamGroup({ params: [parameter(zeros([1]))], lr: 8 });
    scheduler.step();
    expect(scheduler.getLastLr()).toStrictEqual([1, 0.5, 4]);
    expect(optimizer.groups.map(({ lr }) => lr)).toStrictEqual([1, 0.5, 4]);
  });

  test("a second schedule starts from the rate before the first", () => {
    const optimizer = sgd();
    const warmUp = new ConstantLR(optimizer, { factor: 0.5 });
    expect(optimizer.groups[0].lr).toBe(0.5);
    expect(new ExponentialLR(optimizer, 0.9).stateDict().baseLrs).toStrictEqual([1]);
    expect(warmUp.getLastLr()).toStrictEqual([0.5]);
  });

  test("a subclass of Schedule is one rule", () => {
    class Halving extends Schedule {
      constructor(optimizer: Scheduled) { super("Halving", optimizer, { next: ({ epoch, lr }) => (epoch === 0 ? lr : lr / 2) }); }
    }
    const optimizer = sgd();
    expect(ratesOf(optimizer, new Halving(optimizer), 2)).toStrictEqual([1, 0.5, 0.25]);
  });

  test("a failing step changes nothing", () => {
    const optimizer = sgd();
    const scheduler = new OneCycleLR(optimizer, { maxLr: 1, totalSteps: 4 });
    ratesOf(optimizer, scheduler, 4);
    const before = [scheduler.stateDict(), { ...optimizer.groups[0] }];
    expect(() => { scheduler.step(); }).toThrow(/step 5 of a cycle of 4\. Give the totalSteps of the whole training/);
    expect([scheduler.stateDict(), { ...optimizer.groups[0] }]).toStrictEqual(before);
  });
});

describe("states", () => {
  test("restore the rates, whichever of optimizer and schedule is loaded first", () => {
    const optimizer = sgd();
    const scheduler = new LinearLR(optimizer, { startFactor: 0.5, totalIters: 4 });
    scheduler.step();
    const [optimizerState, state] = [optimizer.stateDict(), scheduler.stateDict()];
    const later = sgd();
    later.loadStateDict(optimizerState);
    const resumed = new LinearLR(later, { startFactor: 0.5, totalIters: 4 });
    resumed.loadStateDict(state);
    expect(ratesOf(later, resumed, 4)).toStrictEqual(ratesOf(optimizer, scheduler, 4));
  });

  test("of other schedules, groups or numbers are refused, and change nothing", () => {
    const optimizer = sgd();
    const scheduler = new StepLR(optimizer, 1);
    const state = scheduler.stateDict();
    const refused = (change: object): (() => void) => () => { scheduler.loadStateDict({ ...state, ...change }); };
    expect(refused({ name: "ExponentialLR" })).toThrow(StateError);
    expect(refused({ baseLrs: [1, 2] })).toThrow(/the state is of 2 groups, this optimizer has 1/);
    expect(refused({ lr: [NaN] })).toThrow(ValueError);
    expect(refused({ lastEpoch: NaN })).toThrow(ValueError);
    expect(scheduler.stateDict()).toStrictEqual(state);

    const plateau = new ReduceLROnPlateau(optimizer);
    const kept = plateau.stateDict();
    expect(() => { plateau.loadStateDict({ ...kept, numBadEpochs: -1 }); }).toThrow(ValueError);
    expect(() => { plateau.loadStateDict({ ...kept, best: NaN }); }).toThrow(ValueError);
    expect(() => { plateau.loadStateDict({ ...kept, lr: [] }); }).toThrow(StateError);
    expect(plateau.stateDict()).toStrictEqual(kept);
  });

  test("of combined schedules are taken whole or not at all", () => {
    const optimizer = sgd();
    const parts = (): Schedule[] => [new LinearLR(optimizer), new StepLR(optimizer, 1)];
    for (const scheduler of [new SequentialLR(optimizer, parts(), [3]), new ChainedScheduler(parts())]) {
      const state = scheduler.stateDict();
      scheduler.step();
      const before = scheduler.stateDict();
      const [first] = state.schedules;
      const load = (schedules: readonly unknown[]): (() => void) => () => { (scheduler as LRScheduler).loadStateDict({ ...state, schedules }); };
      expect(load([first])).toThrow(/the state is of 1 schedules, this one has 2/);
      expect(load([first, first])).toThrow(/StepLR\.loadStateDict: the state is of "LinearLR"/);
      expect(scheduler.stateDict()).toStrictEqual(before);
    }
  });
});

describe("bad input", () => {
  test.each<[string, (optimizer: SGD) => unknown, RegExp]>([
    ["a step size of 0", (o) => new StepLR(o, 0), /StepLR: stepSize is 0\. Give a whole number of at least 1/],
    ["a negative gamma", (o) => new StepLR(o, 1, { gamma: -1 }), /gamma is -1/],
    ["no milestones", (o) => new MultiStepLR(o, []), /got no milestones/],
    ["half a milestone", (o) => new MultiStepLR(o, [1.5]), /a milestone is 1\.5/],
    ["an infinite gamma", (o) => new ExponentialLR(o, Infinity), /gamma is Infinity/],
    ["a factor above 1", (o) => new ConstantLR(o, { factor: 2 }), /factor is 2\. Give a number in \[0, 1\]/],
    ["a start of 0", (o) => new LinearLR(o, { startFactor: 0 }), /startFactor is 0/],
    ["an end above 1", (o) => new LinearLR(o, { endFactor: 1.1 }), /endFactor is 1\.1/],
    ["a negative power", (o) => new PolynomialLR(o, { power: -1 }), /power is -1/],
    ["a tMax of 0", (o) => new CosineAnnealingLR(o, 0), /tMax is 0/],
    ["a negative etaMin", (o) => new CosineAnnealingLR(o, 5, { etaMin: -1 }), /etaMin is -1/],
    ["half a tMult", (o) => new CosineAnnealingWarmRestarts(o, 5, { tMult: 1.5 }), /tMult is 1\.5/],
    ["a negative epoch", (o) => { new CosineAnnealingWarmRestarts(o, 5).step(-1); }, /epoch is -1/],
    ["a function without a number", (o) => new LambdaLR(o, () => NaN), /the function gives NaN at epoch 0/],
    ["two functions for one group", (o) => new LambdaLR(o, [() => 1, () => 1]), /got 2 functions for 1 groups/],
    ["a cycle without a length", (o) => new OneCycleLR(o, { maxLr: 1, epochs: 3 }), /the number of steps is not given/],
    ["a cycle of half a step", (o) => new OneCycleLR(o, { maxLr: 1, totalSteps: 0.5 }), /totalSteps is 0\.5/],
    ["a rise of 130 %", (o) => new OneCycleLR(o, { maxLr: 1, totalSteps: 5, pctStart: 1.3 }), /pctStart is 1\.3/],
    ["an unknown way", (o) => new OneCycleLR(o, { maxLr: 1, totalSteps: 5, annealStrategy: "square" as "cos" }), /annealStrategy is "square"/],
    ["a divisor of 0", (o) => new OneCycleLR(o, { maxLr: 1, totalSteps: 5, divFactor: 0 }), /divFactor is 0/],
    ["a momentum of 1", (o) => new OneCycleLR(o, { maxLr: 1, totalSteps: 5, maxMomentum: 1 }), /maxMomentum is 1/],
    ["no momentum to cycle", () => new OneCycleLR(new Adagrad([parameter(zeros([1]))]), { maxLr: 1, totalSteps: 5 }), /neither momentum nor betas\. Pass cycleMomentum: false/],
    ["a factor of 1 on a plateau", (o) => new ReduceLROnPlateau(o, { factor: 1 }), /factor is 1/],
    ["an unknown mode", (o) => new ReduceLROnPlateau(o, { mode: "least" as "min" }), /mode is "least"\. Use "min" or "max"/],
    ["a metric that is no number", (o) => { Reflect.apply((m: number) => { new ReduceLROnPlateau(o).step(m); }, null, ["1"]); }, /the metric is string/],
    ["a schedule of another optimizer", (o) => new SequentialLR(o, [new StepLR(sgd(), 1)], []), /schedule 0 is of another optimizer/],
    ["too many milestones", (o) => new SequentialLR(o, [new StepLR(o, 1)], [2]), /got 1 milestones for 1 schedules/],
    ["milestones in another order", (o) => new SequentialLR(o, [new StepLR(o, 1), new StepLR(o, 1), new StepLR(o, 1)], [5, 5]), /milestones\[1\] is 5/],
    ["a chain of nothing", () => new ChainedScheduler([]), /got no schedules/],
  ])("%s is refused", (_, make, message) => {
    const call = (): unknown => make(sgd());
    expect(call).toThrow(ValueError);
    expect(call).toThrow(message);
  });

  test("unknown options are refused", () => {
    expect(() => new CosineAnnealingLR(sgd(), 5, { eta_min: 1 } as object)).toThrow(UnknownNameError);
    expect(() => new ReduceLROnPlateau(sgd(), { patients: 1 } as object)).toThrow(/Did you mean "patience"/);
  });
});
