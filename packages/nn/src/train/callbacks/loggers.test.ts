import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StateError, UnknownNameError } from "@dl/registry";
import { manualSeed } from "@dl/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MLP } from "../../layers/index.js";
import { crossEntropy } from "../../losses/index.js";
import { SGD } from "../../optim/index.js";
import { CSVLogger, JSONLLogger, Trainer } from "../index.js";
import type { Callback, FitOptions } from "../index.js";
import { MemoryLoader, aborting, accuracy, moons } from "../test-session.js";
import type { Batch } from "../types.js";

const data = moons(40, 1);

let dir: string;
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), "dl-log-")); });
afterEach(() => rm(dir, { recursive: true, force: true }));

async function train(callbacks: readonly Callback[], options: FitOptions<Batch> = {}, groups = 1): Promise<void> {
  manualSeed(3);
  const model = new MLP([2, 4, 2]);
  const parameters = model.parameters();
  const optimizer = groups === 1 ? new SGD(parameters, { lr: 0.5 }) : new SGD([{ params: parameters.slice(0, 2), lr: 0.1 }, { params: parameters.slice(2), lr: 0.2 }]);
  const trainer = new Trainer({ model, optimizer, loss: crossEntropy, metrics: { accuracy }, callbacks });
  await trainer.fit(new MemoryLoader(data, 10), { epochs: 3, validation: [data], ...options });
}

const lines = async (name: string): Promise<string[]> => (await readFile(join(dir, name), "utf8")).split("\n");

/** What repeats: everything but how long it took. */
const timeless = (line: string): string => line.replace(/"seconds":[\d.e+-]+/, '"seconds":0').replace(/^(\d+,\d+),[\d.e+-]+/, "$1,0");

describe("CSVLogger", () => {
  const log = (): string => join(dir, "logs", "run.csv");

  test("writes a line per epoch under the names that monitors have", async () => {
    await train([new CSVLogger(log())]);
    const [header, first, ...rest] = await lines("logs/run.csv");
    expect(header).toBe("epoch,step,seconds,lr,trainAccuracy,trainLoss,valAccuracy,valLoss");
    expect(first).toMatch(/^1,4,[\d.e-]+,0\.5,0?\.?\d+,[\d.]+,[\d.]+,[\d.]+$/);
    expect(rest).toHaveLength(3);
    expect(rest[2]).toBe("");
  });

  test("has a column of learning rates per group", async () => {
    await train([new CSVLogger(log())], { epochs: 1 }, 2);
    const [header, first] = await lines("logs/run.csv");
    expect(header).toMatch(/^epoch,step,seconds,lr0,lr1,trainAccuracy/);
    expect(first).toMatch(/^1,4,[\d.e-]+,0\.1,0\.2,/);
  });

  test("replaces an old file, or goes on behind its last whole line", async () => {
    await train([new CSVLogger(log())], { epochs: 1 });
    await train([new CSVLogger(log())], { epochs: 1 });
    expect(await lines("logs/run.csv")).toHaveLength(3);
    await appendFile(log(), "2,8,0.1,0.5,0.9");
    await train([new CSVLogger(log(), { append: true })], { epochs: 2 });
    const all = await lines("logs/run.csv");
    expect(all.map((line) => line.split(",")[0])).toStrictEqual(["epoch", "1", "1", "2", ""]);
    await writeFile(log(), "a,b\n");
    await expect(train([new CSVLogger(log(), { append: true })])).rejects.toThrow(/has the columns a,b, this training has epoch/);
  });

  test("options are checked", () => {
    expect(() => new CSVLogger(log(), { apend: true } as object)).toThrow(UnknownNameError);
    expect(() => new JSONLLogger(log(), { step: true } as object)).toThrow(UnknownNameError);
  });
});

describe("JSONLLogger", () => {
  test("writes a JSON object per epoch, and per step on request", async () => {
    await train([new JSONLLogger(join(dir, "epochs.jsonl")), new JSONLLogger(join(dir, "steps.jsonl"), { steps: true })], { epochs: 2 });
    const parse = async (name: string): Promise<Record<string, unknown>[]> => (await lines(name)).slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
    const [first] = await parse("epochs.jsonl");
    expect(Object.keys(first)).toStrictEqual(["event", "epoch", "step", "seconds", "lr", "trainAccuracy", "trainLoss", "valAccuracy", "valLoss"]);
    expect(first).toMatchObject({ event: "epoch", epoch: 1, step: 4, lr: [0.5] });
    const all = await parse("steps.jsonl");
    expect(all.map(({ event, step }) => `${String(event)} ${String(step)}`)).toStrictEqual(["step 1", "step 2", "step 3", "step 4", "epoch 4", "step 5", "step 6", "step 7", "step 8", "epoch 8"]);
    expect(all[0]).toMatchObject({ batch: 1, samples: 10, lr: [0.5] });
  });
});

describe("logs of a resumed training", () => {
  const loggers = (): Callback[] => [new CSVLogger(join(dir, "run.csv")), new JSONLLogger(join(dir, "run.jsonl"), { steps: true })];
  const logged = async (): Promise<string[][]> => Promise.all(["run.csv", "run.jsonl"].map(async (name) => (await lines(name)).map(timeless)));
  const checkpoint = (): { dir: string; every: number } => ({ dir: join(dir, "checkpoint"), every: 3 });

  test.each([[6], [8], [11]])("are those of an uninterrupted one, when it was stopped after step %i", async (after) => {
    await train(loggers());
    const wanted = await logged();
    const { signal, callback } = aborting(after);
    await train([...loggers(), callback], { signal, checkpoint: checkpoint() });
    // As a kill within a write may leave them.
    await appendFile(join(dir, "run.csv"), "7,99,");
    await appendFile(join(dir, "run.jsonl"), '{"event":"st');
    await train(loggers(), { resume: join(dir, "checkpoint") });
    expect(await logged()).toStrictEqual(wanted);
  });

  test("lines that were written after the checkpoint are written again", async () => {
    await train(loggers());
    const wanted = await logged();
    const { signal, callback } = aborting(6);
    await train([...loggers(), callback], { signal, checkpoint: checkpoint() });
    const saved = join(dir, "checkpoint");
    await train(loggers(), { resume: saved });
    await train(loggers(), { resume: saved });
    expect(await logged()).toStrictEqual(wanted);
  });

  test("a log that has lost lines is refused, another path begins anew", async () => {
    const { signal, callback } = aborting(6);
    await train([...loggers(), callback], { signal, checkpoint: checkpoint() });
    await truncate(join(dir, "run.csv"), 20);
    await expect(train(loggers(), { resume: join(dir, "checkpoint") })).rejects.toThrow(StateError);
    await expect(train(loggers(), { resume: join(dir, "checkpoint") })).rejects.toThrow(/has 0 bytes in whole lines, the checkpoint knows of \d+/);
    await train([new CSVLogger(join(dir, "other.csv")), new JSONLLogger(join(dir, "run.jsonl"), { steps: true })], { resume: join(dir, "checkpoint") });
    expect((await lines("other.csv")).map((line) => line.split(",")[0])).toStrictEqual(["epoch", "2", "3", ""]);
  });
});
