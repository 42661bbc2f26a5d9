// Whole trainings, step by step beside PyTorch: data, model, loss, gradients, clipping, optimizer and schedule together.
import { backward } from "@dl/autograd";
import {
  Adam, AdamW, BatchNorm2d, Conv2d, CosineAnnealingLR, Embedding, LSTM, LayerNorm, Linear, Module, RMSprop, SGD, Sequential, Tanh,
  TransformerEncoderLayer, clipGradNorm, crossEntropy,
} from "@dl/nn";
import { adaptiveAvgPool2d, arange, maxPool2d, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, readFixture, wave } from "./fixture.js";

interface Options {
  /** Keys of the parameters in the order in which they are filled. */
  readonly order: readonly string[];
  readonly scale: number;
}

interface TensorModel extends Module {
  forward(x: Tensor): Tensor;
}

interface Training {
  readonly model: TensorModel;
  readonly batch: (step: number) => readonly [x: Tensor, y: Tensor];
  /** One update after the gradients are there. */
  readonly update: (model: Module) => () => void;
}

class Cnn extends Module {
  conv1 = new Conv2d(1, 4, 3, { padding: 1 });
  norm1 = new BatchNorm2d(4);
  conv2 = new Conv2d(4, 6, 3, { stride: 2, groups: 2 });
  norm2 = new BatchNorm2d(6);
  head = new Linear(6, 3);

  forward(x: Tensor): Tensor {
    const halved = maxPool2d(this.norm1.forward(this.conv1.forward(x)).relu(), 2);
    const features = this.norm2.forward(this.conv2.forward(halved)).relu();
    return this.head.forward(adaptiveAvgPool2d(features, 1).flatten(1));
  }
}

class CharLstm extends Module {
  embedding = new Embedding(11, 6);
  lstm = new LSTM(6, 8, { numLayers: 2, batchFirst: true });
  head = new Linear(8, 11);

  forward(ids: Tensor): Tensor {
    return this.head.forward(this.lstm.forward(this.embedding.forward(ids)).output);
  }
}

class Gpt extends Module {
  tokens = new Embedding(11, 16);
  positions = new Embedding(8, 16);
  layers = [0, 1].map(() => new TransformerEncoderLayer(16, 2, { dimFeedforward: 32, dropout: 0, activation: "gelu", batchFirst: true, normFirst: true }));
  norm = new LayerNorm(16);
  head = new Linear(16, 11, { bias: false });

  forward(ids: Tensor): Tensor {
    const embedded = this.tokens.forward(ids).add(this.positions.forward(arange(ids.shape[1])));
    const x = this.layers.reduce((sofar, layer) => layer.forward(sofar, { isCausal: true }), embedded);
    return this.head.forward(this.norm.forward(x));
  }
}

const labels = (count: number, classes: number): Tensor => tensor(Int32Array.from({ length: count }, (_, i) => (7 * i + Math.floor((i * i) / 3)) % classes));

/** Rows of nine characters: the first eight are read, the last eight predicted. */
function text(step: number): readonly [Tensor, Tensor] {
  const ids = tensor(Int32Array.from({ length: 36 }, (_, i) => (3 * i + i * i + step) % 11), { shape: [4, 9] });
  return [ids.slice(1, 0, 8), ids.slice(1, 1, 9)];
}

const trainings: Readonly<Record<string, () => Training>> = {
  mlp: () => ({
    model: new Sequential(new Linear(8, 16), new Tanh(), new Linear(16, 4)),
    batch: (step) => [wave([6, 8], { phase: 50 * step }), labels(6, 4)],
    update: (model) => {
      const optimizer = new SGD(model.parameters(), { lr: 0.2, momentum: 0.9, nesterov: true, weightDecay: 1e-3 });
      return () => { optimizer.step(); };
    },
  }),
  cnn: () => ({
    model: new Cnn(),
    batch: (step) => [wave([5, 1, 8, 8], { phase: 500 * step }), labels(5, 3)],
    update: (model) => {
      const optimizer = new Adam(model.parameters(), { lr: 0.02 });
      return () => { optimizer.step(); };
    },
  }),
  lstm: () => ({
    model: new CharLstm(),
    batch: text,
    update: (model) => {
      const optimizer = new RMSprop(model.parameters(), { lr: 0.01 });
      return () => {
        clipGradNorm(model.parameters(), 0.5);
        optimizer.step();
      };
    },
  }),
  gpt: () => ({
    model: new Gpt(),
    batch: text,
    update: (model) => {
      const optimizer = new AdamW(model.parameters(), { lr: 0.01, weightDecay: 0.1 });
      const schedule = new CosineAnnealingLR(optimizer, 20);
      return () => {
        optimizer.step();
        schedule.step();
      };
    },
  }),
};

/** The script's rule; normalisations stay as they are. */
function fill(model: Module, { order, scale }: Options): void {
  const named = new Map(model.namedParameters());
  let phase = 0;
  for (const key of order) {
    const p = named.get(key);
    if (p === undefined) throw new Error(`there is no parameter ${key}`);
    if (!key.includes("norm")) p.assign(wave(p.shape, { scale, phase }));
    phase += p.size;
  }
}

describe("20 steps beside PyTorch, in float64", () => {
  test.each(readFixture<Options>("runs").map((own) => [own.name, own] as const))("%s: the loss of every step and the weights at the end", (name, { options, tensors }) => {
    const { model, batch, update } = trainings[name]();
    model.to("float64");
    expect(model.namedParameters().map(([key]) => key).sort()).toEqual([...options.order].sort());
    fill(model, options);
    const step = update(model);
    const losses = Array.from({ length: 20 }, (_, i) => {
      const [x, y] = batch(i);
      const logits = model.forward(x);
      const loss = crossEntropy(logits.reshape([-1, logits.shape[logits.ndim - 1]]), y.reshape([-1]));
      model.zeroGrad();
      backward(loss);
      step();
      return loss.item();
    });
    expectClose(tensor(Float64Array.from(losses)), tensors.losses, 1e-9, "the losses");
    const state = model.stateDict();
    expect(Object.keys(tensors).filter((key) => key.startsWith("state.")).sort()).toEqual([...state.keys()].map((key) => `state.${key}`).sort());
    for (const [key, value] of state) expectClose(value, tensors[`state.${key}`], 1e-8, key);
  });
});
