import { backward } from "@dl/autograd";
import { StateError, UnknownNameError, ValueError, createRegistry } from "@dl/registry";
import { Generator, randn, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packCheckpoint, saveCheckpoint, unpackCheckpoint } from "../io/index.js";
import { BatchNorm2d, Conv2d, Dropout, Flatten, Linear, ReLU, Sequential } from "../layers/index.js";
import { crossEntropy } from "../losses/index.js";
import type { Module } from "../module/index.js";
import { AdamW, SGD } from "../optim/index.js";
import { nn } from "../plugin.js";
import { tensorsBefore } from "../summary/tape.js";
import { Trainer } from "../train/index.js";
import { GradualUnfreezing, discriminativeGroups, freeze, freezeUntil, loadMatching, loadPretrained, replaceHead, trainability, unfreeze } from "./index.js";

const registry = createRegistry(nn);
const images = randn([8, 1, 6, 6], { generator: new Generator(1) });
const labels = tensor([0, 1, 2, 0, 1, 2, 0, 1], { dtype: "int32" });

const block = (from: number, to: number, generator: Generator): Sequential => new Sequential(new Conv2d(from, to, 3, { padding: 1, generator }), new BatchNorm2d(to), new ReLU(), new Dropout(0.2, { generator }));

function net(seed = 3): Sequential {
  const generator = new Generator(seed);
  return new Sequential(block(1, 4, generator), block(4, 6, generator), new Flatten(), new Linear(216, 3, { generator }));
}

const bits = (model: Module): Map<string, number[]> => new Map([...model.stateDict()].map(([key, value]) => [key, [...value.dataSync()]]));
const changed = (before: Map<string, number[]>, model: Module): string[] => [...bits(model)].flatMap(([key, values]) => (String(values) === String(before.get(key)) ? [] : [key]));

const trainerOf = (model: Sequential, lr = 0.01): Trainer => new Trainer({ model, optimizer: new AdamW(model.parameters(), { lr }), loss: (logits: Tensor, y: Tensor) => crossEntropy(logits, y) });

describe("FT-02 method 1: all weights go on learning", () => {
  test("every tensor changes after one step", async () => {
    const model = net();
    const before = bits(model);
    await trainerOf(model).fit([{ x: images, y: labels }]);
    expect(changed(before, model)).toStrictEqual([...before.keys()]);
  });
});

describe("FT-03 method 2: the base is frozen", () => {
  test("after five epochs frozen tensors and running statistics are the same bits, the head is another", async () => {
    const model = freeze(net(), /^[01]\./);
    const before = bits(model);
    await trainerOf(model).fit([{ x: images, y: labels }], { epochs: 5 });
    expect(changed(before, model)).toStrictEqual(["3.weight", "3.bias"]);
  });

  test("nothing is recorded, computed or stored for what is frozen", () => {
    const model = freeze(net(), /^[01]\./);
    const loss = crossEntropy(model.train().forward(images), labels);
    const names = tensorsBefore([loss]).flatMap(({ origin }) => (origin === null ? [] : [origin.name]));
    expect(names.some((name) => name.includes("conv"))).toBe(false);
    expect(names.some((name) => name.includes("linear") || name.includes("matmul"))).toBe(true);
    backward(loss);
    expect(model.namedParameters().flatMap(([key, { grad }]) => (grad === null ? [] : [key]))).toStrictEqual(["3.weight", "3.bias"]);
  });

  test("a frozen part stays in evaluation when the model is trained, until it is unfrozen", () => {
    const model = freeze(net(), "0").train();
    const modes = (): boolean[] => [model[0], model[1]].flatMap((part) => part.children().map(({ training }) => training));
    expect(modes()).toStrictEqual([false, false, true, true, true, true, true, true]);
    unfreeze(model, "0");
    expect(modes()).toStrictEqual(Array.from({ length: 8 }, () => true));
    expect(trainability(model).frozen).toBe(0);
  });

  test("a layer of which a part is learnt is trained", () => {
    const model = freeze(net(), "0.1.weight").train();
    expect(model[0].children()[1].training).toBe(true);
  });
});

