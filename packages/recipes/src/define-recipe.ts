import { DataLoader, type Batch, type Dataset } from "@dl/data";
import type { CheckpointOptions, FitOptions, TensorModule, Trainer, TrainingRun } from "@dl/nn";
import { checkOptions, ValueError } from "@dl/registry";
import { Generator, type HostArray } from "@dl/tensor";
import type { EvaluateOptions, Evaluation } from "./evaluate.js";
import { resolveOptions, type NumberOption, type OptionSchema, type OptionsOf } from "./options.js";

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

/** What a model says about an input: one class, or one for each of its pixels. */
export type Task = "classification" | "segmentation";

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
  /** Shape of one input. */
  readonly inputShape: readonly number[];
  readonly next: readonly Suggestion[];
  /** Default "classification". */
  readonly task?: Task;
}

/** What the author of a recipe writes. */
export interface RecipeSpec<S extends OptionSchema> extends RecipeFacts<S> {
  /** The untrained model. Everything random in it comes from the generator. */
  model(options: OptionsOf<S>, generator: Generator): TensorModule;
  /** @param steps how many updates the whole training has */
  trainer(model: TensorModule, options: OptionsOf<S>, steps: number): Trainer;
  evaluate(model: TensorModule, test: Dataset<Batch>, options?: EvaluateOptions): Promise<Evaluation>;
  /** What training samples become before they are batched, such as augmented ones. Nothing by default. */
  prepare?(train: Dataset<Batch>, options: OptionsOf<S>, seed: number): Dataset<Batch>;
  /** What the model makes of some test samples, to look at. */
  draw?(model: TensorModule, test: Dataset<Batch>, labels: readonly string[]): Pictures | Promise<Pictures>;
}

export interface TrainContext<S extends OptionSchema> {
  /** The training set. The test set is for `evaluate`. */
  readonly train: Dataset<Batch>;
  readonly options?: Partial<OptionsOf<S>>;
  /** Of the initial weights, the order of the samples and everything else that is random. Default 0. */
  readonly seed?: number;
  /** Stops the training after the current step. */
  readonly signal?: AbortSignal;
  /** Node only. */
  readonly checkpoint?: CheckpointOptions;
  /** A checkpoint of the same recipe, options, data and seed to go on from. */
  readonly resume?: FitOptions<Batch>["resume"];
}

/** A training that was set up. It begins when `run` is iterated or awaited. */
export interface Training {
  readonly model: TensorModule;
  readonly epochs: number;
  readonly run: TrainingRun;
}

/** A whole training as a value: what to build, how to train it, how to judge it. */
export interface Recipe<S extends OptionSchema = OptionSchema> extends RecipeFacts<S> {
  readonly kind: "training";
  readonly task: Task;
  /**
   * The given hyper-parameters, and the defaults for the others.
   * @throws UnknownNameError for a name that is none, ValueError for a value out of range
   */
  resolve(given?: object): OptionsOf<S>;
  /** The untrained model. Throws what `resolve` throws. */
  model(options?: Partial<OptionsOf<S>>, generator?: Generator): TensorModule;
  /**
   * Sets up a training. The same context gives the same weights, bit for bit.
   *
   *     const { model, run } = recipe.train({ train, seed: 1 });
   *     for await (const event of run) …
   *
   * Throws what `resolve` throws, and ValueError when `train` is empty.
   */
  train(context: TrainContext<S>): Training;
  /** How good a model is on a test set. */
  evaluate(model: TensorModule, test: Dataset<Batch>, options?: EvaluateOptions): Promise<Evaluation>;
  /** What the model makes of some test samples, to look at; nothing for recipes without pictures. @param labels names of the classes */
  draw(model: TensorModule, test: Dataset<Batch>, labels: readonly string[]): Promise<Pictures>;
}

/** Turns the description of a training into a recipe that apps can run. */
export function defineRecipe<const S extends OptionSchema & TrainingSchema>(spec: RecipeSpec<S>): Recipe<S> {
  const resolve = (given?: object): OptionsOf<S> => resolveOptions(spec.name, spec.options, given);
  return {
    ...spec,
    kind: "training",
    task: spec.task ?? "classification",
    resolve,
    draw: async (model, test, labels) => (await spec.draw?.(model, test, labels)) ?? {},
    model: (given, generator = new Generator(0)) => spec.model(resolve(given), generator),
    train: (context) => {
      checkOptions(spec.name, context, ["train", "options", "seed", "signal", "checkpoint", "resume"]);
      const { train, options: given, seed = 0, ...fit } = context;
      if (train.length === 0) throw new ValueError(spec.name, "the training set is empty", "Give it at least one sample");
      const options = resolve(given);
      const { epochs, batchSize }: Readonly<Record<keyof TrainingSchema, number>> = options;
      const prepared = spec.prepare?.(train, options, seed) ?? train;
      const loader = new DataLoader(prepared, { batchSize, shuffle: true, seed });
      const model = spec.model(options, new Generator(seed));
      const trainer = spec.trainer(model, options, epochs * loader.length);
      return { model, epochs, run: trainer.fit(loader, { epochs, ...fit }) };
    },
  };
}
