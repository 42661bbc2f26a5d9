import { checkOptions } from "@dl/registry";
import { checkIndices } from "../dataset.js";
import { collateValues } from "./collate.js";
import type { Collated } from "./collated.js";
import { MapDataset } from "./map-dataset.js";

export interface ArrayDatasetOptions<Sample, Batch> {
  /** Joins samples into a batch. Default: the function `collate`. */
  readonly collate?: (samples: readonly Sample[]) => Batch | Promise<Batch>;
}

/**
 * A list of samples of any kind as a data set:
 *
 *     new ArrayDataset([{ text: "good", label: 1 }, { text: "bad", label: 0 }])
 *
 * The list is kept, not copied.
 */
export class ArrayDataset<Sample, Batch = Collated<Sample>> extends MapDataset<Sample, Batch> {
  readonly length: number;
  readonly #samples: readonly Sample[];
  readonly #collate: (samples: readonly Sample[]) => Batch | Promise<Batch>;

  constructor(samples: readonly Sample[], options: ArrayDatasetOptions<Sample, Batch> = {}) {
    super();
    checkOptions("ArrayDataset", options, ["collate"]);
    this.length = samples.length;
    this.#samples = samples;
    this.#collate = options.collate ?? ((samples) => collateValues(samples) as Batch);
  }

  /** @throws ValueError for an index out of range */
  sample(index: number): Sample {
    checkIndices("ArrayDataset.sample", [index], this.length);
    return this.#samples[index];
  }

  override collate(samples: readonly Sample[]): Batch | Promise<Batch> {
    return this.#collate(samples);
  }
}
