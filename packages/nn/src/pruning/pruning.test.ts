import { backward } from "@dl/autograd";
import { UnknownNameError, ValueError, createRegistry } from "@dl/registry";
import { Generator, randn, tensor } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadModel, saveModel, unpackCheckpoint } from "../io/index.js";
import { Conv2d, Flatten, Linear, ReLU, Sequential } from "../layers/index.js";
import { mseLoss } from "../losses/index.js";
import { Adam } from "../optim/index.js";
import { nn } from "../plugin.js";
import { Trainer } from "../train/index.js";
import { GradualPruning, Pruned, prune } from "./index.js";

const registry = createRegistry(nn);

const net = (): Sequential => new Sequential(new Conv2d(1, 4, 3, { generator: new Generator(1) }), new ReLU(), new Flatten(), new Linear(16, 5, { generator: new Generator(2) }));
const images = randn([6, 1, 4, 4], { generator: new Generator(3) });
const maskOf = (layer: unknown): number[] => (layer instanceof Pruned ? [...layer.mask.dataSync()] : []);

function hand(): Linear {
  const layer = new Linear(3, 2, { bias: false });
  layer.weight.assign(tensor([[0.5, -3, 0.1], [-0.2, 2, 1]]));
  return layer;
}

describe("CNN-05 prune.magnitude", () => {
  test("hides the smallest weights, whatever their sign, and computes with the rest", async () => {
    const model = new Sequential(hand());
    await prune.magnitude(model, { sparsity: 0.5 });
    expect(maskOf(model[0])).toStrictEqual([0, 1, 0, 0, 1, 1]);
    expect(model.forward(tensor([[1, 1, 1]])).toArray()).toStrictEqual([[-3, 3]]);
  });

  test("hides exactly round(sparsity · size) weights, and reports them", async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), async (inputs, outputs, sparsity) => {
      const model = new Sequential(new Linear(inputs, outputs, { generator: new Generator(5) }));
      await prune.magnitude(model, { sparsity });
      const hidden = Math.round(sparsity * inputs * outputs);
      expect(await prune.sparsity(model)).toStrictEqual({ layers: [{ path: "0", zeros: hidden, size: inputs * outputs }], zeros: hidden, size: inputs * outputs, sparsity: hidden / (inputs * outputs) });
    }));
  });

  test("pruning again hides more, and never shows what was hidden", async () => {
    const model = net();
    await prune.magnitude(model, { sparsity: 0.25 });
    const before = [...model].flatMap(maskOf);
    await prune.magnitude(model, { sparsity: 0.75 });
    const after = [...model].flatMap(maskOf);
    expect(after.filter((shown) => shown === 0)).toHaveLength(0.75 * after.length);
    expect(before.every((shown, i) => shown === 1 || after[i] === 0)).toBe(true);
  });

  test("global lets layers compete: here all that goes stands in the layer of small weights", async () => {
    const model = new Sequential(new Linear(4, 4, { generator: new Generator(1) }), new Linear(4, 4, { generator: new Generator(2) }));
    model[0].parameters()[0].assign(model[0].parameters()[0].mul(100));
    await prune.magnitude(model, { sparsity: 0.5, global: true });
    expect((await prune.sparsity(model)).layers.map(({ zeros }) => zeros)).toStrictEqual([0, 16]);
  });
});

test("CNN-05 prune.structured hides whole outputs, or inputs, of the smallest norm", async () => {
  const rows = new Sequential(hand());
  await prune.structured(rows, { sparsity: 0.5 });
  expect(maskOf(rows[0])).toStrictEqual([1, 1, 1, 0, 0, 0]);
  const columns = new Sequential(hand());
  await prune.structured(columns, { sparsity: 2 / 3, dim: 1, norm: 1 });
  expect(maskOf(columns[0])).toStrictEqual([0, 1, 0, 0, 1, 0]);
  await expect(prune.structured(net(), { sparsity: 0.5, dim: 3 })).rejects.toThrow('dim is 3, the weight of "3" has 2');
});

test("prune.random repeats with its seed", async () => {
  const masks = await Promise.all([4, 4, 5].map(async (seed) => {
    const model = net();
    await prune.random(model, { sparsity: 0.4, generator: new Generator(seed) });
    return [...model].flatMap(maskOf);
  }));
  expect(masks[1]).toStrictEqual(masks[0]);
  expect(masks[2]).not.toStrictEqual(masks[0]);
});

