import { BucketBatchSampler, DataLoader, type Batch, type Dataset, type Splits } from "@dl/data";
import type { CheckpointOptions, FitOptions, Loader, Module, TensorModule, TrainingRun } from "@dl/nn";
import { checkOptions, ValueError } from "@dl/registry";
import { Generator, type DType, type HostArray } from "@dl/tensor";
import type { Calculation } from "./define-calculation.js";
import type { EvaluateOptions, Evaluation } from "./evaluate.js";
import { resolveOptions, type NumberOption, type OptionSchema, type OptionsOf } from "./options.js";
import { ownSplits, type Samples, type SamplesContext, type Tokenizers } from "./samples.js";
import type { Generation } from "./generation.js";

/** Hyper-parameters that every recipe has. */
export type TrainingSchema = Readonly<Record<"epochs" | "batchSize", NumberOption>>;

/** Another run that teaches something, told as differences to the defaults. */
export interface Suggestion {
  /** What it shows. */
  readonly why: string;
  readonly recipe: string;
  readonly data?: string;
  readonly options?: Readonly<Record<string, number | string>>;
}

/** What a model says: one class for an image, one for each of its pixels, or something about a sequence. */
export type Task = "classification" | "segmentation" | "sequence";

/** Pictures [C, H, W] in 0..1 by name. */
export type Pictures = Readonly<Record<string, HostArray>>;

interface RecipeFacts<S extends OptionSchema> {
  /** Its name in commands and files. */
  readonly name: string;
  readonly title: string;
  /** The chapter of the course that it belongs to. */
  readonly chapter: number;
  /** Hyper-parameters in plain JSON. */
  readonly options: S;
  /** Names of the data sets that it can be trained on; the first one is the default. */
  readonly datasets: readonly [string, ...string[]];
  /** Shape of one input, where the model takes one tensor. */
  readonly inputShape?: readonly number[];
  /** Default float32; int32 for models that take indices. */
  readonly inputDtype?: DType;
  readonly next: readonly Suggestion[];
  /** Default "classification". */
  readonly task?: Task;
}

/** What trains a model: a `Trainer`, whatever its batches are. */
export interface Fitting<B> {
  fit(loader: Loader<B>, options?: FitOptions<B>): TrainingRun;
}

/** Batches of a data set, and how many there are in an epoch. */
export type Batches<B> = Loader<B> & { readonly length: number };

/** What the author of a recipe writes. */
export interface RecipeSpec<S extends OptionSchema, M extends Module = TensorModule, B extends object = Batch, Data = Splits> extends RecipeFacts<S> {
  /** The samples of a data set as the model reads them. By default the data set's own split. */
  samples?(data: Data, context: SamplesContext<OptionsOf<S>>): Samples<B>;
  /** The untrained model. Everything random in it comes from the generator. */
  model(options: OptionsOf<S>, generator: Generator, tokenizers: Tokenizers): M;
  /** @param steps how many updates the whole training has */
  trainer(model: M, options: OptionsOf<S>, steps: number): Fitting<B>;
  evaluate(model: M, test: Dataset<B>, options?: EvaluateOptions): Promise<Evaluation>;
  /** What training samples become before they are batched, such as augmented ones. Nothing by default. */
  prepare?(train: Dataset<B>, options: OptionsOf<S>, seed: number): Dataset<B>;
  /** Batches of an epoch. By default shuffled ones of `batchSize` samples, of similar length where the data set says how long its samples are (`lengths`). */
  batches?(train: Dataset<B>, options: OptionsOf<S>, seed: number): Batches<B>;
  /** What the model makes of some test samples, to look at. */
  draw?(model: M, test: Dataset<B>, labels: readonly string[]): Pictures | Promise<Pictures>;
  /** What the model makes of a prompt, piece by piece. */
  generate?(model: M, prompt: string, generation: Generation): AsyncIterable<string>;
}

export interface TrainContext<S extends OptionSchema, B extends object = Batch> {
  /** The training set. The test set is for `evaluate`. */
  readonly train: Dataset<B>;
  /** Those that made its samples, if any. */
  readonly tokenizers?: Tokenizers;
  readonly options?: Partial<OptionsOf<S>>;
  /** Of the initial weights, the order of the samples and everything else that is random. Default 0. */
  readonly seed?: number;
  /** Stops the training after the current step. */
  readonly signal?: AbortSignal;
  /** Node only. */
  readonly checkpoint?: CheckpointOptions;
  /** A checkpoint of the same recipe, options, data and seed to go on from. */
  readonly resume?: FitOptions<B>["resume"];
}

