import { backward } from "@dl/autograd";
import { StateError, UnknownNameError, ValueError } from "@dl/registry";
import { createReferenceBackend, tensor } from "@dl/tensor";
import type { Backend } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { parameter } from "../module/parameter.js";
import { Adadelta, Adagrad, Adam, AdamW, Adamax, NAdam, RAdam, RMSprop, SGD } from "./index.js";
import type { Optimized } from "./index.js";
import { bowl, makers, start, walk } from "./test-bowl.js";
import type { AnyOptimizer, Make } from "./test-bowl.js";

// Recorded with PyTorch in float64.
const trajectories: [string, Make, number[][]][] = [
  ["OPT-06 gradient descent", (p) => new SGD(p, { lr: 0.05 }), [[0.5, 0.95], [0.25, 0.9025], [0.125, 0.857375]]],
  ["MLP-05 momentum", (p) => new SGD(p, { lr: 0.05, momentum: 0.9 }), [[0.5, 0.95], [-0.2, 0.8575], [-0.73, 0.731375]]],
  ["MLP-05 dampening", (p) => new SGD(p, { lr: 0.05, momentum: 0.9, dampening: 0.9 }), [[0.5, 0.95], [0.025, 0.90025], [-0.40375, 0.85097375]]],
  ["MLP-06 Nesterov", (p) => new SGD(p, { lr: 0.05, momentum: 0.9, nesterov: true }), [[0.05, 0.905], [-0.4025, 0.778525], [-0.404875, 0.631462625]]],
  ["MLP-07 Adam", (p) => new Adam(p, { lr: 0.1 }), [[0.9000000001, 0.900000001], [0.8004122279, 0.8004122297], [0.7015862717, 0.7015862745]]],
  ["MLP-07 AdamW", (p) => new AdamW(p, { lr: 0.1, weightDecay: 0.01 }), [[0.8990000001, 0.899000001], [0.7985190264, 0.7985190282], [0.6989111819, 0.6989111847]]],
];

function expectClose(found: number[][], wanted: number[][]): void {
  found.flat().forEach((value, i) => { expect(value).toBeCloseTo(wanted.flat()[i], 9); });
}

describe("trajectories", () => {
  test.each(trajectories)("%s", (_, make, wanted) => {
    const w = start();
    expectClose(walk(make([w]), w, 3), wanted);
  });

  test.each(makers)("%s is the same on a backend with one output per kernel", (_, make) => {
    const wide = createReferenceBackend();
    let most = 0;
    const narrow: Backend = {
      ...wide,
      capabilities: { ...wide.capabilities, maxOutputs: 1 },
      map: (program, inputs, outs, scalars) => {
        most = Math.max(most, outs.length);
        wide.map(program, inputs, outs, scalars);
      },
    };
    const [w, plain] = [start(narrow), start()];
    expect(walk(make([w]), w, 8)).toStrictEqual(walk(make([plain]), plain, 8));
    expect(most).toBe(1);
  });

  test("weight decay of SGD and Adam is a penalty on the gradient", () => {
    const w = start();
    expectClose(walk(new SGD([w], { lr: 0.1, weightDecay: 0.5 }), w, 1), [[1 - 0.1 * 10.5, 1 - 0.1 * 1.5]]);
    const decayed = start();
    const plain = start();
    const penalised = new Adam([decayed], { lr: 0.1, weightDecay: 0.5 });
    walk(penalised, decayed, 1);
    const optimizer = new Adam([plain], { lr: 0.1 });
    backward(bowl(plain).add(plain.square().sum().mul(0.25)));
    optimizer.step();
    expectClose([[...decayed.dataSync()]], [[...plain.dataSync()]]);
  });
});

test("OPT-01 gradient descent finds the minimum of (x − 3)² + (y + 1)² in 200 steps", () => {
  const w = parameter(tensor([0, 0]));
  const optimizer = new SGD([w], { lr: 0.1 });
  for (let step = 0; step < 200; step++) {
    optimizer.zeroGrad();
    backward(w.sub(tensor([3, -1])).square().sum());
    optimizer.step();
  }
  const [x, y] = w.dataSync();
  expect(Math.hypot(x - 3, y + 1)).toBeLessThan(1e-4);
});