describe("a pruned model", () => {
  test("learns on with the optimizer that it had, hidden weights stay out", async () => {
    const model = net();
    const optimizer = new Adam(model.parameters(), { lr: 0.05 });
    const step = (): void => {
      optimizer.zeroGrad();
      backward(mseLoss(model.forward(images), randn([6, 5], { generator: new Generator(9) })));
      optimizer.step();
    };
    step();
    await prune.magnitude(model, { sparsity: 0.5 });
    const { zeros } = await prune.sparsity(model);
    const before = model.forward(images).dataSync();
    for (let i = 0; i < 3; i++) step();
    expect((await prune.sparsity(model)).zeros).toBe(zeros);
    expect(model.forward(images).dataSync()).not.toStrictEqual(before);
    const [layer] = [...model].filter((own) => own instanceof Pruned);
    expect([...layer.layer.parameters()[0].grad?.dataSync() ?? []].every((slope, i) => slope === 0 || maskOf(layer)[i] === 1)).toBe(true);
  });

  test("survives its files, mask and all", async () => {
    const model = net();
    await prune.magnitude(model, { sparsity: 0.5 });
    const again = registry.build(JSON.parse(JSON.stringify(model))) as Sequential;
    loadModel(again, await saveModel(model));
    expect(again.forward(images).dataSync()).toStrictEqual(model.forward(images).dataSync());
    expect(await prune.sparsity(again)).toStrictEqual(await prune.sparsity(model));
  });

  test("prune.remove leaves plain layers with zeros that compute the same", async () => {
    const model = net();
    const plain = JSON.stringify(model);
    await prune.magnitude(model, { sparsity: 0.5 });
    const wanted = model.forward(images).dataSync();
    prune.remove(model);
    expect(JSON.stringify(model)).toBe(plain);
    expect(model.forward(images).dataSync()).toStrictEqual(wanted);
    expect([...model.parameters()[0].dataSync()].filter((value) => value === 0)).toHaveLength(18);
  });

  test("a single layer becomes a pruned one, and back", async () => {
    const layer = hand();
    const pruned = await prune.magnitude(layer, { sparsity: 0.5 });
    expect(pruned).toBeInstanceOf(Pruned);
    expect(prune.remove(pruned)).toBe(layer);
  });
});

describe("GradualPruning", () => {
  test("hides more and more, and ever more slowly (Zhu & Gupta)", () => {
    const schedule = new GradualPruning({ sparsity: 0.8, begin: 1, end: 5 });
    expect([0, 1, 2, 3, 5, 9].map((epoch) => schedule.sparsityAfter(epoch))).toStrictEqual([0, 0, 0.8 - 0.8 * 0.75 ** 3, 0.8 - 0.8 * 0.5 ** 3, 0.8, 0.8]);
  });

  test("reaches its share in a training", async () => {
    const model = net();
    const batches = [{ x: images, y: randn([6, 5], { generator: new Generator(9) }) }];
    const trainer = new Trainer({ model, optimizer: new Adam(model.parameters()), loss: mseLoss, callbacks: [new GradualPruning({ sparsity: 0.5, end: 2 })] });
    await trainer.fit(batches, { epochs: 3 });
    expect((await prune.sparsity(model)).sparsity).toBe(0.5);
  });

  test("goes on from a checkpoint, in a model that has no masks yet, as if it had never stopped", async () => {
    const batches = [{ x: images, y: randn([6, 5], { generator: new Generator(9) }) }];
    const trainer = (): Trainer => {
      const model = net();
      return new Trainer({ model, optimizer: new Adam(model.parameters()), loss: mseLoss, callbacks: [new GradualPruning({ sparsity: 0.8, end: 4 })] });
    };
    const [whole, half, rest] = [trainer(), trainer(), trainer()];
    await whole.fit(batches, { epochs: 4 });
    const run = half.fit(batches, { epochs: 2 });
    await run;
    await rest.fit(batches, { epochs: 4, resume: await unpackCheckpoint(await run.pack()) });
    expect(rest.predict(images).dataSync()).toStrictEqual(whole.predict(images).dataSync());
    expect((await prune.sparsity(rest.model)).sparsity).toBeCloseTo(0.8, 1);
  });
});

test("what is hidden stays hidden, by whatever way more is asked for", async () => {
  const model = new Sequential(hand());
  await prune.magnitude(model, { sparsity: 0.5 });
  for (const again of [() => prune.magnitude(model, { sparsity: 0.1 }), () => prune.structured(model, { sparsity: 0 }), () => prune.random(model, { sparsity: 0.2 }), () => prune.magnitude(model, { sparsity: 0, global: true })]) {
    await again();
    expect(maskOf(model[0])).toStrictEqual([0, 1, 0, 0, 1, 1]);
  }
});

test("what does not fit is named", async () => {
  await expect(prune.magnitude(net(), { sparsity: 1.5 })).rejects.toThrow(ValueError);
  await expect(prune.magnitude(net(), { sparsity: 0.5, pattern: "conv" })).rejects.toThrow('the pattern conv matches none of "0", "3"');
  await expect(prune.magnitude(new Sequential(new ReLU()), { sparsity: 0.5 })).rejects.toThrow(UnknownNameError);
  expect(() => new Pruned(new ReLU())).toThrow('ReLU has no parameter "weight"');
  expect(() => { new Pruned(hand()).setMask(tensor([1, 0])); }).toThrow("the mask has shape [2] for a weight of shape [2, 3]");
  expect(() => new GradualPruning({ sparsity: 0.2, initial: 0.5, end: 3 })).toThrow("What is hidden stays hidden");
});
