import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backward } from "@dl/autograd";
import { StateError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, indexSelect, manualSeed, rand, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadCheckpoint } from "../io/index.js";
import { Dropout, Linear, MLP, Sequential, Tanh } from "../layers/index.js";
import { crossEntropy, mseLoss } from "../losses/index.js";
import type { Module } from "../module/index.js";
import { Adam, SGD } from "../optim/index.js";
import { Trainer } from "./index.js";
import type { Batch, Callback, FitOptions, History, Loader, TrainEvent } from "./index.js";
import { MemoryLoader, aborting, accuracy, collect, moons, weights } from "./test-session.js";

/** A loader without a state, whose order comes from the default generator. */
class Shuffled {
  constructor(private readonly data: Batch, private readonly batchSize: number) {}

  *[Symbol.iterator](): Iterator<Batch> {
    const draws = rand([this.data.x.shape[0]]).dataSync();
    const order = [...draws.keys()].sort((a, b) => draws[a] - draws[b]);
    for (let i = 0; i < order.length; i += this.batchSize) {
      const rows = tensor(order.slice(i, i + this.batchSize), { dtype: "int32" });
      yield { x: indexSelect(this.data.x, 0, rows), y: indexSelect(this.data.y, 0, rows) };
    }
  }
}

const data = moons(60, 1);

interface Session {
  readonly model: Module;
  readonly trainer: Trainer;
}

/** Dropout from the default generator and from one of its own, Adam: everything that has a state. */
function session(callbacks: readonly Callback[] = []): Session {
  manualSeed(5);
  const model = new Sequential(new Linear(2, 8), new Tanh(), new Dropout(0.2), new Linear(8, 8), new Dropout(0.1, { generator: new Generator(9) }), new Linear(8, 2));
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  return { model, trainer: new Trainer({ model, optimizer, loss: crossEntropy, metrics: { accuracy }, callbacks }) };
}

let dir: string;
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), "dl-train-")); });
afterEach(() => rm(dir, { recursive: true, force: true }));