test("MLP-05 momentum needs less than half of the steps on an ill-conditioned bowl", () => {
  const stepsOf = (momentum: number): number => {
    const w = start();
    const optimizer = new SGD([w], { lr: 0.05, momentum });
    let steps = 0;
    for (; Math.max(...w.dataSync().map(Math.abs)) > 1e-3; steps++) walk(optimizer, w, 1);
    return steps;
  };
  expect(stepsOf(0.6)).toBeLessThan(stepsOf(0) / 2);
});

describe("one step", () => {
  test.each(makers)("of %s is one kernel per parameter", (_, make) => {
    const backend = createReferenceBackend();
    let kernels = 0;
    const counting: Backend = { ...backend, map: (...args) => { kernels += 1; backend.map(...args); } };
    const w = start(counting);
    const optimizer = make([w]);
    walk(optimizer, w, 2);
    kernels = 0;
    optimizer.step();
    expect(kernels).toBe(1);
  });

  test.each<[string, (p: Optimized<object>, options: object) => AnyOptimizer]>([
    ["SGD", (p, options) => new SGD(p, options)], ["Adam", (p, options) => new Adam(p, options)], ["AdamW", (p, options) => new AdamW(p, options)],
    ["NAdam", (p, options) => new NAdam(p, options)], ["RAdam", (p, options) => new RAdam(p, options)], ["RMSprop", (p, options) => new RMSprop(p, options)],
    ["Adagrad", (p, options) => new Adagrad(p, options)], ["Adadelta", (p, options) => new Adadelta(p, options)], ["Adamax", (p, options) => new Adamax(p, options)],
  ])("of %s climbs with maximize as it descends without", (_, make) => {
    const [up, down] = [start(), start()];
    const climbing = make([up], { maximize: true, weightDecay: 0.1 });
    const descending = make([down], { weightDecay: 0.1 });
    for (let step = 0; step < 5; step++) {
      climbing.zeroGrad();
      backward(bowl(up).neg());
      climbing.step();
    }
    expect(walk(descending, down, 5).at(-1)).toStrictEqual([...up.dataSync()]);
  });

  test("a variance that rounding brings below 0 counts as 0", () => {
    const w = parameter(tensor([1]));
    const optimizer = new RMSprop([w], { centered: true, alpha: 0.5 });
    for (let step = 0; step < 200; step++) {
      optimizer.zeroGrad();
      backward(w.mul(0.3).sum());
      optimizer.step();
    }
    expect(Number.isFinite(w.item())).toBe(true);
  });

  test("leaves parameters without a gradient alone, and older readings", () => {
    const [w, frozen] = [start(), start()];
    const before = w.detach();
    const optimizer = new SGD([w, frozen], { lr: 0.1, momentum: 0.9 });
    walk(optimizer, w, 2);
    expect([...frozen.dataSync()]).toStrictEqual([1, 1]);
    expect([...before.dataSync()]).toStrictEqual([1, 1]);
    expect(optimizer.stateDict().steps).toStrictEqual([2, 0]);
  });

  test("backward through a loss from before the step is refused", () => {
    const w = start();
    const optimizer = new SGD([w], { lr: 0.1 });
    const loss = bowl(w);
    walk(optimizer, w, 1);
    expect(() => { backward(loss); }).toThrow(StateError);
  });

  test("groups have options of their own, which may change", () => {
    const [a, b] = [start(), start()];
    const optimizer = new SGD([{ params: [a] }, { params: [b], lr: 1 }], { lr: 0.1 });
    backward(a.sum().add(b.sum()));
    optimizer.step();
    expect([a.dataSync()[0], b.dataSync()[0]]).toStrictEqual([0.9, 0]);
    optimizer.groups[0].lr = 0;
    optimizer.step();
    expect([a.dataSync()[0], b.dataSync()[0]]).toStrictEqual([0.9, -1]);
  });
});

