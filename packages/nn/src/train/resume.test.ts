import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StateError } from "@dl/registry";
import { Generator, manualSeed, rand } from "@dl/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadCheckpoint, packCheckpoint, unpackCheckpoint } from "../io/index.js";
import type { CheckpointFiles } from "../io/index.js";
import { Dropout, Linear, Sequential, Tanh } from "../layers/index.js";
import { crossEntropy } from "../losses/index.js";
import { Adam, CosineAnnealingLR, EMA, ReduceLROnPlateau } from "../optim/index.js";
import { EarlyStopping, LearningRateMonitor, Trainer, progressIn } from "./index.js";
import type { Callback, History, TrainerOptions } from "./index.js";
import { MemoryLoader, aborting, moons, weights } from "./test-session.js";

const data = moons(60, 1);
const epochs = 3;
// 8 batches of 8 (the last of 4): 3 updates an epoch, the last of them incomplete.
const loader = (): MemoryLoader => new MemoryLoader(data, 8);

let dir: string;
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), "dl-resume-")); });
afterEach(() => rm(dir, { recursive: true, force: true }));

interface Session {
  readonly model: Sequential;
  readonly ema: EMA;
  readonly early: EarlyStopping;
  readonly rates: LearningRateMonitor;
  readonly trainer: Trainer;
}

/** Everything that has a state: dropout, Adam, groups of batches, a schedule, an average, callbacks. */
function session(callbacks: readonly Callback[] = [], extra: Partial<TrainerOptions> = {}): Session {
  manualSeed(5);
  const model = new Sequential(new Linear(2, 8), new Tanh(), new Dropout(0.2), new Linear(8, 8), new Dropout(0.1, { generator: new Generator(9) }), new Linear(8, 2));
  const optimizer = new Adam(model.parameters(), { lr: 0.05 });
  const ema = new EMA(model, { decay: 0.9 });
  const [early, rates] = [new EarlyStopping({ patience: 2, restoreBestWeights: true }), new LearningRateMonitor()];
  const schedule = { scheduler: new CosineAnnealingLR(optimizer, 9), per: "step" as const };
  const trainer = new Trainer({ model, optimizer, loss: crossEntropy, accumulate: 3, clipNorm: 1, schedule, ema, callbacks: [early, rates, ...callbacks], ...extra });
  return { model, ema, early, rates, trainer };
}

/** All that a training leaves behind. */
const traces = ({ model, ema, early, rates }: Session, history: History): unknown => {
  const { updates, tensors } = ema.stateDict();
  return [history, weights(model), updates, [...tensors].map(([key, value]) => [key, [...value.dataSync()]]), early.best, early.bestEpoch, rates.rates];
};

async function whole(): Promise<unknown> {
  const own = session();
  const history = await own.trainer.fit(loader(), { epochs, validation: [data] });
  return traces(own, history);
}

describe("a training with a schedule, an average, groups of batches and callbacks", () => {
  test.each([[1], [2], [3], [5], [6], [8]])("SYS-07 stopped after step %i and resumed, it leaves the bits of an uninterrupted one", async (after) => {
    const wanted = await whole();
    const { signal, callback } = aborting(after);
    const broken = await session([callback]).trainer.fit(loader(), { epochs, validation: [data], signal, checkpoint: { dir: join(dir, "run") } });
    expect(broken).toMatchObject({ reason: "aborted", steps: after });
    const own = session();
    await rand([5]).data();
    const history = await own.trainer.fit(loader(), { epochs, validation: [data], resume: join(dir, "run") });
    expect(traces(own, history)).toStrictEqual(wanted);
  });

  test.each([[2], [3], [8]])("SYS-07 packed after step %i while it stands still, it goes on from there elsewhere, and here", async (after) => {
    const wanted = await whole();
    const first = session();
    const run = first.trainer.fit(loader(), { epochs, validation: [data] });
    let files: CheckpointFiles = new Map();
    for await (const event of run) if (event.type === "step" && event.step === after) files = await run.pack({ "note.txt": "half-way" });
    const checkpoint = await unpackCheckpoint(files);
    expect(new TextDecoder().decode(checkpoint.assets.get("note.txt"))).toBe("half-way");
    expect(progressIn(checkpoint)).toMatchObject({ epochs: Math.floor(after / 3), steps: after });
    const own = session();
    expect(traces(own, await own.trainer.fit(loader(), { epochs, validation: [data], resume: checkpoint }))).toStrictEqual(wanted);
    expect(weights(first.model)).toStrictEqual(weights(own.model));
  });

  test("SYS-07 a plateau that has seen nothing yet, and one that has reduced, go on", async () => {
    const plateau = (): Session => {
      manualSeed(5);
      const model = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 2));
      const optimizer = new Adam(model.parameters(), { lr: 0.05 });
      const schedule = { scheduler: new ReduceLROnPlateau(optimizer, { patience: 0, threshold: 1 }), monitor: "trainLoss" };
      return { ...session(), model, trainer: new Trainer({ model, optimizer, loss: crossEntropy, schedule }) };
    };
    const wanted = plateau();
    const { epochs: records } = await wanted.trainer.fit(loader(), { epochs: 4 });
    expect(new Set(records.map(({ lr }) => lr[0])).size).toBeGreaterThan(1);
    for (const after of [3, 20]) {
      const { signal, callback } = aborting(after);
      const first = plateau();
      const stopping = new Trainer({ model: first.model, optimizer: first.trainer.optimizer, loss: crossEntropy, callbacks: [callback], ...(first.trainer.schedule && { schedule: first.trainer.schedule }) });
      await stopping.fit(loader(), { epochs: 4, signal, checkpoint: { dir: join(dir, "run") } });
      const second = plateau();
      const history = await second.trainer.fit(loader(), { epochs: 4, resume: join(dir, "run") });
      expect(history.epochs).toStrictEqual(records);
      expect(weights(second.model)).toStrictEqual(weights(wanted.model));
    }
  });

  test("a training that stopped early stops again when it is resumed as it was, and goes on with more patience", async () => {
    const stop = (patience: number): Callback => new EarlyStopping({ monitor: "trainLoss", mode: "max", patience });
    const run = (patience: number, options: object): PromiseLike<History> => session([], { callbacks: [stop(patience)] }).trainer.fit(loader(), { epochs: 6, ...options });
    const folder = join(dir, "run");
    expect(await run(1, { checkpoint: { dir: folder } })).toMatchObject({ reason: "stopped", steps: 6 });
    expect(await run(1, { resume: folder })).toMatchObject({ reason: "stopped", steps: 6 });
    expect(await run(3, { resume: folder })).toMatchObject({ reason: "stopped", steps: 12 });
  });

  test("NaN in the history survives a checkpoint", async () => {
    const { model, trainer } = session([], { callbacks: [] });
    const state = { trainer: { records: [{ train: { loss: NaN } }], averages: { sums: { loss: NaN } } } };
    const { state: found } = await unpackCheckpoint(await packCheckpoint({ model, optimizer: trainer.optimizer, state }));
    expect(found).toStrictEqual(state);
  });
});