describe("fit", () => {
  test("MLP-04 learns two moons", async () => {
    manualSeed(1);
    const model = new MLP([2, 16, 16, 2]);
    const trainer = new Trainer({ model, optimizer: new Adam(model.parameters(), { lr: 0.01 }), loss: crossEntropy, metrics: { accuracy } });
    const history = await trainer.fit(new MemoryLoader(moons(400, 2), 32), { epochs: 30 });
    expect(history).toMatchObject({ reason: "completed", steps: 30 * 13 });
    expect(history.epochs.at(-1)?.train.accuracy).toBeGreaterThan(0.95);
    const scores = await trainer.evaluate([moons(200, 3)]);
    expect(scores.accuracy).toBeGreaterThan(0.95);
    expect(accuracy(trainer.predict(moons(200, 3).x), moons(200, 3).y)).toBe(scores.accuracy);
  });

  test("LIN-05 XOR needs the tanh", async () => {
    const xor: Batch = { x: tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), y: tensor([0, 1, 1, 0], { dtype: "int32" }) };
    const best = async (model: Module & { forward(x: Tensor): Tensor }): Promise<number> => {
      const trainer = new Trainer({ model, optimizer: new Adam(model.parameters(), { lr: 0.05 }), loss: crossEntropy, metrics: { accuracy } });
      await trainer.fit([xor], { epochs: 200 });
      return (await trainer.evaluate([xor])).accuracy;
    };
    manualSeed(2);
    expect(await best(new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 2)))).toBe(1);
    expect(await best(new Sequential(new Linear(2, 8), new Linear(8, 2)))).toBeLessThanOrEqual(0.75);
  });

  test("MLP-04 the mean gradient of equal batches is the gradient of all samples", () => {
    const model = new MLP([2, 4, 2]);
    const gradients = (batches: readonly Batch[]): number[] => {
      model.zeroGrad();
      for (const { x, y } of batches) backward(crossEntropy(model.forward(x), y).div(batches.length));
      return model.parameters().flatMap(({ grad }) => [...(grad?.dataSync() ?? [])]);
    };
    const part = (i: number): Batch => ({ x: data.x.slice(0, 20 * i, 20 * i + 20), y: data.y.slice(0, 20 * i, 20 * i + 20) });
    const whole = gradients([data]);
    gradients([part(0), part(1), part(2)]).forEach((value, i) => { expect(Math.abs(value - whole[i])).toBeLessThan(1e-6); });
  });

  test("does nothing before it is looked at", async () => {
    const { model, trainer } = session();
    const before = weights(model);
    const run = trainer.fit(new MemoryLoader(data, 16));
    await Promise.resolve();
    expect(weights(model)).toStrictEqual(before);
    await run;
    expect(weights(model)).not.toStrictEqual(before);
    expect(() => run[Symbol.asyncIterator]()).toThrow(StateError);
  });

  test("tells what happens, in order, to callbacks first", async () => {
    const heard: string[] = [];
    const { trainer } = session([(event) => { heard.push(`callback ${event.type}`); }]);
    const run = trainer.fit(new MemoryLoader(data, 25), { epochs: 2, validation: [data], checkpoint: { dir: join(dir, "run"), every: 2 } });
    const events: TrainEvent[] = [];
    for await (const event of run) {
      heard.push(event.type);
      events.push(event);
    }
    expect(events.map(({ type, epoch, step }) => `${type} ${epoch} ${step}`)).toStrictEqual([
      "step 1 1", "step 1 2", "checkpoint 1 2", "step 1 3", "epoch 1 3", "checkpoint 1 3",
      "step 2 4", "checkpoint 2 4", "step 2 5", "step 2 6", "checkpoint 2 6", "epoch 2 6", "checkpoint 2 6", "end 2 6",
    ]);
    expect(heard.slice(0, 4)).toStrictEqual(["callback step", "step", "callback step", "step"]);
    const steps = events.filter((event) => event.type === "step");
    expect(steps.map(({ samples }) => samples)).toStrictEqual([25, 25, 10, 25, 25, 10]);
    const history = await run;
    const first = steps.slice(0, 3).reduce((sum, { loss, samples }) => sum + loss * samples, 0) / 60;
    expect(history.epochs[0].train.loss).toBeCloseTo(first, 12);
    expect(history.epochs[1].validation?.accuracy).toBeGreaterThan(0.3);
    expect(events.at(-1)).toMatchObject({ type: "end", reason: "completed", history });
  });

  test("a throw comes out, of the loss, a callback and the loader alike", async () => {
    const bad = { ...data, y: tensor(Array.from({ length: 60 }, () => 7), { dtype: "int32" }) };
    await expect(session().trainer.fit([bad])).rejects.toThrow(/crossEntropy: target 7 at row 0 is not in \[0, 2\)/);
    await expect(session([() => { throw new Error("callback"); }]).trainer.fit([data])).rejects.toThrow("callback");
    const failing: Loader = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("disk")) }) };
    await expect(collect(session().trainer.fit(failing))).rejects.toThrow("disk");
  });

  test("evaluation leaves every module's mode and the weights as they were", async () => {
    const { model, trainer } = session();
    const [, second] = model.children();
    second.training = false;
    const before = weights(model);
    const once = await trainer.evaluate(new MemoryLoader(data, 7));
    expect(await trainer.evaluate([data])).toMatchObject({ accuracy: expect.closeTo(once.accuracy, 6) as number });
    expect(weights(model)).toStrictEqual(before);
    expect([model.training, second.training]).toStrictEqual([true, false]);
  });

  test("timers run in between", async () => {
    const { trainer } = session();
    let ticks = 0;
    const timer = setInterval(() => { ticks += 1; }, 1);
    const began = performance.now();
    const endless: Loader = { *[Symbol.iterator]() { while (performance.now() - began < 300) yield data; } };
    await trainer.fit(endless);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(1);
  });

  test("clipNorm limits the step", async () => {
    const model = new Linear(1, 1, { bias: false });
    model.weight.assign(tensor([[100]]));
    const trainer = new Trainer({ model, optimizer: new SGD(model.parameters(), { lr: 1 }), loss: mseLoss, clipNorm: 0.5 });
    await trainer.fit([{ x: tensor([[1]]), y: tensor([[0]]) }]);
    expect(model.weight.item()).toBeCloseTo(99.5, 4);
  });
});

