// This framework as a contestant: `ours.ts reference`, `ours.ts wasm 1`, `ours.ts wasm auto`.
import { backward, noGrad } from "@dl/autograd";
import { wasm } from "@dl/backend-wasm";
import { Adam, AdamW, Conv2d, crossEntropy, Embedding, Flatten, GELU, LayerNorm, Linear, LSTM, MaxPool2d, Module, ReLU, Sequential, SGD } from "@dl/nn";
import { conv2d, gelu, layerNorm, scaledDotProductAttention, softmax, tensor, useBackend } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { serve } from "./protocol.js";
import type { Prepared } from "./protocol.js";
import { tokensOf, valuesOf } from "./workloads.js";
import type { Labels, Numbers, Workload } from "./workloads.js";

const made = (spec: Numbers): Tensor => tensor(valuesOf(spec), { shape: spec.shape });
const first = (x: Tensor): number => x.flatten().slice(0, 0, 1).item();

class LanguageModel extends Module {
  constructor(readonly embedding: Embedding, readonly lstm: LSTM, readonly head: Linear) { super(); }
  forward(tokens: Tensor): Tensor { return this.head.forward(this.lstm.forward(this.embedding.forward(tokens)).output); }
}

class Block extends Module {
  readonly norm1 = new LayerNorm(128);
  readonly qkv = new Linear(128, 384);
  readonly projection = new Linear(128, 128);
  readonly norm2 = new LayerNorm(128);
  readonly mlp = new Sequential(new Linear(128, 512), new GELU(), new Linear(512, 128));

  forward(x: Tensor): Tensor {
    const [n, t] = x.shape;
    const heads = this.qkv.forward(this.norm1.forward(x)).reshape([n, t, 3, 4, 32]).permute([2, 0, 3, 1, 4]);
    const seen = scaledDotProductAttention(heads.select(0, 0), heads.select(0, 1), heads.select(0, 2), { isCausal: true });
    const y = x.add(this.projection.forward(seen.permute([0, 2, 1, 3]).reshape([n, t, 128])));
    return y.add(this.mlp.forward(this.norm2.forward(y)));
  }
}

class Gpt extends Module {
  readonly tokens = new Embedding(65, 128);
  readonly positions = new Embedding(64, 128);
  readonly blocks = [0, 1, 2, 3].map(() => new Block());
  readonly norm = new LayerNorm(128);
  readonly head = new Linear(128, 65);

  forward(tokens: Tensor): Tensor {
    const x = this.tokens.forward(tokens).add(this.positions.weight);
    return this.head.forward(this.norm.forward(this.blocks.reduce((y, block) => block.forward(y), x)));
  }
}

const cnn = (): Sequential => new Sequential(
  new Conv2d(1, 32, 5, { padding: 2 }), new ReLU(), new MaxPool2d(2), new Conv2d(32, 64, 5, { padding: 2 }), new ReLU(), new MaxPool2d(2),
  new Flatten(), new Linear(3136, 128), new ReLU(), new Linear(128, 10),
);

/** Gives a model the workload's weights; norms' weights are counted from 1. */
function withWeights<M extends Module>(model: M, { params }: Workload): M {
  [...model.namedParameters()].forEach(([name, parameter], i) => {
    const values = made(params[i]).reshape(parameter.shape);
    parameter.assign(/norm\d?\.weight$/.test(name) ? values.add(1) : values);
  });
  return model;
}

interface Updates {
  zeroGrad(): void;
  step(): void;
}

function training(model: Module & { forward(x: Tensor): Tensor }, optimizer: Updates, x: Tensor, y: Tensor, classes: number): Prepared {
  return () => {
    const loss = crossEntropy(model.forward(x).reshape([y.size, classes]), y);
    optimizer.zeroGrad();
    backward(loss);
    optimizer.step();
    return loss.item();
  };
}

const tokens = (labels: Labels, shift: number, shape = labels.shape): Tensor => tensor(tokensOf(labels, shift), { shape, dtype: "int32" });

function gradients(leaves: readonly Tensor[], f: () => Tensor): Prepared {
  for (const x of leaves) x.requiresGrad = true;
  return () => {
    const y = f();
    for (const x of leaves) x.grad = null;
    backward(y, { gradient: y.detach() });
    return leaves.reduce((sum, x) => sum + (x.grad === null ? 0 : first(x.grad)), 0);
  };
}

const forward = (f: () => Tensor): Prepared => () => first(noGrad(f));

const programs: Readonly<Record<string, (workload: Workload, inputs: readonly Tensor[], params: readonly Tensor[], labels: Labels) => Prepared>> = {
  matmul512: (_, [a, b]) => forward(() => a.matmul(b)),
  matmul1024: (_, [a, b]) => forward(() => a.matmul(b)),
  gelu: (_, [x, a, b]) => forward(() => gelu(x.mul(a).add(b))),
  geluGradient: (_, [x, a, b]) => gradients([x], () => gelu(x.mul(a).add(b))),
  softmax: (_, [x]) => forward(() => softmax(x, 1)),
  layerNorm: (_, [x], [weight, bias]) => {
    const scale = weight.add(1);
    return forward(() => layerNorm(x, [512], { weight: scale, bias }));
  },
  conv: (_, [x], [w]) => forward(() => conv2d(x, w, { padding: 1 })),
  convGradient: (_, [x], [w]) => gradients([x, w], () => conv2d(x, w, { padding: 1 })),
  mlp: (workload, [x], __, labels) => {
    const model = withWeights(new Sequential(new Linear(784, 256), new ReLU(), new Linear(256, 128), new ReLU(), new Linear(128, 10)), workload);
    return training(model, new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 }), x, tokens(labels, 0), 10);
  },
  cnn: (workload, [x], __, labels) => {
    const model = withWeights(cnn(), workload);
    return training(model, new Adam(model.parameters()), x, tokens(labels, 0), 10);
  },
  cnnInference: (workload, [x]) => {
    const model = withWeights(cnn(), workload);
    model.eval();
    return forward(() => model.forward(x));
  },
  lstm: (workload, _, __, labels) => {
    const model = withWeights(new LanguageModel(new Embedding(65, 256), new LSTM(256, 256, { batchFirst: true }), new Linear(256, 65)), workload);
    return training(model, new Adam(model.parameters()), tokens(labels, 0), tokens(labels, 1, [2048]), 65);
  },
  gpt: (workload, _, __, labels) => {
    const model = withWeights(new Gpt(), workload);
    return training(model, new AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.01 }), tokens(labels, 0), tokens(labels, 1, [1024]), 65);
  },
};

const [backend, threads] = process.argv.slice(2);
if (backend === "wasm") await useBackend(wasm({ threads: threads === "auto" ? "auto" : Number(threads) }));
await serve((workload: Workload) => programs[workload.name](workload, workload.inputs.map(made), workload.params.map(made), workload.labels ?? { shape: [], classes: 1 }));