describe("added groups", () => {
  test("take the optimizer's options and may have their own", () => {
    const [a, b, c] = [start(), start(), start()];
    const optimizer = new SGD([{ params: [a], lr: 1 }], { lr: 0.1, momentum: 0.9 });
    walk(optimizer, a, 1);
    optimizer.addParamGroup({ params: [b] });
    optimizer.addParamGroup({ params: [c], lr: 0.5, momentum: 0 });
    expect(optimizer.groups.map(({ lr, momentum }) => [lr, momentum])).toStrictEqual([[1, 0.9], [0.1, 0.9], [0.5, 0]]);
    optimizer.zeroGrad();
    backward(b.sum().add(c.sum()));
    optimizer.step();
    expect([b.dataSync()[0], c.dataSync()[0]]).toStrictEqual([0.9, 0.5]);
    expect(optimizer.stateDict().groups.map(({ params }) => params)).toStrictEqual([[0], [1], [2]]);
  });

  test("are checked, and refused whole", () => {
    const a = start();
    const optimizer = new Adam([a]);
    expect(() => { optimizer.addParamGroup({ params: [start(), a] }); }).toThrow(/Adam\.addParamGroup: the parameter of shape \[2\] comes twice/);
    expect(() => { optimizer.addParamGroup({ params: [start()], lr: -1 }); }).toThrow(ValueError);
    expect(() => { optimizer.addParamGroup({ params: [] }); }).toThrow(/got no parameters/);
    const unknown = { params: [start()], momentum: 1 };
    expect(() => { optimizer.addParamGroup(unknown); }).toThrow(UnknownNameError);
    expect(optimizer.groups).toHaveLength(1);
  });
});

describe("bad input", () => {
  const w = start();
  test.each<[string, () => unknown, RegExp]>([
    ["a negative lr", () => new SGD([w], { lr: -1 }), /SGD: lr is -1\. Give a finite number of at least 0/],
    ["a NaN lr", () => new Adam([w], { lr: NaN }), /Adam: lr is NaN/],
    ["a beta of 1", () => new Adam([w], { betas: [0.9, 1] }), /betas\[1\] is 1\. Give a number in \[0, 1\)/],
    ["Nesterov without momentum", () => new SGD([w], { nesterov: true }), /needs a momentum above 0/],
    ["a beta below 0", () => new NAdam([w], { betas: [-0.1, 0.9] }), /NAdam: betas\[0\] is -0\.1/],
    ["a negative momentum decay", () => new NAdam([w], { momentumDecay: -1 }), /momentumDecay is -1/],
    ["a negative eps", () => new RAdam([w], { eps: -1 }), /RAdam: eps is -1/],
    ["an alpha of 1", () => new RMSprop([w], { alpha: 1 }), /alpha is 1/],
    ["a negative sum", () => new Adagrad([w], { initialAccumulatorValue: -1 }), /initialAccumulatorValue is -1/],
    ["a rho of 2", () => new Adadelta([w], { rho: 2 }), /Adadelta: rho is 2/],
    ["a negative weight decay", () => new Adamax([w], { weightDecay: -1 }), /Adamax: weightDecay is -1/],
    ["no parameters", () => new SGD([]), /got no parameters/],
    ["a parameter twice", () => new SGD([w, w]), /comes twice/],
    ["parameters next to groups", () => Reflect.construct(SGD, [[w, { params: [start()] }]]) as unknown, /next to groups/],
    ["a group with a bad lr", () => new SGD([{ params: [w], lr: -2 }]), /lr is -2/],
  ])("%s is refused", (_, make, message) => {
    expect(make).toThrow(ValueError);
    expect(make).toThrow(message);
  });

  test("an unknown option and a computed tensor are refused", () => {
    const options = { learningRate: 1 };
    expect(() => new SGD([w], options as object)).toThrow(UnknownNameError);
    expect(() => new SGD([w.mul(2)])).toThrow(/a tensor computed by "mul" is no parameter/);
  });
});