describe("repetition and resuming", () => {
  const epochs = 3;

  async function whole(loader: Loader): Promise<{ history: History; weights: unknown }> {
    const { model, trainer } = session();
    const history = await trainer.fit(loader, { epochs, validation: [data] });
    return { history, weights: weights(model) };
  }

  test("SYS-07 the same seed twice gives the same bits", async () => {
    const first = await whole(new MemoryLoader(data, 8));
    expect(await whole(new MemoryLoader(data, 8))).toStrictEqual(first);
    expect((await whole(new MemoryLoader(data, 8, 2))).weights).not.toStrictEqual(first.weights);
  });

  // 8 steps in each epoch: in the middle, at the last step of an epoch, and at the first of the last.
  test.each([[3], [8], [11], [17], [24]])("SYS-07 stopped after step %i and resumed, it gives the bits of an uninterrupted run", async (after) => {
    const wanted = await whole(new MemoryLoader(data, 8));
    const { signal, callback } = aborting(after);
    const folder = join(dir, "run");
    const broken = await session([callback]).trainer.fit(new MemoryLoader(data, 8), { epochs, validation: [data], signal, checkpoint: { dir: folder } });
    expect(broken).toMatchObject({ reason: "aborted", steps: after });

    const { model, trainer } = session();
    await rand([5]).data();
    const history = await trainer.fit(new MemoryLoader(data, 8), { epochs, validation: [data], resume: folder });
    expect(history).toStrictEqual(wanted.history);
    expect(weights(model)).toStrictEqual(wanted.weights);
  });

  test("SYS-07 a loader without a state, which shuffles by the default generator, resumes as well", async () => {
    const wanted = await whole(new Shuffled(data, 8));
    for (const after of [8, 13]) {
      const { signal, callback } = aborting(after);
      await session([callback]).trainer.fit(new Shuffled(data, 8), { epochs, validation: [data], signal, checkpoint: { dir: join(dir, "run") } });
      const { model, trainer } = session();
      const history = await trainer.fit(new Shuffled(data, 8), { epochs, validation: [data], resume: await loadCheckpoint(join(dir, "run")) });
      expect(history).toStrictEqual(wanted.history);
      expect(weights(model)).toStrictEqual(wanted.weights);
    }
  });

  test("a finished training goes on when more epochs are asked for", async () => {
    const wanted = await whole(new MemoryLoader(data, 8));
    const folder = join(dir, "run");
    await session().trainer.fit(new MemoryLoader(data, 8), { epochs: 1, validation: [data], checkpoint: { dir: folder } });
    const { model, trainer } = session();
    expect(await trainer.fit(new MemoryLoader(data, 8), { epochs, validation: [data], resume: folder })).toStrictEqual(wanted.history);
    expect(weights(model)).toStrictEqual(wanted.weights);
    const again = await trainer.fit(new MemoryLoader(data, 8), { epochs: 1, resume: folder });
    expect(again).toMatchObject({ steps: 8, reason: "completed" });
  });

  test("a callback stops a training; an aborted one takes no step", async () => {
    const { trainer } = session([(event) => (event.type === "epoch" && event.train.loss < 10 ? "stop" : undefined)]);
    expect(await trainer.fit([data], { epochs: 5 })).toMatchObject({ steps: 1, reason: "stopped" });
    expect(await session().trainer.fit([data], { signal: AbortSignal.abort(), checkpoint: { dir: join(dir, "run") } })).toMatchObject({ steps: 0, reason: "aborted" });
    expect((await loadCheckpoint(join(dir, "run"))).weights.size).toBe(6);
  });

  test("the checkpoint of another model is refused and changes nothing", async () => {
    const folder = join(dir, "run");
    await session().trainer.fit([data], { checkpoint: { dir: folder } });
    const model = new Linear(2, 2);
    const before = weights(model);
    const trainer = new Trainer({ model, optimizer: new Adam(model.parameters()), loss: crossEntropy });
    await expect(trainer.fit([data], { resume: folder })).rejects.toThrow(UnknownNameError);
    await expect(trainer.fit([data], { resume: join(dir, "none") })).rejects.toThrow(/there is no folder/);
    expect(weights(model)).toStrictEqual(before);
  });
});

test.each<[string, object, new (...args: never[]) => Error]>([
  ["a fraction of an epoch", { epochs: 1.5 }, ValueError],
  ["no step between checkpoints", { checkpoint: { dir: "x", every: 0 } }, ValueError],
  ["an unknown option", { epoch: 1 }, UnknownNameError],
  ["an unknown option of the checkpoint", { checkpoint: { dir: "x", evry: 1 } }, UnknownNameError],
])("fit refuses %s", (_, options, error) => {
  expect(() => session().trainer.fit([data], options as FitOptions<Batch>)).toThrow(error);
});

test("a metric may not be called loss", () => {
  const model = new Linear(1, 1);
  expect(() => new Trainer({ model, optimizer: new SGD(model.parameters()), loss: mseLoss, metrics: { loss: () => 1 } })).toThrow(/a metric is called "loss"/);
});
