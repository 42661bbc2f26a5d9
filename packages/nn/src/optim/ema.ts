import { StateError, ValueError, checkOptions } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import type { Module } from "../module/module.js";
import { isParameter } from "../module/parameter.js";
import { loadTensors, stateTensors } from "../module/state-dict.js";
import { distinct } from "../module/walk.js";
import { checkRange } from "./groups.js";
import { Update } from "./update.js";

export interface EMAOptions {
  /** Part of the average that each update keeps, in [0, 1). Default 0.999. */
  readonly decay?: number;
  /** Keep less at first: no more than (1 + t)/(10 + t) in update t, so that the initial weights are soon forgotten. Default false. */
  readonly warmup?: boolean;
}

/** What an average needs to go on. All but `tensors` is plain JSON. */
export interface EMAState {
  /** How often the average was updated. */
  readonly updates: number;
  /** The averaged weights under the model's keys: also a state for `model.loadStateDict`. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const average = /* @__PURE__ */ new Update(2, 1, ([mean, value], [gain]) => [mean.add(value.sub(mean).mul(gain))]);

/**
 * Exponential moving average of a model's weights: a ← decay·a + (1 − decay)·w after each step, starting from the weights as they
 * are. Averaged weights often evaluate better than the last ones. Buffers, such as running means, are copied.
 *
 *     const ema = new EMA(model, { decay: 0.999 });
 *     optimizer.step();
 *     ema.update();
 *     const score = await ema.swap(() => evaluate(model));
 *
 * (Polyak & Juditsky, 1992; warm-up as in TensorFlow's ExponentialMovingAverage)
 * @throws ValueError for a decay out of range
 */
export class EMA {
  readonly decay: number;
  readonly warmup: boolean;
  readonly #averages: Map<string, Tensor>;
  #updates = 0;
  #swapped = false;

  constructor(private readonly model: Module, options: EMAOptions = {}) {
    checkOptions("EMA", options, ["decay", "warmup"]);
    const { decay = 0.999, warmup = false } = options;
    checkRange("EMA", "decay", decay, 0, 1);
    this.decay = decay;
    this.warmup = warmup;
    this.#averages = new Map([...distinct(stateTensors(model))].map(([key, value]) => [key, value.detach().clone()]));
  }

  /** How often the average was updated. */
  get updates(): number {
    return this.#updates;
  }

  /**
   * Takes the present weights into the average. Call it after `optimizer.step()`.
   * @throws StateError inside of `swap`, and when the model has other weights than when the average was made
   */
  update(): void {
    this.#refuseSwapped("EMA.update");
    const pairs = [...distinct(stateTensors(this.model))].map(([key, value]) => [key, this.#averageOf(key, value), value] as const);
    const decay = this.warmup ? Math.min(this.decay, (2 + this.#updates) / (11 + this.#updates)) : this.decay;
    for (const [key, mean, value] of pairs) {
      const next = isParameter(value) ? average.run([mean, value], [1 - decay])[0] : value.detach().clone();
      this.#averages.set(key, next);
      // Averages never leave this object, so the old memory has no other reader.
      mean.backend.free(mean.buffer);
    }
    this.#updates += 1;
  }

  #averageOf(key: string, value: Tensor): Tensor {
    const mean = this.#averages.get(key);
    if (mean === undefined || mean.dtype !== value.dtype || mean.backend !== value.backend || mean.size !== value.size) {
      throw new StateError("EMA.update", `"${key}" is not as it was when the average was made`, "Convert and move the model first, then make the EMA", { key });
    }
    return mean;
  }

  /** Gives a model of the same structure the averaged weights: a copy to keep, for example. */
  applyTo(model: Module): void {
    loadTensors("EMA.applyTo", stateTensors(model), this.#copies(), true);
  }

  /**
   * Runs `body` with the averaged weights in the model, and puts the present ones back afterwards, also when it fails;
   * for an async `body`, when its promise is settled.
   * @throws StateError inside of another `swap`
   */
  swap<T>(body: () => Promise<T>): Promise<T>;
  swap<T>(body: () => T): T;
  swap(body: () => unknown): unknown {
    this.#refuseSwapped("EMA.swap");
    const before = [...stateTensors(this.model).values()].map((value) => [value, value.detach()] as const);
    this.applyTo(this.model);
    this.#swapped = true;
    const restore = (): void => {
      for (const [value, old] of before) value.assign(old);
      this.#swapped = false;
    };
    let result: unknown;
    try {
      result = body();
    } catch (error) {
      restore();
      throw error;
    }
    if (result instanceof Promise) return result.finally(restore);
    restore();
    return result;
  }

  #refuseSwapped(where: string): void {
    if (this.#swapped) throw new StateError(where, "the averaged weights are in the model", "Wait until swap has ended: await it");
  }

  /** The averages under every key of the model: weights that stand in two places have one average. */
  #copies(): Map<string, Tensor> {
    const keys = new Map([...distinct(stateTensors(this.model))].map(([key, value]) => [value, key]));
    return new Map([...stateTensors(this.model)].flatMap(([key, value]) => {
      const mean = this.#averages.get(keys.get(value) ?? key);
      return mean === undefined ? [] : [[key, mean.clone()] as const];
    }));
  }

  /** A copy of everything a later run needs to continue. */
  stateDict(): EMAState {
    return { updates: this.#updates, tensors: this.#copies() };
  }

  /**
   * Continues from a state. Checked first; on failure nothing changes.
   * @throws UnknownNameError, ShapeError, DTypeError for the state of another model, ValueError for one that was altered
   */
  loadStateDict({ updates, tensors }: EMAState): void {
    const where = "EMA.loadStateDict";
    if (!Number.isSafeInteger(updates) || updates < 0) throw new ValueError(where, `updates is ${updates}`, "Give a whole number, as stateDict() returns it");
    const own = this.#copies();
    loadTensors(where, own, tensors, true);
    for (const key of this.#averages.keys()) {
      const loaded = own.get(key);
      if (loaded !== undefined) this.#averages.set(key, loaded.clone());
    }
    this.#updates = updates;
  }
}
