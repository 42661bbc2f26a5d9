import { backward } from "@dl/autograd";
import { StateError, UnknownNameError, ValueError } from "@dl/registry";
import { createReferenceBackend, tensor } from "@dl/tensor";
import type { Backend, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { parameter } from "../module/parameter.js";
import type { Parameter } from "../module/parameter.js";
import { Adam, AdamW, SGD, clipGradNorm, clipGradValue } from "./index.js";
import type { Optimizer, Optimized } from "./index.js";

/** 5w₀² + ½w₁², the course's ill-conditioned bowl. */
const bowl = (w: Tensor): Tensor => w.square().mul(tensor([5, 0.5], { dtype: w.dtype, backend: w.backend })).sum();

const start = (backend?: Backend): Parameter => parameter(tensor([1, 1], { dtype: "float64", ...(backend && { backend }) }));

function walk(optimizer: Pick<Optimizer, "step" | "zeroGrad">, w: Tensor, steps: number): number[][] {
  return Array.from({ length: steps }, () => {
    optimizer.zeroGrad();
    backward(bowl(w));
    optimizer.step();
    return [...w.dataSync()];
  });
}

type Make = (params: Optimized<object>) => Pick<Optimizer, "step" | "zeroGrad">;

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

  test.each(trajectories)("%s on a backend with one output per kernel", (_, make, wanted) => {
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
    const w = start(narrow);
    expectClose(walk(make([w]), w, 3), wanted);
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
  test("is one kernel per parameter", () => {
    const backend = createReferenceBackend();
    let kernels = 0;
    const counting: Backend = { ...backend, map: (...args) => { kernels += 1; backend.map(...args); } };
    const w = start(counting);
    const optimizer = new Adam([w]);
    backward(bowl(w));
    kernels = 0;
    optimizer.step();
    expect(kernels).toBe(1);
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

describe("state", () => {
  const makers: [string, Make][] = trajectories.map(([name, make]) => [name, make]);

  test.each(makers)("MLP-07 %s continues bit for bit", (_, make) => {
    const whole = start();
    const wanted = walk(make([whole]), whole, 6);
    const w = start();
    const first = make([w]) as Optimizer;
    walk(first, w, 3);
    const state = first.stateDict();
    const copy = parameter(w);
    walk(first, w, 1);
    const second = make([copy]) as Optimizer;
    second.loadStateDict(state);
    expect(walk(second, copy, 3)).toStrictEqual(wanted.slice(3));
  });

  test("is refused by another optimizer or other groups, and changes nothing", () => {
    const w = start();
    const adam = new Adam([w], { lr: 0.25 });
    walk(adam, w, 2);
    const state = adam.stateDict();
    expect(() => { new SGD([w]).loadStateDict(state); }).toThrow(/SGD\.loadStateDict: the state is of "Adam"/);
    expect(() => { new Adam([w, start()]).loadStateDict(state); }).toThrow(/groups of 1 parameters, this optimizer of 2/);
    const other = new Adam([parameter(tensor([1, 2, 3], { dtype: "float64" }))]);
    expect(() => { other.loadStateDict(state); }).toThrow(/"0\.exp_avg" has shape \[3\] here and \[2\] in the state/);
    expect(other.groups[0].lr).toBe(0.001);
    expect(other.stateDict().tensors.size).toBe(0);
  });
});

describe("bad input", () => {
  const w = start();
  test.each<[string, () => unknown, RegExp]>([
    ["a negative lr", () => new SGD([w], { lr: -1 }), /SGD: lr is -1\. Give a finite number of at least 0/],
    ["a NaN lr", () => new Adam([w], { lr: NaN }), /Adam: lr is NaN/],
    ["a beta of 1", () => new Adam([w], { betas: [0.9, 1] }), /betas\[1\] is 1\. Give a number in \[0, 1\)/],
    ["Nesterov without momentum", () => new SGD([w], { nesterov: true }), /needs a momentum above 0/],
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

describe("clipping", () => {
  const grads = (): [Parameter, Parameter] => {
    const [a, b] = [start(), start()];
    backward(a.mul(3).sum().add(b.mul(4).sum()));
    return [a, b];
  };

  test("MLP-07 scales all gradients to the norm", () => {
    const [a, b] = grads();
    expect(clipGradNorm([a, b], 1).item()).toBeCloseTo(Math.sqrt(50), 12);
    expect(a.grad?.dataSync()[0]).toBeCloseTo(3 / Math.sqrt(50), 6);
    expect(b.grad?.dataSync()[1]).toBeCloseTo(4 / Math.sqrt(50), 6);
  });

  test("leaves small gradients as they are", () => {
    const [a, b] = grads();
    expect(clipGradNorm([a, b], 100, { normType: Infinity }).item()).toBe(4);
    expect([...(a.grad?.dataSync() ?? [])]).toStrictEqual([3, 3]);
  });

  test("limits values", () => {
    const [a, b] = grads();
    clipGradValue([a, b], 3.5);
    expect(b.grad?.dataSync()[0]).toBe(3.5);
    expect(a.grad?.dataSync()[0]).toBe(3);
  });

  test("refuses parameters without gradients", () => {
    expect(() => clipGradNorm([start()], 1)).toThrow(/no parameter has a gradient/);
  });
});
