import { backward } from "@dl/autograd";
import { Adam, AdamW, RMSprop, SGD, clipGradNorm, crossEntropy } from "@dl/nn";
import type { Module } from "@dl/nn";
import { sizeOf, tensor } from "@dl/tensor";
import type { Backend, Tensor } from "@dl/tensor";
import { charLstm, cnn, gpt, mlp, textLength, vocabulary } from "./models.js";
import type { TensorModel } from "./models.js";

interface Batch {
  readonly x: Tensor;
  /** Classes, one for each row of logits. */
  readonly y: Tensor;
}

/** A whole training whose every number is fixed. */
export interface Training {
  readonly name: string;
  readonly model: () => TensorModel;
  readonly batch: (backend: Backend, step: number) => Batch;
  /** One update after the gradients are there. */
  readonly update: (model: Module) => () => void;
}

/** Irregular values in [−scale, scale] that no two phases share. */
const wave = (shape: readonly number[], phase: number, scale = 1): Float32Array => Float32Array.from({ length: sizeOf(shape) }, (_, i) => scale * Math.sin(1.3 * i + 0.7 * phase));

const classes = (backend: Backend, count: number, numClasses: number): Tensor =>
  tensor(Int32Array.from({ length: count }, (_, i) => (7 * i + Math.floor((i * i) / 3)) % numClasses), { backend });

/** Images or rows that stay the same for ten steps, so that there is something to learn. */
const images = (backend: Backend, shape: readonly number[], numClasses: number, step: number): Batch => ({
  x: tensor(wave(shape, 100 * Math.floor(step / 10)), { shape, backend }),
  y: classes(backend, shape[0], numClasses),
});

/** Texts, for ten steps the same. All characters but the last are read, all but the first predicted. */
function text(backend: Backend, step: number): Batch {
  const [rows, length] = [3, textLength + 1];
  const ids = tensor(Int32Array.from({ length: rows * length }, (_, i) => (3 * i + i * i + Math.floor(step / 10)) % vocabulary), { shape: [rows, length], backend });
  return { x: ids.slice(1, 0, length - 1), y: ids.slice(1, 1, length).reshape([-1]) };
}

export const trainings: readonly Training[] = [
  {
    name: "an MLP (SGD with momentum)",
    model: mlp,
    batch: (backend, step) => images(backend, [9, 10], 4, step),
    update: (model) => {
      const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 1e-3 });
      return () => { optimizer.step(); };
    },
  },
  {
    name: "a CNN with batch norm (Adam)",
    model: cnn,
    batch: (backend, step) => images(backend, [5, 2, 10, 10], 3, step),
    update: (model) => {
      const optimizer = new Adam(model.parameters(), { lr: 0.01 });
      return () => { optimizer.step(); };
    },
  },
  {
    name: "an LSTM (RMSprop, clipped gradients)",
    model: charLstm,
    batch: text,
    update: (model) => {
      const optimizer = new RMSprop(model.parameters(), { lr: 0.005 });
      return () => {
        clipGradNorm(model.parameters(), 0.5);
        optimizer.step();
      };
    },
  },
  {
    name: "a small GPT (AdamW)",
    model: gpt,
    batch: text,
    update: (model) => {
      const optimizer = new AdamW(model.parameters(), { lr: 0.01, weightDecay: 0.1 });
      return () => { optimizer.step(); };
    },
  },
];

/** The same weights on every backend, whatever the default generator gives; norms begin as they are made. */
function prepare(model: TensorModel, backend: Backend): TensorModel {
  model.namedParameters().forEach(([key, p], k) => {
    if (/norm/i.test(key)) return;
    const fanIn = p.shape.length > 1 ? sizeOf(p.shape.slice(1)) : p.shape[0];
    p.assign(tensor(wave(p.shape, 31 * k, 1 / Math.sqrt(fanIn)), { shape: p.shape, backend: p.backend }));
  });
  return model.to(backend);
}

/** The loss of every step. */
export async function lossesOf({ model: make, batch, update }: Training, backend: Backend, steps: number): Promise<number[]> {
  const model = prepare(make(), backend);
  const step = update(model);
  const losses: Promise<number>[] = [];
  for (let i = 0; i < steps; i++) {
    const { x, y } = batch(backend, i);
    const logits = model.forward(x);
    const loss = crossEntropy(logits.reshape([-1, logits.shape[logits.ndim - 1]]), y);
    model.zeroGrad();
    backward(loss);
    step();
    losses.push(loss.data().then(([value]) => value));
  }
  return Promise.all(losses);
}
