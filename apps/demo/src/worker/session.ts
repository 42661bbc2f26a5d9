import { noGrad } from "@dl/autograd";
import { progressIn, summary, type Checkpoint, type TensorModule, type TrainEvent } from "@dl/nn";
import { readRun, runAssets, type Recipe, type Training } from "@dl/recipes";
import { StateError } from "@dl/registry";
import { softmax, tensor } from "@dl/tensor";
import { describeBackends, takeBackend } from "./backends.js";
import { Gate } from "./gate.js";
import { judge } from "./judge.js";
import type { LoadedData, Offers } from "./offer.js";
import type { BackendFacts, Judgement, Phase, Prepared, RecipeFacts, Settings, Update } from "./protocol.js";
import { StepNews } from "./step-news.js";

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** In evaluation mode, and back before anything else has a turn: a training may be under way. */
function evaluating<T>(model: TensorModule, body: () => T): T {
  const wasTraining = model.training;
  model.eval();
  try {
    return noGrad(body);
  } finally {
    model.train(wasTraining);
  }
}

/** The shape of a batch of one input. @throws StateError for a recipe whose inputs are no single tensors */
function oneInput({ name, inputShape }: Recipe): readonly number[] {
  if (inputShape === undefined) throw new StateError("page", `the inputs of ${name} are no pictures`, "Choose another recipe", { name });
  return [1, ...inputShape];
}

/** A training with all that belongs to it. */
interface Current {
  readonly settings: Settings;
  readonly recipe: Recipe;
  readonly data: LoadedData;
  readonly training: Training;
  readonly abort: AbortController;
  readonly gate: Gate;
  readonly news: StepNews;
  /** Epochs that are done. */
  epoch: number;
  begun: boolean;
  phase: Phase | undefined;
  /** What waits for the end of the present step. */
  readonly wishes: (() => Promise<void>)[];
}

/** What the worker does for the page: one training at a time, and its model to ask. */
export class Session {
  #current: Current | undefined;
  /** Counts what is asked for: the last one holds. */
  #turn = 0;

  constructor(private readonly offers: Offers, private readonly send: (update: Update) => void) {
    void offers.whole.then(() => { send({ type: "offer" }); });
  }

  /** What there is at this time; an update tells when there is more. */
  recipes(): RecipeFacts[] {
    return Object.values(this.offers.now.recipes).map(({ name, title, chapter, options, datasets }) => ({ name, title, chapter, options, datasets }));
  }

  backends(): Promise<BackendFacts[]> {
    return describeBackends(this.offers.now.backends);
  }

  /** Sets up a training; the one before is over. @throws what is wrong with the settings */
  prepare(settings: Settings): Promise<Prepared> {
    return this.#setUp(settings);
  }

  /** Sets up what a checkpoint holds, to go on from there. @param files by path: those of its folder, or one zip of them */
  async load(files: ReadonlyMap<string, Uint8Array>, backend: string): Promise<Prepared> {
    const { readCheckpoint } = await import("./checkpoint-files.js");
    const checkpoint = await readCheckpoint(files);
    const { run } = readRun("checkpoint", checkpoint, (await this.offers.whole).recipes);
    return this.#setUp({ ...run, backend }, checkpoint);
  }

