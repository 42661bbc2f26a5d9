import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormatError, StateError, UnknownNameError, ValueError } from "@dl/registry";
import { manualSeed, tensor } from "@dl/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadCheckpoint } from "../../io/index.js";
import { MLP } from "../../layers/index.js";
import { crossEntropy } from "../../losses/index.js";
import { Adam } from "../../optim/index.js";
import { EarlyStopping, ModelCheckpoint, Trainer } from "../index.js";
import type { Callback, FitOptions, History, ModelCheckpointOptions, TrainEvent, TrainingCallback, TrainingContext } from "../index.js";
import { moons, weights } from "../test-session.js";
import type { Batch } from "../types.js";

const data = moons(40, 1);

let parent: string;
let dir: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "dl-best-"));
  dir = join(parent, "best");
});
afterEach(() => rm(parent, { recursive: true, force: true }));

interface Outcome {
  readonly model: MLP;
  readonly history: History;
  readonly seen: readonly unknown[];
}

/** Counts epochs, over resumes too, and notes the weights after each. */
class Epochs implements TrainingCallback {
  readonly name = "epochs";
  readonly seen: unknown[] = [];
  done = 0;

  on(event: TrainEvent, { model }: TrainingContext): undefined {
    if (event.type !== "epoch") return;
    this.done += 1;
    this.seen.push(weights(model));
  }

  stateDict(): unknown { return this.done; }
  loadStateDict(state: unknown): void { this.done = Number(state); }
}

/** A training whose validation losses follow a script by epoch. */
async function scripted(losses: readonly number[], callbacks: readonly Callback[], options: FitOptions<Batch> = {}): Promise<Outcome> {
  manualSeed(3);
  const model = new MLP([2, 4, 2]);
  const epochs = new Epochs();
  const trainer = new Trainer({
    model,
    optimizer: new Adam(model.parameters(), { lr: 0.05 }),
    loss: (output, target) => (model.training ? crossEntropy(output, target) : tensor(losses[epochs.done])),
    callbacks: [...callbacks, epochs],
  });
  const history = await trainer.fit([data], { epochs: losses.length, validation: [data], ...options });
  return { model, history, seen: epochs.seen };
}

const index = async (): Promise<unknown> => JSON.parse(await readFile(join(dir, "best.json"), "utf8"));
const folders = async (): Promise<string[]> => (await readdir(dir)).sort();
const checkpointing = (options: Partial<ModelCheckpointOptions> = {}): ModelCheckpoint => new ModelCheckpoint({ dir, ...options });

describe("ModelCheckpoint", () => {
  test("keeps the best epoch", async () => {
    const callback = checkpointing();
    const { seen } = await scripted([5, 3, 4, 2, 6], [callback]);
    expect(await folders()).toStrictEqual(["best-0004", "best.json"]);
    expect(await index()).toStrictEqual({ monitor: "valLoss", mode: "min", best: [{ folder: "best-0004", epoch: 4, step: 4, value: 2 }] });
    const model = new MLP([2, 4, 2]);
    model.loadStateDict((await loadCheckpoint(join(dir, "best-0004"))).weights);
    expect(weights(model)).toStrictEqual(seen[3]);
    expect(callback.kept.map(({ epoch }) => epoch)).toStrictEqual([4]);
  });

  test("keeps the top k in order, the earlier of equal ones, and never NaN", async () => {
    await scripted([NaN, 5, 3, 5, 4, 3, 9], [checkpointing({ saveTopK: 3 })]);
    expect(await folders()).toStrictEqual(["best-0003", "best-0005", "best-0006", "best.json"]);
    expect(await index()).toMatchObject({ best: [{ epoch: 3, value: 3 }, { epoch: 6, value: 3 }, { epoch: 5, value: 4 }] });
  });

  test("large values may be good, and assets go along", async () => {
    await scripted([1, 7, 3], [checkpointing({ mode: "max", assets: { "classes.txt": "up\ndown" } })]);
    expect(await folders()).toStrictEqual(["best-0002", "best.json"]);
    expect([...(await loadCheckpoint(join(dir, "best-0002"))).assets.keys()]).toStrictEqual(["classes.txt"]);
  });

  test("its checkpoints resume: the training goes on as it did, other callbacks' states included", async () => {
    const losses = [5, 3, 4, 2, 6, 7];
    const whole = await scripted(losses, [new EarlyStopping({ patience: 9 }), checkpointing({ saveTopK: 2 })]);
    expect(await folders()).toStrictEqual(["best-0002", "best-0004", "best.json"]);
    const wanted = await index();
    const early = new EarlyStopping({ patience: 9 });
    const resumed = await scripted(losses, [checkpointing({ saveTopK: 2 }), early], { resume: join(dir, "best-0002") });
    expect(resumed.history).toStrictEqual(whole.history);
    expect(weights(resumed.model)).toStrictEqual(weights(whole.model));
    expect(early.bestEpoch).toBe(4);
    expect(await index()).toStrictEqual(wanted);
    expect(await folders()).toStrictEqual(["best-0002", "best-0004", "best.json"]);
  });

  test("a resumed training removes the checkpoints of a future that did not happen", async () => {
    await scripted([5, 3, 4, 2], [checkpointing({ saveTopK: 2 })]);
    expect(await folders()).toStrictEqual(["best-0002", "best-0004", "best.json"]);
    await scripted([5, 3, 9, 9], [checkpointing({ saveTopK: 2 })], { resume: join(dir, "best-0002") });
    // best-0001 was dropped for epoch 4 before, and cannot come back.
    expect(await folders()).toStrictEqual(["best-0002", "best-0003", "best.json"]);
  });

  test("never replaces the checkpoints of another training, nor an index that it cannot read", async () => {
    await scripted([5], [checkpointing()]);
    await expect(scripted([4], [checkpointing()])).rejects.toThrow(StateError);
    await expect(scripted([4], [checkpointing()])).rejects.toThrow(/holds the best checkpoints of another training/);
    expect(existsSync(join(dir, "best-0001", "state.json"))).toBe(true);
    for (const text of ["{ half", "[]", '{ "best": [{ "folder": "../../home" }] }']) {
      await writeFile(join(dir, "best.json"), text);
      await expect(scripted([4], [checkpointing()])).rejects.toThrow(FormatError);
    }
  });

  test("what fit does not report is refused with what it does", async () => {
    await expect(scripted([1], [checkpointing({ monitor: "testLoss" })])).rejects.toThrow(/ModelCheckpoint: unknown metric "testLoss"; known are trainLoss, valLoss/);
    expect(existsSync(dir)).toBe(false);
  });

  test.each<[string, object, new (...args: never[]) => Error, RegExp]>([
    ["no checkpoint at all", { saveTopK: 0 }, ValueError, /saveTopK is 0/],
    ["a metric without a mode", { monitor: "trainAccuracy" }, ValueError, /Give mode/],
    ["an unknown option", { topK: 1 }, UnknownNameError, /unknown option "topK"/],
  ])("refuses %s", (_, options, error, message) => {
    expect(() => checkpointing(options)).toThrow(error);
    expect(() => checkpointing(options)).toThrow(message);
  });
});
