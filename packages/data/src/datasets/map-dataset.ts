import { StateError } from "@dl/registry";
import { checkIndices, checkTake, Dataset } from "../dataset.js";
import { collate, collateValues } from "./collate.js";
import type { Collated } from "./collated.js";
import { when, whenAll } from "./promises.js";

/** Samples by index, of which a `DataLoader` with a `collate` function makes batches. */
export interface SampleSource<Sample> {
  readonly length: number;
  sample(index: number): Sample | Promise<Sample>;
}

type SampleAt<Sample> = (index: number) => Sample | Promise<Sample>;
type Collate<Sample, Batch> = (samples: readonly Sample[]) => Batch | Promise<Batch>;

/**
 * A data set that is read a sample at a time, as a map-style `Dataset` of PyTorch. Extend it with `length` and `sample`:
 *
 *     class Squares extends MapDataset<{ x: number; y: number }> {
 *       readonly length = 100;
 *       sample(index: number) { return { x: index, y: index ** 2 }; }
 *     }
 *
 * Samples may be promises. Batches are made by `collate`; override it, or see `withCollate`, for batches of another form.
 */
export abstract class MapDataset<Sample, Batch = Collated<Sample>> extends Dataset<Batch> implements SampleSource<Sample> {
  abstract sample(index: number): Sample | Promise<Sample>;

  /** Joins samples into a batch. See the function `collate`. */
  collate(samples: readonly Sample[]): Batch | Promise<Batch> {
    return collateValues(samples) as Batch;
  }

  /** @throws ValueError for an index out of range */
  batch(indices: ArrayLike<number>): Batch | Promise<Batch> {
    checkIndices(`${this.constructor.name}.batch`, indices, this.length);
    return whenAll(Array.from(indices, (index) => this.sample(index)), (samples) => this.collate(samples));
  }

  /** The samples, each passed through `fn` when it is read. They are joined by the function `collate`. */
  map<To>(fn: (sample: Sample, index: number) => To | Promise<To>): MapDataset<To> {
    return new View<To, Collated<To>>(this.length, (index) => when(this.sample(index), (sample) => fn(sample, index)), collate);
  }

  /**
   * The samples for which `predicate` holds. Reads all of them once, now.
   * @throws StateError when samples are promises
   */
  filter(predicate: (sample: Sample, index: number) => boolean): MapDataset<Sample, Batch> {
    return this.subset(this.indicesWhere(predicate));
  }

  /** `filter` for samples or predicates that have to be waited for. */
  async filterAsync(predicate: (sample: Sample, index: number) => boolean | Promise<boolean>): Promise<MapDataset<Sample, Batch>> {
    const kept: number[] = [];
    for (let i = 0; i < this.length; i++) if (await predicate(await this.sample(i), i)) kept.push(i);
    return this.subset(kept);
  }

  /** This data set, then the others. Batches are made as this one makes them. */
  concat(...others: readonly SampleSource<Sample>[]): MapDataset<Sample, Batch> {
    const sources: readonly SampleSource<Sample>[] = [this, ...others];
    const starts = [0];
    for (const source of sources) starts.push(starts[starts.length - 1] + source.length);
    const sampleAt: SampleAt<Sample> = (index) => {
      const part = starts.findLastIndex((start) => start <= index);
      return sources[part].sample(index - starts[part]);
    };
    return new View(starts[sources.length], sampleAt, (samples) => this.collate(samples));
  }

  /** The same samples, joined by another function. */
  withCollate<To>(collate: Collate<Sample, To>): MapDataset<Sample, To> {
    return new View(this.length, (index) => this.sample(index), collate);
  }

  override subset(indices: ArrayLike<number>): MapDataset<Sample, Batch> {
    checkIndices("subset", indices, this.length);
    const kept = Float64Array.from(indices);
    return new View(kept.length, (index) => this.sample(kept[index]), (samples) => this.collate(samples));
  }

  override take(count: number): MapDataset<Sample, Batch> {
    checkTake(`${this.constructor.name}.take`, count, this.length);
    return new View(count, (index) => this.sample(index), (samples) => this.collate(samples));
  }

  protected indicesWhere(predicate: (sample: Sample, index: number) => boolean): number[] {
    const kept: number[] = [];
    for (let i = 0; i < this.length; i++) {
      const sample = this.sample(i);
      if (sample instanceof Promise) throw new StateError("filter", `sample ${i} has to be waited for`, "Use await filterAsync(predicate)", { index: i });
      if (predicate(sample, i)) kept.push(i);
    }
    return kept;
  }
}

/** Samples of another data set, changed, chosen or joined in another way. */
class View<Sample, Batch> extends MapDataset<Sample, Batch> {
  readonly length: number;
  readonly #sample: SampleAt<Sample>;
  readonly #collate: Collate<Sample, Batch>;

  constructor(length: number, sample: SampleAt<Sample>, collate: Collate<Sample, Batch>) {
    super();
    this.length = length;
    this.#sample = sample;
    this.#collate = collate;
  }

  sample(index: number): Sample | Promise<Sample> {
    checkIndices("sample", [index], this.length);
    return this.#sample(index);
  }

  override collate(samples: readonly Sample[]): Batch | Promise<Batch> {
    return this.#collate(samples);
  }
}
