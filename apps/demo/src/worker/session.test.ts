import { digitsMlp, softmaxRegression } from "@dl/recipes";
import { drawnDigits, digits, unzip } from "@dl/data";
import { BackendError } from "@dl/registry";
import { createReferenceBackend, type Backend, type BackendFactory } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Offers } from "./offer.js";
import type { Settings, Update } from "./protocol.js";
import { Session } from "./session.js";

const small = { ...drawnDigits, generate: () => digits({ train: 200, test: 50 }) };
const settings: Settings = { recipe: "softmax-regression", data: "small", backend: "reference", seed: 1, options: { epochs: 2, batchSize: 50 } };

/** Gives others a turn while it reads, as GPUs do. */
const acme: BackendFactory = {
  name: "acme",
  isAvailable: () => true,
  create: () => {
    const backend = createReferenceBackend();
    const read: Backend["read"] = async (...view) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return backend.read(...view);
    };
    return { ...backend, name: "acme", read };
  },
};

const nowhere: BackendFactory = { name: "nowhere", isAvailable: () => false, create: () => { throw new BackendError("nowhere", "there is no such device", "Buy one"); } };

/** A session on 200 digits that remembers what it told. */
function listening() {
  const told: Update[] = [];
  let changed = (): void => undefined;
  const recipe = { ...softmaxRegression, datasets: ["small"] as const };
  const offers = new Offers(Promise.resolve({ recipes: { "softmax-regression": recipe, "digits-mlp": { ...digitsMlp, datasets: ["small"] } }, datasets: { small }, backends: { acme, nowhere } }));
  const session = new Session(offers, (update) => {
    told.push(update);
    changed();
  });
  const phase = async (wanted: string): Promise<void> => {
    while (!told.some((update) => update.type === "phase" && update.phase === wanted)) await new Promise<void>((resolve) => { changed = resolve; });
  };
  const losses = (): number[] => told.flatMap((update) => (update.type === "steps" ? update.points.map(({ loss }) => loss) : []));
  return { session, told, phase, losses, ready: offers.whole };
}

const weightsOf = async ({ session }: { readonly session: Session }) => unzip(await session.save()).get("model.safetensors");

