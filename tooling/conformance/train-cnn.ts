import { backward } from "@dl/autograd";
import { Conv2d, Linear, Module, SGD, crossEntropy } from "@dl/nn";
import { manualSeed, maxPool2d, randint, randn, useBackend } from "@dl/tensor";
import type { Backend, Tensor } from "@dl/tensor";

/** Images [N, 1, 8, 8] → 3 classes. */
class Cnn extends Module {
  conv = new Conv2d(1, 4, 3, { padding: 1 });
  head = new Linear(4 * 4 * 4, 3);

  forward(x: Tensor): Tensor {
    return this.head.forward(maxPool2d(this.conv.forward(x).relu(), 2).flatten(1));
  }
}

interface Held {
  readonly bytes: number;
  readonly buffers: number;
  readonly loss: number;
}

/** Trains a small CNN, cleaning nothing up, and tells what the backend holds after each step. */
export async function trainCnn(backend: Backend, steps: number): Promise<Held[]> {
  await useBackend(backend);
  manualSeed(1);
  const model = new Cnn();
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  const [x, y] = [randn([8, 1, 8, 8]), randint(0, 3, [8])];
  const held: Held[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = crossEntropy(model.forward(x), y);
    optimizer.zeroGrad();
    backward(loss);
    optimizer.step();
    const [value] = await loss.data();
    held.push({ ...(backend.memory?.() ?? { bytes: NaN, buffers: NaN }), loss: value });
  }
  return held;
}

/** The most that was held in any step after the first ones. */
export const mostAfter = (held: readonly Held[], first: number, what: "bytes" | "buffers"): number => Math.max(...held.slice(first).map((own) => own[what]));
