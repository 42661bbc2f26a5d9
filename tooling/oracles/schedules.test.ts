import {
  Adam, ChainedScheduler, ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, ExponentialLR, LambdaLR, LinearLR, MultiStepLR,
  OneCycleLR, PolynomialLR, ReduceLROnPlateau, SGD, Schedule, SequentialLR, StepLR, parameter,
} from "@dl/nn";
import type { LRScheduler } from "@dl/nn";
import { zeros } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { readFixture } from "./fixture.js";

interface Spec {
  readonly schedule: string;
  readonly args?: readonly unknown[];
  readonly options?: object;
  readonly parts?: readonly Spec[];
  readonly milestones?: readonly number[];
  /** Distance between the epochs that are passed to `step`. */
  readonly stride?: number;
  readonly sign?: number;
  readonly adam?: boolean;
}

type Any = LRScheduler | ReduceLROnPlateau;
type Cycled = SGD | Adam;

const schedules = { ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, ExponentialLR, LinearLR, MultiStepLR, OneCycleLR, PolynomialLR, ReduceLROnPlateau, StepLR };

function makeOptimizer({ adam = false }: Spec): Cycled {
  const groups = [0.1, 0.02].map((lr) => ({ params: [parameter(zeros([1]))], lr }));
  return adam ? new Adam(groups) : new SGD(groups, { momentum: 0.9 });
}

function isSchedule(value: LRScheduler | ReduceLROnPlateau): value is Schedule {
  return value instanceof Schedule;
}

function make(optimizer: Cycled, { schedule, args = [], options = {}, parts = [], milestones = [] }: Spec): Any {
  const made = parts.map((part) => make(optimizer, part)).filter(isSchedule);
  if (schedule === "LambdaLR") return new LambdaLR(optimizer, (epoch) => 1 / (1 + epoch));
  if (schedule === "ChainedScheduler") return new ChainedScheduler(made);
  if (schedule === "SequentialLR") return new SequentialLR(optimizer, made, milestones);
  return Reflect.construct(schedules[schedule as keyof typeof schedules], [optimizer, ...args, options]) as Any;
}

/** schedules.py's metric: falls, with noise, by plateaus of ten steps. */
const metric = (step: number): number => 1 / (1 + Math.floor(step / 10)) + ((step * 37) % 11) / 50;

function advance(scheduler: Any, { stride, sign = 1 }: Spec, step: number): void {
  if (scheduler instanceof ReduceLROnPlateau) scheduler.step(metric(step) * sign);
  else if (scheduler instanceof CosineAnnealingWarmRestarts && stride !== undefined) scheduler.step(step * stride);
  else scheduler.step();
}

/** All rates, and then all momenta. */
type Track = readonly [lrs: number[], momenta: number[]];

function record([lrs, momenta]: Track, { groups }: Cycled): void {
  lrs.push(...groups.map(({ lr }) => lr));
  momenta.push(...groups.map((group) => ("betas" in group ? group.betas[0] : group.momentum)));
}

function walk(spec: Spec, steps: number): Track {
  const optimizer = makeOptimizer(spec);
  const scheduler = make(optimizer, spec);
  const track: Track = [[], []];
  record(track, optimizer);
  for (let step = 1; step <= steps; step++) {
    advance(scheduler, spec, step);
    expect(scheduler.getLastLr()).toStrictEqual(optimizer.groups.map(({ lr }) => lr));
    record(track, optimizer);
  }
  return track;
}

/** As `walk`, but with everything made anew and loaded after `pause` steps. */
function interruptedWalk(spec: Spec, steps: number, pause: number): Track {
  const track: Track = [[], []];
  let optimizer = makeOptimizer(spec);
  let scheduler = make(optimizer, spec);
  record(track, optimizer);
  for (let step = 1; step <= steps; step++) {
    advance(scheduler, spec, step);
    record(track, optimizer);
    if (step !== pause) continue;
    const state: unknown = JSON.parse(JSON.stringify(scheduler.stateDict()));
    optimizer = makeOptimizer(spec);
    scheduler = make(optimizer, spec);
    (scheduler as LRScheduler).loadStateDict(state);
  }
  return track;
}

/** Largest relative difference. */
function distance(values: readonly number[], wanted: ArrayLike<number>): number {
  expect(values).toHaveLength(wanted.length);
  return Math.max(...values.map((value, i) => (value === wanted[i] ? 0 : Math.abs(value - wanted[i]) / Math.abs(wanted[i]))));
}

// These take cosines and powers, which the last bit of C's and JavaScript's differs in. The others are equal bit for bit.
const rounded = /CosineAnnealing|OneCycleLR|power/;
const tolerance = 1e-13;

const cases = readFixture<Spec>("schedules").map((item) => [item.name, item] as const);

describe("rates as PyTorch's", () => {
  test.each(cases)("MLP-07 %s", (name, { options: spec, tensors: { lr, momentum } }) => {
    const [lrs, momenta] = walk(spec, lr.shape[0] - 1);
    expect(distance(lrs, lr.dataSync())).toBeLessThanOrEqual(rounded.test(name) ? tolerance : 0);
    if (name.includes("OneCycleLR")) expect(distance(momenta, momentum.dataSync())).toBeLessThanOrEqual(tolerance);
  });

  test.each(cases)("MLP-07 %s goes on exactly from its state as JSON", (_, { options: spec, tensors: { lr } }) => {
    const steps = lr.shape[0] - 1;
    const whole = walk(spec, steps);
    for (const pause of [1, 9, 33, steps - 1]) expect(interruptedWalk(spec, steps, pause)).toStrictEqual(whole);
  });
});