  /** The training as a zip of its checkpoint's folder: the command line reads it, too. */
  async save(): Promise<Uint8Array> {
    const current = this.#need();
    const { zipped } = await import("./checkpoint-files.js");
    return zipped(await this.#betweenSteps(current, () => {
      const { recipe, options, data, seed } = current.settings;
      return current.training.run.pack(runAssets({ recipe, options, data, seed }));
    }));
  }

  /** Starts, or goes on. The page hears of all else by updates. */
  start(): void {
    const current = this.#need();
    current.gate.open();
    if (current.begun) this.#tell(current, "running");
    else void this.#train(current);
  }

  /** Holds after the present step. */
  pause(): void {
    this.#need().gate.close();
  }

  /** One step, then it holds. */
  step(): void {
    const current = this.#need();
    if (current.begun) current.gate.allowOne();
    else {
      // It is held behind its first step.
      current.gate.close();
      void this.#train(current);
    }
  }

  /** Ends the training after the present step. */
  stop(): void {
    this.#current?.abort.abort();
    this.#current?.gate.open();
  }

  judge(): Promise<Judgement> {
    const { recipe, training, data, epoch } = this.#need();
    return judge(recipe, training.model, data, epoch);
  }

  /** The probability of each class. @param pixels of one input, 0..1 */
  async predict(pixels: Float32Array): Promise<number[]> {
    const { recipe, training } = this.#need();
    const { model } = training;
    const probabilities = evaluating(model, () => softmax(model.forward(tensor(pixels, { shape: oneInput(recipe) })), 1));
    return Array.from(await probabilities.data());
  }

  /** A random image of the test set. */
  sample(): { readonly pixels: Float32Array; readonly label: number } {
    const { test } = this.#need().data;
    const { x, y } = test.sample(Math.floor(Math.random() * test.length));
    return { pixels: Float32Array.from(x.data), label: y.data[0] };
  }

  /** Does something when no step is half done: at once, or after the present one. */
  #betweenSteps<T>(current: Current, body: () => Promise<T>): Promise<T> {
    if (current.phase !== "running") return body();
    return new Promise((resolve, reject) => { current.wishes.push(() => body().then(resolve, reject)); });
  }

  #need(): Current {
    if (this.#current === undefined) throw new StateError("page", "there is no training yet", "Set one up first");
    return this.#current;
  }

  async #setUp(settings: Settings, resume?: Checkpoint): Promise<Prepared> {
    const turn = ++this.#turn;
    const recipe = await this.offers.recipe(settings.recipe);
    const options = recipe.resolve(settings.options);
    const data = await this.offers.data(recipe, settings.data);
    const backend = await takeBackend(settings.backend, this.offers.now.backends);
    if (turn !== this.#turn) throw new StateError("page", "another training was asked for meanwhile", "Take that one");
    this.stop();
    const abort = new AbortController();
    const training = recipe.train({ train: data.train, options, seed: settings.seed, signal: abort.signal, ...(resume && { resume }) });
    if (resume !== undefined) (await import("./checkpoint-files.js")).restore(resume, training);
    const done = resume === undefined ? { epochs: 0, steps: 0 } : progressIn(resume);
    const complete = { ...settings, options };
    const stepsPerEpoch = Math.ceil(data.train.length / Number(options.batchSize));
    const left = training.epochs * data.train.length - done.steps * Number(options.batchSize);
    const news = new StepNews(left, (steps) => { this.send(steps); });
    this.#current = { settings: complete, recipe, data, training, abort, gate: new Gate(), news, epoch: done.epochs, begun: false, phase: undefined, wishes: [] };
    const { rows, parameters, flops } = summary(recipe.model(options), oneInput(recipe));
    return {
      settings: complete, title: recipe.title, classes: data.classes, epochs: training.epochs, stepsPerEpoch, parameters, flops, backend, layers: rows,
      samples: { train: data.train.length, test: data.test.length },
      done: { epochs: done.epochs, steps: done.steps },
    };
  }

  #tell(current: Current, phase: Phase, message?: string): void {
    if (current !== this.#current || current.phase === phase) return;
    current.phase = phase;
    this.send({ type: "phase", phase, ...(message !== undefined && { message }) });
  }

  async #train(current: Current): Promise<void> {
    current.begun = true;
    this.#tell(current, "running");
    try {
      for await (const event of current.training.run) {
        for (const wish of current.wishes.splice(0)) await wish();
        await this.#follow(current, event);
      }
    } catch (error) {
      current.news.flush();
      this.#tell(current, "failed", messageOf(error));
    } finally {
      for (const wish of current.wishes.splice(0)) await wish();
    }
  }

  async #follow(current: Current, event: TrainEvent): Promise<void> {
    if (event.type === "step") {
      current.news.add(event);
      if (!Number.isFinite(event.loss)) this.#diverge(current);
      await current.gate.pass(() => {
        current.news.rest();
        this.#tell(current, "paused");
      });
      if (current.gate.isOpen && current.phase === "paused") this.#tell(current, "running");
    }
    if (event.type === "epoch") {
      const { epoch, step, train, seconds } = event;
      current.epoch = epoch;
      current.news.flush();
      this.send({ type: "epoch", epoch, step, loss: train.loss, accuracy: train.accuracy, seconds });
      this.send({ type: "judgement", step, judgement: await judge(current.recipe, current.training.model, current.data, epoch) });
    }
    if (event.type === "end") {
      current.news.flush();
      if (current.phase !== "diverged") this.#tell(current, event.reason === "completed" ? "completed" : "stopped");
    }
  }

  /** A loss that is no number stays none. */
  #diverge(current: Current): void {
    current.news.flush();
    this.#tell(current, "diverged");
    current.abort.abort();
  }
}