describe("a checkpoint of a training that was made otherwise", () => {
  async function refused(wrong: Session, message: RegExp): Promise<void> {
    await session().trainer.fit([data], { validation: [data], checkpoint: { dir: join(dir, "run") } });
    const before = weights(wrong.model);
    const fit = (): PromiseLike<unknown> => wrong.trainer.fit([data], { epochs: 2, validation: [data], resume: join(dir, "run") });
    await expect(fit()).rejects.toThrow(StateError);
    await expect(fit()).rejects.toThrow(message);
    expect(weights(wrong.model)).toStrictEqual(before);
  }

  const without = (part: "schedule" | "ema" | "callbacks"): Session => {
    const own = session();
    const { model, optimizer, schedule, ema, callbacks } = own.trainer;
    const options = { model, optimizer, loss: crossEntropy, ...(schedule && { schedule }), ...(ema && { ema }), callbacks };
    return { ...own, trainer: new Trainer(Object.fromEntries(Object.entries(options).filter(([key]) => key !== part)) as never) };
  };

  test("names the part that is too few, and changes nothing", async () => {
    await refused(without("schedule"), /the checkpoint has the state of a schedule, the trainer has none/);
    await refused(without("ema"), /the checkpoint has the state of a moving average, the trainer has none/);
    await refused(without("callbacks"), /the checkpoint has the state of a callback "EarlyStopping", the trainer's callbacks with a state are: none/);
  });

  test("names the part that is too many; callbacks may be added", async () => {
    const { model, trainer: { optimizer } } = session();
    const plain = new Trainer({ model, optimizer, loss: crossEntropy });
    const folder = join(dir, "plain");
    await plain.fit([data], { checkpoint: { dir: folder } });
    expect((await loadCheckpoint(folder)).weights.size).toBe(6);
    await expect(session().trainer.fit([data], { resume: folder, epochs: 2, validation: [data] })).rejects.toThrow(/the trainer has a schedule, the checkpoint has no state for it/);
    const early = new EarlyStopping();
    const other = session();
    const more = new Trainer({ model: other.model, optimizer: other.trainer.optimizer, loss: crossEntropy, callbacks: [early] });
    expect(await more.fit([data], { resume: folder, epochs: 2, validation: [data] })).toMatchObject({ steps: 2 });
    expect(early.bestEpoch).toBe(2);
  });

  test("several callbacks of one kind keep their states apart", async () => {
    const pair = (): [EarlyStopping, EarlyStopping] => [new EarlyStopping({ monitor: "trainLoss", patience: 9 }), new EarlyStopping({ monitor: "trainLoss", mode: "max", patience: 9 })];
    const first = pair();
    await session([], { callbacks: first }).trainer.fit(loader(), { epochs: 2, checkpoint: { dir: join(dir, "run") } });
    const second = pair();
    await session([], { callbacks: second }).trainer.fit(loader(), { epochs: 2, resume: join(dir, "run") });
    expect(second.map(({ best }) => best)).toStrictEqual(first.map(({ best }) => best));
    expect(first[0].best).not.toBe(first[1].best);
  });
});
