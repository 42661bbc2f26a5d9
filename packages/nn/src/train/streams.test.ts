import { StateError, UnknownNameError } from "@dl/registry";
import { cat, manualSeed } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { MLP } from "../layers/index.js";
import { crossEntropy } from "../losses/index.js";
import { SGD } from "../optim/index.js";
import { Trainer } from "./index.js";
import type { EvaluationEvent } from "./index.js";
import { MemoryLoader, accuracy, moons } from "./test-session.js";

const data = moons(60, 1);

function trainer(): Trainer {
  manualSeed(3);
  const model = new MLP([2, 8, 2], { dropout: 0.5 });
  return new Trainer({ model, optimizer: new SGD(model.parameters()), loss: crossEntropy, metrics: { accuracy } });
}

describe("evaluate", () => {
  test("gives the scores when awaited, and its progress when iterated", async () => {
    const subject = trainer();
    const scores = await subject.evaluate(new MemoryLoader(data, 25));
    const events: EvaluationEvent[] = [];
    for await (const event of subject.evaluate(new MemoryLoader(data, 25))) events.push(event);
    expect(events.map(({ type, samples }) => [type, samples])).toStrictEqual([["batch", 25], ["batch", 25], ["batch", 10], ["end", 60]]);
    expect(events.at(-1)).toStrictEqual({ type: "end", batches: 3, samples: 60, scores });
    expect(events.at(-2)?.scores).toStrictEqual(scores);
    expect(events[0].scores).not.toStrictEqual(scores);
  });

  test("does nothing before it is looked at, and runs once", async () => {
    let loops = 0;
    const counted = { *[Symbol.iterator]() { loops += 1; yield data; } };
    const run = trainer().evaluate(counted);
    await Promise.resolve();
    expect(loops).toBe(0);
    const [first, second] = await Promise.all([run, run]);
    expect(second).toStrictEqual(first);
    expect(loops).toBe(1);
    expect(() => run[Symbol.asyncIterator]()).toThrow(StateError);
    expect(() => run[Symbol.asyncIterator]()).toThrow(/^Trainer\.evaluate: the events of this run were taken already/);
  });

  test("leaves every module's mode as it was, also when it is left early or fails", async () => {
    const subject = trainer();
    const [, second] = subject.model.namedModules().map(([, module]) => module);
    second.training = false;
    for await (const event of subject.evaluate(new MemoryLoader(data, 7))) if (event.type === "batch" && event.batch === 2) break;
    expect([subject.model.training, second.training]).toStrictEqual([true, false]);
    await expect(subject.evaluate([{ x: data.x.slice(1, 0, 1), y: data.y }])).rejects.toThrow();
    expect([subject.model.training, second.training]).toStrictEqual([true, false]);
  });

  test("ends with the signal's reason", async () => {
    const controller = new AbortController();
    const run = trainer().evaluate(new MemoryLoader(data, 10), { signal: controller.signal });
    let seen = 0;
    await expect((async () => {
      for await (const event of run) {
        seen += event.samples;
        controller.abort(new Error("enough"));
      }
    })()).rejects.toThrow("enough");
    expect(seen).toBe(10);
    expect(() => trainer().evaluate([data], { sginal: controller.signal } as object)).toThrow(UnknownNameError);
  });
});

describe("predictAll", () => {
  const inputs = [data.x.slice(0, 0, 25), data.x.slice(0, 25, 50), data.x.slice(0, 50, 60)].map((x) => ({ x }));

  test("gives an event per batch, or all outputs", async () => {
    const subject = trainer();
    const wanted = subject.predict(data.x);
    const outputs = await subject.predictAll(inputs);
    expect(cat(outputs, 0).toArray()).toStrictEqual(wanted.toArray());
    const seen: [number, number, number][] = [];
    for await (const { batch, samples, output } of subject.predictAll(inputs)) seen.push([batch, samples, output.shape[0]]);
    expect(seen).toStrictEqual([[1, 25, 25], [2, 25, 25], [3, 10, 10]]);
    expect(outputs.every(({ origin }) => origin === null)).toBe(true);
  });

  test("takes the loader of a training, and stops by signal", async () => {
    const subject = trainer();
    expect(await subject.predictAll(new MemoryLoader(data, 16))).toHaveLength(4);
    await expect(subject.predictAll(inputs, { signal: AbortSignal.abort() })).rejects.toThrow(/aborted/);
    expect(() => subject.predictAll(inputs, { batchSize: 2 } as object)).toThrow(UnknownNameError);
  });
});
