import { UnknownNameError, StateError, ValueError } from "@dl/registry";
import { manualSeed, tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { packCheckpoint, unpackCheckpoint } from "../../io/index.js";
import { MLP } from "../../layers/index.js";
import { crossEntropy } from "../../losses/index.js";
import { EMA, SGD } from "../../optim/index.js";
import { EarlyStopping, Trainer } from "../index.js";
import type { Callback, EarlyStoppingOptions, FitOptions, History } from "../index.js";
import type { Batch } from "../types.js";
import { moons, weights } from "../test-session.js";

const data = moons(40, 1);

interface Outcome {
  readonly model: MLP;
  readonly ema: EMA;
  readonly history: History;
  /** Weights after every epoch. */
  readonly seen: readonly unknown[];
}

/** A training whose validation losses follow a script. */
async function scripted(losses: readonly number[], callbacks: readonly Callback[], options: FitOptions<Batch> = {}): Promise<Outcome> {
  manualSeed(3);
  const model = new MLP([2, 4, 2]);
  const ema = new EMA(model, { decay: 0.5 });
  const seen: unknown[] = [];
  let epoch = 0;
  const trainer = new Trainer({
    model,
    ema,
    optimizer: new SGD(model.parameters(), { lr: 0.5 }),
    loss: (output, target) => (model.training ? crossEntropy(output, target) : tensor(losses[epoch])),
    callbacks: [...callbacks, (event) => { if (event.type === "epoch") { epoch += 1; seen.push(weights(model)); } }],
  });
  const history = await trainer.fit([data], { epochs: losses.length, validation: [data], ...options });
  return { model, ema, history, seen };
}

const script = [5, 4, 3, 3.1, 3.2, 3.3];

describe("EarlyStopping", () => {
  test("CNN-09 with validation losses 5, 4, 3, 3.1, 3.2, 3.3 and patience 2 stops after index 4 and restores the weights of index 2, bit for bit", async () => {
    const callback = new EarlyStopping({ monitor: "valLoss", patience: 2, restoreBestWeights: true });
    const { model, history, seen } = await scripted(script, [callback]);
    expect(history).toMatchObject({ reason: "stopped", steps: 5 });
    expect(history.epochs).toHaveLength(5);
    expect([callback.best, callback.bestEpoch]).toStrictEqual([3, 3]);
    expect(weights(model)).toStrictEqual(seen[2]);
    expect(weights(model)).not.toStrictEqual(seen[4]);
  });

  test("without restoreBestWeights the last weights stay", async () => {
    const { model, seen } = await scripted(script, [new EarlyStopping({ patience: 2 })]);
    expect(seen).toHaveLength(5);
    expect(weights(model)).toStrictEqual(seen[4]);
  });

  test.each<[string, readonly number[], EarlyStoppingOptions, number]>([
    ["patience 0 stops at the first step back", [3, 2, 2.5, 1], { patience: 0 }, 3],
    ["an equal value is no improvement", [3, 3, 3, 3, 3], { patience: 2 }, 3],
    ["exactly minDelta is no improvement", [3, 2.5, 2, 1.5], { patience: 2, minDelta: 1 }, 3],
    ["small improvements add up to minDelta", [3, 2.5, 1.9, 1.8, 1.7, 1.6], { patience: 2, minDelta: 1 }, 5],
    ["less than minDelta is none", [3, 2.9, 2.8, 2.7, 2.6], { patience: 2, minDelta: 0.5 }, 3],
    ["large values may be good", [1, 2, 3, 2, 2, 9], { patience: 2, mode: "max" }, 5],
    ["NaN never improves", [3, NaN, NaN, 1], { patience: 2 }, 3],
    ["the training may end before", [5, 4, 3], { patience: 1 }, 3],
  ])("%s", async (_, losses, options, epochs) => {
    const { history } = await scripted(losses, [new EarlyStopping(options)]);
    expect(history.epochs).toHaveLength(epochs);
  });

  test("a training that runs to its end gets the best weights as well, and the average of that time", async () => {
    const { model, ema, seen, history } = await scripted([3, 2, 4], [new EarlyStopping({ patience: 5, restoreBestWeights: true })]);
    expect(history.reason).toBe("completed");
    expect(weights(model)).toStrictEqual(seen[1]);
    expect(ema.updates).toBe(2);
  });

  test("an aborted training keeps its weights", async () => {
    const controller = new AbortController();
    const abort: Callback = (event) => { if (event.type === "epoch" && event.epoch === 4) controller.abort(); };
    const { model, seen } = await scripted(script, [new EarlyStopping({ patience: 5, restoreBestWeights: true }), abort], { signal: controller.signal });
    expect(seen).toHaveLength(4);
    expect(weights(model)).toStrictEqual(seen[3]);
  });

  test("begins anew with every training", async () => {
    const callback = new EarlyStopping({ patience: 2 });
    await scripted(script, [callback]);
    const { history } = await scripted([9, 8, 7], [callback]);
    expect(history.reason).toBe("completed");
    expect(callback.best).toBe(7);
  });

  test("its state survives a checkpoint: counters, the best value and weights", async () => {
    const callback = new EarlyStopping({ patience: 2, restoreBestWeights: true });
    const { model, seen } = await scripted(script.slice(0, 4), [callback]);
    const { state } = await unpackCheckpoint(await packCheckpoint({ model, state: callback.stateDict() }));
    const copy = new EarlyStopping({ patience: 2, restoreBestWeights: true });
    copy.loadStateDict(state);
    expect([copy.best, copy.bestEpoch]).toStrictEqual([3, 3]);
    expect(JSON.stringify(copy.stateDict())).toBe(JSON.stringify(callback.stateDict()));
    const target = new MLP([2, 4, 2]);
    const context = { model: target, ema: null } as never;
    expect(copy.on({ type: "epoch", epoch: 5, validation: { loss: 3.2 }, train: { loss: 1 } } as never, context)).toBe("stop");
    copy.on({ type: "end", reason: "stopped" } as never, context);
    expect(weights(target)).toStrictEqual(seen[2]);
  });

  test("what fit does not report is refused before the first step, with what it does", async () => {
    const fit = (monitor: string): Promise<unknown> => scripted(script, [new EarlyStopping({ monitor, mode: "max" })]);
    await expect(fit("valAcuracy")).rejects.toThrow(UnknownNameError);
    await expect(fit("valAcuracy")).rejects.toThrow(/EarlyStopping: unknown metric "valAcuracy"; known are trainLoss, valLoss\. Choose/);
    await expect(fit("valLosses")).rejects.toThrow(/Did you mean "valLoss"/);
  });

  test.each<[string, object, new (...args: never[]) => Error, RegExp]>([
    ["half an epoch of patience", { patience: 0.5 }, ValueError, /patience is 0\.5/],
    ["negative patience", { patience: -1 }, ValueError, /patience is -1/],
    ["a negative minDelta", { minDelta: -1 }, ValueError, /minDelta is -1/],
    ["another mode", { mode: "low" }, ValueError, /mode is "low"/],
    ["a metric without a mode", { monitor: "valAccuracy" }, ValueError, /not known whether a small or a large valAccuracy is good/],
    ["an unknown option", { patienc: 1 }, UnknownNameError, /Did you mean "patience"/],
  ])("refuses %s", (_, options, error, message) => {
    expect(() => new EarlyStopping(options)).toThrow(error);
    expect(() => new EarlyStopping(options)).toThrow(message);
  });

  test("refuses the state of something else", () => {
    expect(() => { new EarlyStopping().loadStateDict({ kept: [] }); }).toThrow(StateError);
    expect(() => { new EarlyStopping().loadStateDict(null); }).toThrow(/the state has no "best"/);
  });
});
