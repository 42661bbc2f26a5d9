import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { backward, noGrad } from "@dl/autograd";
import { wasm } from "@dl/backend-wasm";
import { Adam, crossEntropy, Flatten, Layer, Linear, ReLU, Sequential } from "@dl/nn";
import { createReferenceBackend, manualSeed, ones, randint, randn, useBackend } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { afterAll, expect, test } from "vitest";

afterAll(async () => { await useBackend(createReferenceBackend()); });

/** Losses of the last steps, after as many before; batches are the same whatever came before. */
function train(steps: number, visit: (step: number) => void): number[] {
  manualSeed(1);
  const model = new Sequential(new Linear(64, 64), new ReLU(), new Linear(64, 10));
  const optimizer = new Adam(model.parameters());
  const [x, y] = [randn([32, 64]), randint(0, 10, [32])];
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = crossEntropy(model.forward(x), y);
    optimizer.zeroGrad();
    backward(loss);
    optimizer.step();
    noGrad(() => model.forward(x).argmax(1));
    if (step >= steps - 3) losses.push(loss.item());
    visit(step);
  }
  return losses;
}

test("SYS-06 10,000 synchronous steps of training and inference on the wasm backend: memory stays flat, and the last results are those of a fresh heap", { timeout: 120_000 }, async () => {
  const backend = await wasm({ threads: 1 }).create();
  await useBackend(backend);
  const heap: number[] = [];
  const resident: number[] = [];
  const long = train(10_000, (step) => {
    if (step % 1000 !== 999) return;
    heap.push(backend.info.heap.heapBytes);
    resident.push(process.memoryUsage().rss);
  });
  expect(heap.at(-1)).toBe(heap[4]);
  expect(resident[9]).toBeLessThan(1.5 * resident[4]);
  await useBackend(await wasm({ threads: 1 }).create());
  expect(train(10_000, () => undefined)).toEqual(long);
});

test("a chain that begins with a view of its input gives none of the input's memory back, in inference and in training", async () => {
  await useBackend(wasm({ threads: 1 }));
  const [x, y] = [randn([4, 2, 3]), randint(0, 5, [4])];
  const before = x.clone().dataSync();
  const model = new Sequential(new Flatten(), new Linear(6, 8), new ReLU(), new Linear(8, 5));
  noGrad(() => model.forward(x)).dataSync();
  expect(x.mul(1).dataSync()).toStrictEqual(before);
  for (let step = 0; step < 2; step++) backward(crossEntropy(model.forward(x), y));
  expect(x.mul(1).dataSync()).toStrictEqual(before);
});

/** Keeps what it saw, as a layer of somebody's own may. */
class Curious extends Layer {
  static readonly type = "acme/Curious";
  seen: Tensor | null = null;
  constructor() { super([]); }
  forward(x: Tensor): Tensor {
    this.seen = x;
    return x.mul(2);
  }
}

/** Says that it keeps nothing, which is true of itself. */
class Around extends Layer {
  static readonly type = "acme/Around";
  static readonly keepsNothing = true;
  constructor(readonly inner: Curious) { super([inner]); }
  forward(x: Tensor): Tensor { return this.inner.forward(x); }
}

test("what a layer inside of a block keeps stays readable, whatever the block says of itself", async () => {
  await useBackend(wasm({ threads: 1 }));
  const curious = new Curious();
  const model = new Sequential(new Linear(4, 4), new Around(curious), new Linear(4, 2));
  const x = randn([3, 4]);
  noGrad(() => model.forward(x)).dataSync();
  expect(curious.seen?.dataSync()).toStrictEqual(noGrad(() => model[0].forward(x)).dataSync());
  backward(model.forward(x).sum());
  expect(curious.seen?.dataSync()).toStrictEqual(noGrad(() => model[0].forward(x)).dataSync());
});

test("a formula that waits is forgotten with its tensor, when that is collected", async () => {
  await useBackend(await wasm({ threads: 1 }).create());
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const x = ones([1 << 18]);
  const drop = (): void => { x.mul(2); };
  for (let round = 0; round < 5; round++) {
    drop();
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    collect();
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    expect(x.sum().item()).toBe(1 << 18);
  }
});
