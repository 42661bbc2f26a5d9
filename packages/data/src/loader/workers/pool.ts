import { StateError } from "@dl/registry";
import type { BatchSource } from "../../dataset.js";
import { unpack, type Failure, type Reply } from "./messages.js";
import type { WorkerOptions } from "./options.js";
import { startThread, type Thread } from "./thread.js";

interface Waiting {
  readonly resolve: (batch: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One thread and the batches that it owes. After a failure that is none of a single batch, every batch fails with it. */
class Reading {
  readonly #thread: Thread;
  readonly #waiting = new Map<number, Waiting>();
  #broken: Error | undefined;

  constructor(private readonly number: number, { module, options }: WorkerOptions, private readonly length: number) {
    this.#thread = startThread(
      { module: String(module), options },
      { reply: (reply) => this.#take(reply), lost: (reason) => this.#break(this.#error(`worker ${number} ended: ${reason}`)) },
    );
  }

  read(id: number, indices: ArrayLike<number>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== undefined) {
        reject(this.#broken);
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.#thread.post({ id, indices: Int32Array.from(indices) });
    });
  }

  async stop(): Promise<void> {
    await this.#thread.stop();
    this.#break(this.#error("the loop has ended"));
  }

  #take({ id, batch, failure, length }: Reply): void {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (failure === undefined) waiting?.resolve(batch);
      else waiting?.reject(this.#error(`batch ${id} failed in worker ${this.number}: ${failure.message}`, failure));
    } else if (failure !== undefined) {
      this.#break(this.#error(`worker ${this.number} has no data set: ${failure.message}`, failure));
    } else if (length !== this.length) {
      this.#break(this.#error(`the data set of worker ${this.number} has ${String(length)} samples, the loader's has ${this.length}`));
    }
  }

  #break(error: Error): void {
    this.#broken ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#broken);
    this.#waiting.clear();
  }

  #error(fact: string, failure?: Failure): StateError {
    return new StateError("DataLoader", fact, "Correct the workers' module; details.stack says where it failed", { worker: this.number, ...failure });
  }
}

/** A data set that threads read: batch k by thread k modulo their number, so that who reads what does not depend on who is faster. */
export class WorkerPool<Batch> implements BatchSource<Batch> {
  readonly length: number;
  readonly #readings: readonly Reading[];
  #next = 0;

  constructor(options: WorkerOptions, length: number) {
    this.length = length;
    this.#readings = Array.from({ length: options.count }, (_, number) => new Reading(number, options, length));
  }

  async batch(indices: ArrayLike<number>): Promise<Batch> {
    const id = this.#next++;
    return unpack(await this.#readings[id % this.#readings.length].read(id, indices)) as Batch;
  }

  async close(): Promise<void> {
    await Promise.all(this.#readings.map((reading) => reading.stop()));
  }
}
