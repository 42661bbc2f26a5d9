import { ValueError } from "@dl/registry";
import type { BatchSource } from "../dataset.js";
import type { BatchStream, IterableDataset } from "../datasets/iterable-dataset.js";
import type { SampleSource } from "../datasets/map-dataset.js";
import { whenAll } from "../datasets/promises.js";

export type Collate<Sample, Batch> = (samples: readonly Sample[]) => Batch | Promise<Batch>;

type ByIndex<Batch> = BatchSource<Batch> | BatchStream<Batch>;
type BySample<Sample> = SampleSource<Sample> | IterableDataset<Sample, unknown>;

export const isStream = <Batch>(source: ByIndex<Batch>): source is BatchStream<Batch> => "pieces" in source;

const hasSamples = <Sample>(source: object): source is BySample<Sample> => "sample" in source || "withCollate" in source;

/** The batches of a data set, made by `collate` where it is given. @throws ValueError for a data set that has no single samples */
export function withCollate<Sample, Batch>(dataset: ByIndex<Batch> | BySample<Sample>, collate?: Collate<Sample, Batch>): ByIndex<Batch> {
  if (collate === undefined) {
    if ("batch" in dataset || "pieces" in dataset) return dataset as ByIndex<Batch>;
    throw new ValueError("DataLoader", "the data set has no batch function", "Extend MapDataset, or give a collate function");
  }
  if (!hasSamples<Sample>(dataset)) throw new ValueError("DataLoader", "collate is given, but the data set has no single samples", "Extend MapDataset, or use mapBatches");
  if ("withCollate" in dataset && "pieces" in dataset) return dataset.withCollate(collate);
  return { length: dataset.length, batch: (indices) => whenAll(Array.from(indices, (index) => dataset.sample(index)), collate) };
}
