import { DataLoader, type Batch, type Dataset } from "@dl/data";
import { Adam, GRU, jsonOptions, Layer, Linear, LSTM, mseLoss, RNN, Trainer, type TensorModule } from "@dl/nn";
import type { Generator, Tensor } from "@dl/tensor";
import { trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import type { Evaluation } from "../evaluate.js";

type Cell = "rnn" | "lstm" | "gru";

const cells: Readonly<Record<Cell, (hidden: number, generator: Generator | undefined) => RNN | LSTM | GRU>> = {
  rnn: (hidden, generator) => new RNN(2, hidden, { batchFirst: true, ...(generator && { generator }) }),
  lstm: (hidden, generator) => new LSTM(2, hidden, { batchFirst: true, forgetBias: 1, ...(generator && { generator }) }),
  gru: (hidden, generator) => new GRU(2, hidden, { batchFirst: true, ...(generator && { generator }) }),
};

/** A number from the state behind the last step. Shapes: [N, T, 2] → [N, 1]. */
export class LastState extends Layer {
  static readonly type = "recipes/LastState";
  readonly rnn: RNN | LSTM | GRU;
  readonly head: Linear;

  constructor(cell: Cell, hidden: number, options: { readonly generator?: Generator } = {}) {
    super([cell, hidden, jsonOptions(options)]);
    this.rnn = cells[cell](hidden, options.generator);
    this.head = new Linear(hidden, 1, options);
  }

  forward(x: Tensor): Tensor {
    return this.head.forward(this.rnn.forward(x).output.select(1, -1));
  }
}

const trainerOf = (model: TensorModule, lr: number, steps: number): Trainer => {
  const optimizer = new Adam(model.parameters(), { lr });
  return new Trainer({ model, optimizer, callbacks: [cosineDecay(optimizer, lr, steps)], loss: (output, target) => mseLoss(output, target), clipNorm: 1 });
};

/** The mean squared error on the test set; 1/6 is what the answer 1 always has. */
async function judged(model: TensorModule, test: Dataset<Batch>): Promise<Evaluation> {
  const { loss } = await trainerOf(model, 0, 1).evaluate(new DataLoader(test, { batchSize: 250 }));
  return { metrics: { testMSE: loss } };
}

/**
 * Chapter 9: fifty numbers go by, two of them are marked; what is their sum? The gradient of the first mark has to come through all steps behind it: gates
 * let it through, Elman's cell does not. (Hochreiter & Schmidhuber, 1997)
 */
export const addingProblem = /* @__PURE__ */ defineRecipe({
  name: "adding-problem",
  title: "Remembering two numbers for fifty steps",
  chapter: 9,
  task: "sequence",
  datasets: ["adding-problem"],
  inputShape: [50, 2],
  options: {
    ...trainingOptions({ batchSize: 50, lr: 5e-3 }),
    cell: { kind: "choice", default: "lstm", choices: ["rnn", "lstm", "gru"], description: "Elman's cell, or one with gates" },
    hidden: { kind: "integer", default: 64, min: 1, max: 8192, description: "numbers of the state" },
  },
  next: [
    { why: "Elman's cell never gets below the answer 1: 0.167", recipe: "adding-problem", options: { cell: "rnn", lr: 1e-3 } },
    { why: "two gates in the place of three", recipe: "adding-problem", options: { cell: "gru" } },
  ],
  model: ({ cell, hidden }, generator) => new LastState(cell, hidden, { generator }),
  trainer: (model, { lr }, steps) => trainerOf(model, lr, steps),
  evaluate: judged,
});
