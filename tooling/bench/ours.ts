// This framework as a contestant: `ours reference`, `ours wasm 1`, `ours wasm auto`.
import { backward, noGrad } from "@dl/autograd";
import { wasm } from "@dl/backend-wasm";
import { Adam, AdamW, Conv2d, crossEntropy, Embedding, Flatten, GELU, LayerNorm, Linear, LSTM, MaxPool2d, Module, ReLU, Sequential, SGD } from "@dl/nn";
import { conv2d, gelu, layerNorm, scaledDotProductAttention, softmax, tensor, useBackend } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { serve } from "./protocol.js";
import type { Program } from "./protocol.js";
import type { Filled, Task } from "./workloads.js";

const made = ({ values, shape }: Filled): Tensor => tensor(values, { shape });

/** What waits is computed as a whole when a part of it is read. */
function finished(x: Tensor): Tensor {
  x.flatten().slice(0, 0, 1).item();
  return x;
}

const linear = (inputs: number, outputs: number): Linear => new Linear(inputs, outputs);
const mlp = (): Sequential => new Sequential(linear(784, 256), new ReLU(), linear(256, 128), new ReLU(), linear(128, 10));
const cnn = (): Sequential => new Sequential(
  new Conv2d(1, 32, 5, { padding: 2 }), new ReLU(), new MaxPool2d(2), new Conv2d(32, 64, 5, { padding: 2 }), new ReLU(), new MaxPool2d(2),
  new Flatten(), linear(3136, 128), new ReLU(), linear(128, 10),
);

class RecurrentModel extends Module {
  readonly embedding = new Embedding(65, 256);
  readonly lstm = new LSTM(256, 256, { batchFirst: true });
  readonly head = linear(256, 65);

  forward(tokens: Tensor): Tensor {
    return this.head.forward(this.lstm.forward(this.embedding.forward(tokens)).output);
  }
}

class Block extends Module {
  readonly norm1 = new LayerNorm(128);
  readonly qkv = linear(128, 384);
  readonly projection = linear(128, 128);
  readonly norm2 = new LayerNorm(128);
  readonly mlp = new Sequential(linear(128, 512), new GELU(), linear(512, 128));

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
  readonly head = linear(128, 65);

  forward(tokens: Tensor): Tensor {
    const x = this.tokens.forward(tokens).add(this.positions.weight);
    return this.head.forward(this.norm.forward(this.blocks.reduce((y, block) => block.forward(y), x)));
  }
}

type Model = Module & { forward(x: Tensor): Tensor };

function withWeights<M extends Model>(model: M, { params }: Task): M {
  const own = [...model.parameters()];
  if (own.length !== params.length) throw new Error(`the model has ${own.length} parameters, the workload ${params.length}`);
  own.forEach((parameter, i) => { parameter.assign(made(params[i])); });
  return model;
}

interface Updates {
  zeroGrad(): void;
  step(): void;
}

function training<M extends Model>(model: M, optimizer: (model: M) => Updates, x: Tensor, { targets, labels: { classes } }: Task): Program {
  const updates = optimizer(model);
  const y = tensor(targets, { dtype: "int32" });
  const step = (): number => {
    const loss = crossEntropy(model.forward(x).reshape([y.size, classes]), y);
    updates.zeroGrad();
    backward(loss);
    updates.step();
    return loss.item();
  };
  return { step };
}

function forward(f: () => Tensor): Program {
  return { run: () => finished(noGrad(f)), results: () => [noGrad(f).dataSync()] };
}

/** Gradients of ½Σy² for some leaves. */
function gradients(leaves: readonly Tensor[], f: () => Tensor): Program {
  for (const x of leaves) x.requiresGrad = true;
  const run = (): Tensor[] => {
    for (const x of leaves) x.grad = null;
    const y = f();
    backward(y, { gradient: y.detach() });
    return leaves.flatMap(({ grad }) => (grad === null ? [] : [finished(grad)]));
  };
  return { run, results: () => run().map((grad) => grad.dataSync()) };
}

const tokens = ({ tokens: data, labels: { shape } }: Task): Tensor => tensor(data, { shape, dtype: "int32" });

const programs: Readonly<Record<string, (task: Task, inputs: readonly Tensor[], params: readonly Tensor[]) => Program>> = {
  matmul512: (_, [a, b]) => forward(() => a.matmul(b)),
  matmul1024: (_, [a, b]) => forward(() => a.matmul(b)),
  gelu: (_, [x, a, b]) => forward(() => gelu(x.mul(a).add(b))),
  geluGradient: (_, [x, a, b]) => gradients([x], () => gelu(x.mul(a).add(b))),
  softmax: (_, [x]) => forward(() => softmax(x, 1)),
  layerNorm: (_, [x], [weight, bias]) => forward(() => layerNorm(x, [512], { weight, bias })),
  conv: (_, [x], [w]) => forward(() => conv2d(x, w, { padding: 1 })),
  convGradient: (_, [x], [w]) => gradients([x, w], () => conv2d(x, w, { padding: 1 })),
  mlp: (task, [x]) => training(withWeights(mlp(), task), (model) => new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 }), x, task),
  cnn: (task, [x]) => training(withWeights(cnn(), task), (model) => new Adam(model.parameters()), x, task),
  cnnInference: (task, [x]) => {
    const model = withWeights(cnn(), task);
    model.eval();
    return forward(() => model.forward(x));
  },
  lstm: (task) => training(withWeights(new RecurrentModel(), task), (model) => new Adam(model.parameters()), tokens(task), task),
  gpt: (task) => training(withWeights(new Gpt(), task), (model) => new AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.01 }), tokens(task), task),
};

const [backend, threads] = process.argv.slice(2);
if (backend === "wasm") await useBackend(wasm({ threads: threads === "auto" ? "auto" : Number(threads) }));
await serve((task) => programs[task.name](task, task.inputs.map(made), task.params.map(made)));
