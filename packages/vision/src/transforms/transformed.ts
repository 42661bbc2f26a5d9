import { Dataset, type Batch, type BatchSource } from "@dl/data";
import { checkChoice, checkOptions, checkWhole } from "@dl/registry";
import { Generator, splitGenerator } from "@dl/tensor";
import type { BatchTransform } from "./base/transform.js";

export interface TransformedOptions {
  /** What y is: "mask" for masks that move with their pictures. By default labels, which stay. */
  readonly target?: "mask";
  /** Of the parameters. Default 0. */
  readonly seed?: number;
  /**
   * The epoch, asked for with every batch: `() => loader.stateDict().epoch`. Needed only where batches are the same in every epoch, for parameters of
   * their own in each. Default 0.
   */
  readonly epoch?: () => number;
}

class Transformed extends Dataset<Batch> {
  readonly length: number;

  constructor(private readonly source: BatchSource<Batch>, private readonly transform: BatchTransform, private readonly options: TransformedOptions) {
    super();
    this.length = source.length;
  }

  batch(indices: ArrayLike<number>): Batch | Promise<Batch> {
    // Asked for now: while the batch is waited for, another epoch may begin.
    const generator = this.#generatorFor(indices);
    const change = (batch: Batch): Batch => this.transform.forwardBatch(batch, generator, this.options.target);
    const batch = this.source.batch(indices);
    return batch instanceof Promise ? batch.then(change) : change(batch);
  }

  #generatorFor(indices: ArrayLike<number>): Generator {
    const { seed = 0, epoch = () => 0 } = this.options;
    return splitGenerator(splitGenerator(new Generator(seed), epoch()), Array.from(indices).join());
  }
}

/**
 * The same samples, their pictures changed anew whenever a batch of them is read: for a `DataLoader`.
 *
 *     const augmented = transformed(train, new Compose([new RandomHorizontalFlip(), new RandomCrop(32, { padding: 4 })]), { seed: 1 });
 *     for await (const { x, y } of new DataLoader(augmented, { batchSize: 64, shuffle: true })) …
 *
 * Nothing is kept from one batch to the next: the parameters of a batch depend on the seed, the epoch where it is told, and on which samples the batch
 * holds, in which order. So a training that is resumed draws what it would have drawn, and batches that are shuffled differ from epoch to epoch. Where
 * they are the same in each, say which `epoch` it is.
 * @param transform any transform, or `MixUp` or `CutMix`, after which y holds probabilities
 * @throws ValueError for another target, or a seed that is no whole number
 */
export function transformed(dataset: BatchSource<Batch>, transform: BatchTransform, options: TransformedOptions = {}): Dataset<Batch> {
  checkOptions("transformed", options, ["target", "seed", "epoch"]);
  const { target, seed = 0 } = options;
  if (target !== undefined) checkChoice("transformed", "target", target, ["mask"]);
  checkWhole("transformed", "seed", seed);
  return new Transformed(dataset, transform, options);
}
