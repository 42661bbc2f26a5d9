// What the tests of the trainer and its callbacks share.
import { Generator, indexSelect, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { Module } from "../module/index.js";
import type { Batch, EventCallback, TrainEvent } from "./index.js";

/** Two interleaving half circles with a little noise. */
export function moons(count: number, seed: number): Batch {
  const generator = new Generator(seed);
  const points = Array.from({ length: count }, (_, i): [number, number] => {
    const angle = generator.uniform() * Math.PI;
    const [x, y] = i % 2 === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    return [x + 0.1 * generator.normal(), y + 0.1 * generator.normal()];
  });
  return { x: tensor(points), y: tensor(points.map((_, i) => i % 2), { dtype: "int32" }) };
}

interface Place {
  readonly epoch: number;
  readonly position: number;
}

/** A loader in memory with an order of its own in each epoch. */
export class MemoryLoader {
  #place: Place = { epoch: 0, position: 0 };

  constructor(private readonly data: Batch, private readonly batchSize: number, private readonly seed = 1) {}

  stateDict(): Place { return this.#place; }
  loadStateDict(state: Place): void { this.#place = state; }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    const count = this.data.x.shape[0];
    const order = new Generator(this.seed + this.#place.epoch).permutation(count);
    while (this.#place.position < count) {
      const { epoch, position } = this.#place;
      const end = Math.min(position + this.batchSize, count);
      const rows = tensor(order.subarray(position, end));
      this.#place = { epoch, position: end };
      yield { x: indexSelect(this.data.x, 0, rows), y: indexSelect(this.data.y, 0, rows) };
    }
    this.#place = { epoch: this.#place.epoch + 1, position: 0 };
  }
}

export const accuracy = (logits: Tensor, y: Tensor): number => logits.argmax(1).eq(y).to("float32").mean().item();

export const weights = (model: Module): unknown => [...model.stateDict()].map(([key, value]) => [key, [...value.dataSync()]]);

export async function collect(run: AsyncIterable<TrainEvent>): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

/** Aborts after a number of steps. */
export function aborting(after: number): { readonly signal: AbortSignal; readonly callback: EventCallback } {
  const controller = new AbortController();
  return { signal: controller.signal, callback: (event) => { if (event.type === "step" && event.step === after) controller.abort(); } };
}
