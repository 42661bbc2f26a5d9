import { ValueError } from "@dl/registry";
import type { Pass } from "../pass.js";
import { countOf, cut } from "../sampling/cut.js";
import { RandomSampler, SequentialSampler } from "../sampling/samplers.js";
import type { BatchOrder } from "../sampling/sampler.js";
import type { Settings } from "./options.js";

/** How the samples of a data set by index become batches. */
export interface BatchPlan {
  /** Batches in an epoch. */
  readonly length: number;
  /** The most samples that can have been handed out, or undefined where only the batches tell. */
  readonly samples: number | undefined;
  /** The batches that come after the first `position` samples. */
  from(pass: Pass, position: number): Iterator<ArrayLike<number>, void, undefined>;
}

function* after(order: BatchOrder, pass: Pass, position: number): Generator<ArrayLike<number>, void, undefined> {
  let start = 0;
  for (const batch of order.batches(pass)) {
    if (start >= position) yield batch;
    else if (start + batch.length > position) {
      throw new ValueError("DataLoader", `position ${position} lies inside of a batch of samples ${start} to ${start + batch.length - 1}`, "Resume with the batchSampler of the first run", { position });
    }
    start += batch.length;
  }
}

export function batchPlan(length: number, { batchSize, shuffle, dropLast, sampler, batchSampler }: Settings): BatchPlan {
  if (batchSampler !== undefined) return { length: batchSampler.length, samples: undefined, from: (pass, position) => after(batchSampler, pass, position) };
  const order = sampler ?? (shuffle ? new RandomSampler(length) : new SequentialSampler(length));
  return {
    length: countOf(order.length, batchSize, dropLast),
    samples: order.length,
    from: (pass, position) => cut(order.indices(pass), batchSize, dropLast, position),
  };
}