/** A training that was set up. It begins when `run` is iterated or awaited. */
export interface Training<M extends Module = TensorModule> {
  readonly model: M;
  readonly epochs: number;
  readonly run: TrainingRun;
}

/** A whole training as a value: what to build, how to train it, how to judge it. */
export interface Recipe<S extends OptionSchema = OptionSchema, M extends Module = TensorModule, B extends object = Batch, Data = Splits> extends RecipeFacts<S> {
  readonly kind: "training";
  readonly task: Task;
  /**
   * The given hyper-parameters, and the defaults for the others.
   * @throws UnknownNameError for a name that is none, ValueError for a value out of range
   */
  resolve(given?: object): OptionsOf<S>;
  /**
   * A data set's samples as the recipe trains on them, and the tokenizers that read them: given ones, those of a checkpoint, or new ones.
   * @throws StateError for a data set that has no training and test set, where the recipe does not make them
   */
  samples(data: Data, context?: Partial<SamplesContext<Partial<OptionsOf<S>>>>): Samples<B>;
  /** The untrained model. Throws what `resolve` throws. */
  model(options?: Partial<OptionsOf<S>>, generator?: Generator, tokenizers?: Tokenizers): M;
  /**
   * Sets up a training. The same context gives the same weights, bit for bit.
   *
   *     const { model, run } = recipe.train({ train, seed: 1 });
   *     for await (const event of run) …
   *
   * Throws what `resolve` throws, and ValueError when `train` is empty.
   */
  train(context: TrainContext<S, B>): Training<M>;
  /** How good a model is on a test set. */
  evaluate(model: M, test: Dataset<B>, options?: EvaluateOptions): Promise<Evaluation>;
  /** What the model makes of some test samples, to look at; nothing for recipes without pictures. @param labels names of the classes */
  draw(model: M, test: Dataset<B>, labels: readonly string[]): Promise<Pictures>;
  /** What the model makes of a prompt, piece by piece; absent where there is nothing to write. */
  generate?(model: M, prompt: string, generation: Generation): AsyncIterable<string>;
}

/** A recipe of any kind of samples. */
export type AnyRecipe = Recipe<OptionSchema, Module, object, unknown>;

const saysLengths = <D extends object>(data: D): data is D & { readonly lengths: readonly number[] } => "lengths" in data && Array.isArray(data.lengths);

/** Whether it trains a model of pictures. */
export const isImageRecipe = (recipe: AnyRecipe | Calculation): recipe is Recipe => recipe.kind === "training" && recipe.task !== "sequence";

/** Turns the description of a training into a recipe that apps can run. */
export function defineRecipe<const S extends OptionSchema & TrainingSchema, M extends Module = TensorModule, B extends object = Batch, Data = Splits>(spec: RecipeSpec<S, M, B, Data>): Recipe<S, M, B, Data> {
  const resolve = (given?: object): OptionsOf<S> => resolveOptions(spec.name, spec.options, given);
  const batches = (train: Dataset<B>, options: OptionsOf<S>, seed: number): Batches<B> => {
    const { batchSize }: Readonly<Record<keyof TrainingSchema, number>> = options;
    if (spec.batches !== undefined) return spec.batches(train, options, seed);
    return new DataLoader(train, saysLengths(train) ? { batchSampler: new BucketBatchSampler(train.lengths, { batchSize }), seed } : { batchSize, shuffle: true, seed });
  };
  return {
    ...spec,
    kind: "training",
    task: spec.task ?? "classification",
    resolve,
    samples: (data, { options, seed = 0, tokenizers } = {}) =>
      spec.samples?.(data, { options: resolve(options), seed, ...(tokenizers && { tokenizers }) }) ?? ownSplits(spec.name, data),
    draw: async (model, test, labels) => (await spec.draw?.(model, test, labels)) ?? {},
    model: (given, generator = new Generator(0), tokenizers = {}) => spec.model(resolve(given), generator, tokenizers),
    train: (context) => {
      checkOptions(spec.name, context, ["train", "tokenizers", "options", "seed", "signal", "checkpoint", "resume"]);
      const { train, tokenizers = {}, options: given, seed = 0, ...fit } = context;
      if (train.length === 0) throw new ValueError(spec.name, "the training set is empty", "Give it at least one sample");
      const options = resolve(given);
      const { epochs }: Readonly<Record<keyof TrainingSchema, number>> = options;
      const loader = batches(spec.prepare?.(train, options, seed) ?? train, options, seed);
      const model = spec.model(options, new Generator(seed), tokenizers);
      const trainer = spec.trainer(model, options, epochs * loader.length);
      return { model, epochs, run: trainer.fit(loader, { epochs, ...fit }) };
    },
  };
}