describe("FT-04 method 3: lower parts are frozen", () => {
  test("freezeUntil: what stands before learns nothing, running statistics included", async () => {
    const model = freezeUntil(net(), "1");
    expect(trainability(model)).toMatchObject({ frozen: 4 * 9 + 4 + 8, trainable: 6 * 4 * 9 + 6 + 12 + 216 * 3 + 3, frozenKeys: ["0.0.weight", "0.0.bias", "0.1.weight", "0.1.bias"] });
    const before = bits(model);
    await trainerOf(model).fit([{ x: images, y: labels }], { epochs: 2 });
    expect(changed(before, model)).toStrictEqual([...before.keys()].filter((key) => !key.startsWith("0.")));
  });

  test("discriminative learning rates: each group moves by its own", () => {
    const model = net();
    const groups = discriminativeGroups(model, { lr: 0.1, factor: 10 });
    expect(groups.map(({ lr, params }) => [Number(lr.toFixed(6)), params.length])).toStrictEqual([[0.001, 4], [0.01, 4], [0.1, 2]]);
    const optimizer = new SGD(groups);
    const before = model.parameters().map((p) => p.detach());
    backward(crossEntropy(model.forward(images), labels));
    const slopes = model.parameters().map((p) => p.grad);
    optimizer.step();
    model.parameters().forEach((p, i) => {
      const lr = [0.001, 0.001, 0.001, 0.001, 0.01, 0.01, 0.01, 0.01, 0.1, 0.1][i];
      const step = before[i].sub(p).sub(slopes[i]?.mul(lr) ?? 0).abs().max().item();
      expect(step).toBeLessThan(1e-6);
    });
    expect(discriminativeGroups(freeze(net(), "0"), { lr: 1 }).map(({ lr }) => lr)).toStrictEqual([1 / 2.6, 1]);
  });

  test("GradualUnfreezing: one part more each epoch, from the head down", async () => {
    const model = net();
    const learnt: number[] = [];
    const trainer = new Trainer({
      model, optimizer: new SGD(model.parameters(), { lr: 0.01 }), loss: (logits: Tensor, y: Tensor) => crossEntropy(logits, y),
      callbacks: [new GradualUnfreezing(), (event) => { if (event.type === "step") learnt.push(trainability(model).trainableKeys.length); return undefined; }],
    });
    await trainer.fit([{ x: images, y: labels }], { epochs: 4 });
    expect(learnt).toStrictEqual([2, 6, 10, 10]);
  });

  test("GradualUnfreezing goes on where a checkpoint stands", async () => {
    const learnt: number[] = [];
    const session = (): Trainer => {
      const model = net();
      return new Trainer({
        model, optimizer: new SGD(model.parameters(), { lr: 0.01 }), loss: (logits: Tensor, y: Tensor) => crossEntropy(logits, y),
        callbacks: [new GradualUnfreezing(), (event) => { if (event.type === "step") learnt.push(trainability(model).trainableKeys.length); return undefined; }],
      });
    };
    const run = session().fit([{ x: images, y: labels }], { epochs: 1 });
    await run;
    await session().fit([{ x: images, y: labels }], { epochs: 2, resume: await unpackCheckpoint(await run.pack()) });
    expect(learnt).toStrictEqual([2, 6]);
  });
});

describe("FT-01 loadPretrained and replaceHead", () => {
  test("a checkpoint's folder, and its files, give the model back; a new head leaves the rest", async () => {
    const dir = await mkdtemp(join(tmpdir(), "dl-pretrained-"));
    try {
      const model = net().eval();
      await saveCheckpoint(join(dir, "net"), { model });
      const loaded = await loadPretrained(join(dir, "net"), { registry });
      expect(loaded.training).toBe(false);
      expect(loaded.forward(images).dataSync()).toStrictEqual(model.forward(images).dataSync());
      const files = await loadPretrained(await packCheckpoint({ model }), { registry });
      replaceHead(files, 5, { generator: new Generator(1) });
      expect(files.forward(images).shape).toStrictEqual([8, 5]);
      expect(JSON.stringify(files)).toContain('[216,5');
      const [before, after] = [bits(model), bits(files)];
      expect([...after].flatMap(([key, values]) => (String(before.get(key)) === String(values) ? [] : [key]))).toStrictEqual(["3.weight", "3.bias"]);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  test("loadMatching takes what fits and says what it did", () => {
    const target = replaceHead(net(9), 7);
    const { loaded, different, missing, unexpected } = loadMatching(target, net(3).stateDict());
    expect(different).toStrictEqual(["3.weight", "3.bias"]);
    expect([loaded.length, missing, unexpected]).toStrictEqual([14, [], []]);
    expect(bits(target).get("0.0.weight")).toStrictEqual(bits(net(3)).get("0.0.weight"));
  });

  test("the head may be a convolution, or named by its path", () => {
    const maps = new Sequential(new Conv2d(1, 4, 3), new ReLU(), new Conv2d(4, 2, 1));
    expect(replaceHead(maps, 6).forward(images).shape).toStrictEqual([8, 6, 4, 4]);
    expect(replaceHead(net(), 4, { path: "3" }).forward(images).shape).toStrictEqual([8, 4]);
    expect(() => replaceHead(net(), 4, { path: "2" })).toThrow(ValueError);
    expect(() => replaceHead(new Sequential(new ReLU()), 4)).toThrow(StateError);
  });
});

describe("a pattern that matches nothing", () => {
  test.each<[string, () => unknown]>([
    ["freeze", () => freeze(net(), "features")],
    ["unfreeze", () => unfreeze(net(), /^layer/)],
    ["freezeUntil", () => freezeUntil(net(), "features")],
    ["discriminativeGroups", () => discriminativeGroups(net(), { lr: 1, parts: ["0", "4"] })],
  ])("%s says so, and names what there is", (_, call) => {
    expect(call).toThrow(UnknownNameError);
    expect(call).toThrow(/"0/);
  });

  test("and changes nothing", () => {
    const model = net();
    expect(() => freezeUntil(model, "9")).toThrow(UnknownNameError);
    expect(trainability(model).frozen).toBe(0);
  });
});