describe("a session", () => {
  test("trains to the end, and judges after each epoch", async () => {
    const { session, told, phase, losses, ready } = listening();
    await ready;
    const { epochs, stepsPerEpoch, parameters, samples, layers } = await session.prepare(settings);
    expect({ epochs, stepsPerEpoch, parameters, samples }).toStrictEqual({ epochs: 2, stepsPerEpoch: 4, parameters: 7850, samples: { train: 200, test: 50 } });
    expect(layers.map(({ type }) => type)).toStrictEqual(["nn/Sequential", "nn/Flatten", "nn/Linear"]);
    session.start();
    await phase("completed");
    expect(losses()).toHaveLength(8);
    const judgements = told.flatMap((update) => (update.type === "judgement" ? [update.judgement] : []));
    expect(judgements.map(({ epoch }) => epoch)).toStrictEqual([1, 2]);
    const [, { report, wrong, mistakes, targets }] = judgements;
    expect(wrong).toBe(Math.round(50 * (1 - report.accuracy)));
    expect(mistakes.length).toBe(Math.min(24, wrong));
    expect([targets.length, mistakes[0].pixels.length]).toStrictEqual([50, 784]);
  });

  test("offers what the registry has besides: a backend of somebody else's, and why another one is not there", async () => {
    const { session, ready } = listening();
    await ready;
    const [facts, again] = await Promise.all([session.backends(), session.backends()]);
    expect(again).toStrictEqual(facts);
    expect(facts.map(({ name }) => name)).toStrictEqual(["wasm", "webgpu", "webgl2", "reference", "acme", "nowhere"]);
    expect(facts.at(-2)).toStrictEqual({ name: "acme", label: "acme", available: true, notes: [] });
    expect(facts.at(-1)).toStrictEqual({ name: "nowhere", label: "nowhere", available: false, notes: ["there is no such device"] });
    expect((await session.prepare({ ...settings, backend: "acme" })).backend).toStrictEqual({ name: "acme", label: "acme", available: true, notes: ["1 thread"] });
  });

  test("one step at a time, then on, then stopped", async () => {
    const { session, told, phase, losses, ready } = listening();
    await ready;
    await session.prepare(settings);
    session.step();
    await phase("paused");
    expect(losses()).toHaveLength(1);
    told.length = 0;
    session.step();
    while (losses().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(losses()).toHaveLength(1);
    session.start();
    session.stop();
    await phase("stopped");
    expect(losses().length).toBeLessThan(8);
  });

  test("asked and saved while it trains, it ends with the same weights, and so does what was saved", async () => {
    const mlp = { ...settings, backend: "acme", recipe: "digits-mlp", options: { epochs: 2, batchSize: 10, hidden: 16, dropout: 0.5 } };
    const [alone, asked, later] = [listening(), listening(), listening()];
    for (const own of [alone, asked, later]) await own.ready;
    await alone.session.prepare(mlp);
    alone.session.start();
    await alone.phase("completed");
    await asked.session.prepare(mlp);
    asked.session.start();
    const ask = async (): Promise<void> => { for (let i = 0; i < 20; i++) await asked.session.predict(new Float32Array(784)); };
    const [bytes] = await Promise.all([asked.session.save(), ask()]);
    await asked.phase("completed");
    expect((await later.session.load(new Map([["checkpoint.zip", bytes]]), "acme")).done.steps).toBeGreaterThan(0);
    later.session.start();
    await later.phase("completed");
    expect(await weightsOf(asked)).toStrictEqual(await weightsOf(alone));
    expect(await weightsOf(later)).toStrictEqual(await weightsOf(alone));
  });

  test("what is saved half-way goes on elsewhere to the same weights", async () => {
    const [whole, first, second] = [listening(), listening(), listening()];
    for (const own of [whole, first, second]) await own.ready;
    await whole.session.prepare(settings);
    whole.session.start();
    await whole.phase("completed");
    await first.session.prepare(settings);
    first.session.step();
    await first.phase("paused");
    const bytes = await first.session.save();
    const prepared = await second.session.load(new Map([["checkpoint.zip", bytes]]), "reference");
    expect(prepared).toMatchObject({ settings: { recipe: "softmax-regression", seed: 1 }, done: { epochs: 0, steps: 1 } });
    second.session.start();
    await second.phase("completed");
    expect(await weightsOf(second)).toStrictEqual(await weightsOf(whole));
    expect(await whole.session.predict(new Float32Array(784))).toHaveLength(10);
  });

  test("says what is wrong with settings and files", async () => {
    const { session, phase, told, ready } = listening();
    await ready;
    expect(() => { session.start(); }).toThrow("there is no training yet");
    const [overtaken, last] = await Promise.allSettled([session.prepare(settings), session.prepare({ ...settings, seed: 2 })]);
    expect([overtaken.status, last.status]).toStrictEqual(["rejected", "fulfilled"]);
    await expect(session.prepare({ ...settings, recipe: "softmax" })).rejects.toThrow('unknown recipe "softmax"');
    await expect(session.prepare({ ...settings, options: { lr: -1 } })).rejects.toThrow("lr is -1");
    await expect(session.prepare({ ...settings, backend: "cuda" })).rejects.toThrow('unknown backend "cuda"');
    await expect(session.load(new Map([["x.zip", Uint8Array.of(1, 2)]]), "reference")).rejects.toThrow("there is no zip directory");
    await session.prepare({ ...settings, options: { ...settings.options, lr: 100 } });
    session.start();
    await Promise.race([phase("diverged"), phase("completed")]);
    expect(told.some((update) => update.type === "phase" && update.phase === "failed")).toBe(false);
  });
});
