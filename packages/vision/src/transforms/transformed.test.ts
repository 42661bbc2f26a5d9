import { DataLoader, TensorDataset, type Batch, type DataLoaderState } from "@dl/data";
import { Generator, arange, rand, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Compose, MixUp, RandomAffine, RandomCrop, RandomHorizontalFlip, transformed, type TransformedOptions } from "./index.js";

const values = (x: Tensor): number[] => Array.from(x.dataSync());
const data = new TensorDataset({ x: rand([20, 1, 6, 6], { generator: new Generator(1) }), y: arange(0, 20, 1, { dtype: "int32" }) });
const augment = new Compose([new RandomHorizontalFlip(), new RandomCrop(6, { padding: 2 }), new RandomAffine(20)]);

async function epoch(loader: DataLoader<Batch>): Promise<{ x: number[]; y: number[] }[]> {
  const batches: { x: number[]; y: number[] }[] = [];
  for await (const { x, y } of loader) batches.push({ x: values(x), y: values(y) });
  return batches;
}

describe("CNN-06 SYS-07 transformed data sets", () => {
  const shuffled = (options: TransformedOptions): DataLoader<Batch> =>
    new DataLoader(transformed(data, augment, options), { batchSize: 5, shuffle: true, seed: 3 });

  test("every epoch draws anew, by the seed alone; labels stay with their pictures", async () => {
    const loader = shuffled({ seed: 1 });
    const [first, second] = [await epoch(loader), await epoch(loader)];
    expect(await epoch(shuffled({ seed: 1 }))).toEqual(first);
    expect(await epoch(shuffled({ seed: 2 }))).not.toEqual(first);
    expect(second.map(({ x }) => x)).not.toEqual(first.map(({ x }) => x));
    expect(first.flatMap(({ y }) => y).sort((a, b) => a - b)).toEqual(values(data.y));
    expect(transformed(data, augment)).toHaveLength(20);
    // Every shown picture is made of pixels of its own.
    for (const { x, y } of first) {
      y.forEach((label, n) => {
        const own = new Set([0, ...values(data.x.select(0, label))]);
        expect(x.slice(36 * n, 36 * (n + 1)).every((value) => own.has(value))).toBe(true);
      });
    }
  });

  test("a resumed training draws what it would have drawn, whatever was drawn before", async () => {
    const whole = shuffled({});
    const [seen, states]: [unknown[], DataLoaderState[]] = [[], []];
    for (let e = 0; e < 2; e++) {
      for await (const { x } of whole) {
        seen.push(values(x));
        states.push(whole.stateDict());
      }
    }
    for (const [done, state] of states.entries()) {
      const resumed = shuffled({});
      resumed.loadStateDict(state);
      const rest = [];
      for (let e = state.epoch; e < 2; e++) rest.push(...(await epoch(resumed)));
      expect(rest.map(({ x }) => x)).toEqual(seen.slice(done + 1));
    }
  });

  test("batches that are the same in every epoch differ where the epoch is told", async () => {
    const inOrder = (told: boolean): DataLoader<Batch> => {
      const options = told ? { epoch: () => loader.stateDict().epoch } : {};
      const loader: DataLoader<Batch> = new DataLoader(transformed(data, augment, options), { batchSize: 5, prefetch: 2 });
      return loader;
    };
    const silent = inOrder(false);
    expect(await epoch(silent)).toEqual(await epoch(silent));
    const told = inOrder(true);
    const [first, second] = [await epoch(told), await epoch(told)];
    expect(second).not.toEqual(first);
    const resumed = inOrder(true);
    resumed.loadStateDict({ seed: 0, epoch: 1, position: 5 });
    expect(await epoch(resumed)).toEqual(second.slice(1));
  });

  test("masks move with their pictures", async () => {
    const x = rand([8, 1, 6, 6], { generator: new Generator(2) }).gt(0.5).to("float32");
    const pairs = new TensorDataset({ x, y: x.squeeze(1).mul(5).to("uint8") });
    const { x: images, y: masks } = await transformed(pairs, augment, { target: "mask" }).batch([1, 5, 6]);
    expect([masks.dtype, masks.shape]).toEqual(["uint8", [3, 6, 6]]);
    expect(values(masks)).toEqual(values(images).map((value) => 5 * value));
    expect(values(images)).not.toEqual(values(pairs.batch([1, 5, 6]).x));
  });

  test("MixUp takes batches too, and sources may be waited for", async () => {
    const slow = { length: 20, batch: async (indices: ArrayLike<number>): Promise<Batch> => Promise.resolve(data.batch(indices)) };
    const { x, y } = await transformed(transformed(slow, augment), new MixUp(20)).batch([3, 4, 5]);
    expect([x.shape, y.shape]).toEqual([[3, 1, 6, 6], [3, 20]]);
    expect(y.sum().item()).toBeCloseTo(3, 5);
    const masks: object = { target: "masks" };
    expect(() => transformed(data, augment, masks)).toThrow('target is "masks"');
    expect(() => transformed(data, augment, { seed: 0.5 })).toThrow("seed is 0.5");
    expect(() => transformed(data, augment).batch([20])).toThrow("index 20");
  });
});
