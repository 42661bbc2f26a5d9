import { Dataset } from "@dl/data";
import { StateError } from "@dl/registry";
import type { Tokenizer } from "@dl/sequence";

/** What reads a data set's texts, by what they are, such as "source". A checkpoint keeps them beside the model. */
export type Tokenizers = Readonly<Partial<Record<string, Tokenizer>>>;

/** A data set as a recipe trains and judges on it. */
export interface Samples<B extends object> {
  readonly train: Dataset<B>;
  readonly test: Dataset<B>;
  readonly tokenizers: Tokenizers;
}

export interface SamplesContext<Options> {
  readonly options: Options;
  /** Of a split that is drawn. */
  readonly seed: number;
  /** Those of a checkpoint: nothing is learnt from the data then. */
  readonly tokenizers?: Tokenizers;
}

const isSplits = <B extends object>(data: unknown): data is Pick<Samples<B>, "train" | "test"> =>
  typeof data === "object" && data !== null && "train" in data && data.train instanceof Dataset && "test" in data && data.test instanceof Dataset;

/** The split that a data set comes with. @throws StateError when it has none */
export function ownSplits<B extends object>(where: string, data: unknown): Samples<B> {
  if (!isSplits<B>(data)) throw new StateError(where, "the data set has no training and test set of tensors", "Choose one of images, or write a recipe with samples()");
  return { train: data.train, test: data.test, tokenizers: {} };
}
