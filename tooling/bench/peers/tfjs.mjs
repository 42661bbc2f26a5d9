// TensorFlow.js as a contestant: `tfjs cpu`, `tfjs wasm`, `tfjs wasm patched`.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { serve } from "../protocol.js";
import { addMissingKernels } from "./tfjs-patch.mjs";

const [backend, patched] = process.argv.slice(2);
setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend(backend);
await tf.ready();
if (patched === "patched") addMissingKernels();

const made = ({ values, shape }) => tf.tensor(values, shape);
const nhwc = (x) => x.transpose([0, 2, 3, 1]);
const nchw = (x) => x.transpose([0, 3, 1, 2]);
/** [O, C, H, W] → [H, W, C, O] and back. */
const hwio = (w) => w.transpose([2, 3, 1, 0]);
const oihw = (w) => w.transpose([3, 2, 0, 1]);

const read = (arrays) => tf.tidy(() => arrays().map((x) => x.dataSync()));
const forward = (f, given = (x) => x) => ({ run: () => tf.dispose(tf.tidy(f)), results: () => read(() => [given(f())]) });

/** Gradients of ½Σy² for some leaves. */
function gradients(leaves, f, given = []) {
  const g = tf.grads((...xs) => f(...xs).square().sum().mul(0.5));
  return { run: () => tf.dispose(g(leaves)), results: () => read(() => g(leaves).map((x, i) => (given[i] ?? ((same) => same))(x))) };
}

function training(params, logits, update, { targets, labels: { classes } }) {
  const target = tf.oneHot(tf.tensor1d(targets, "int32"), classes);
  const step = () => tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => tf.losses.softmaxCrossEntropy(target, logits()), params);
    update(grads);
    return value.dataSync()[0];
  });
  return { step };
}

const applied = (optimizer) => (grads) => optimizer.applyGradients(grads);
const adam = () => applied(tf.train.adam(1e-3, 0.9, 0.999, 1e-8));

const gelu = (x) => x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1));
const linear = (x, w, b) => tf.matMul(x.reshape([-1, w.shape[1]]), w, false, true).add(b).reshape([...x.shape.slice(0, -1), w.shape[0]]);
const embedded = (tokens, table) => tf.gather(table, tokens);

function layerNorm(x, w, b) {
  const { mean, variance } = tf.moments(x, -1, true);
  return x.sub(mean).mul(variance.add(1e-5).rsqrt()).mul(w).add(b);
}

const mlp = (x, p) => linear(tf.relu(linear(tf.relu(linear(x, p[0], p[1])), p[2], p[3])), p[4], p[5]);

function cnn(x, p) {
  let h = tf.maxPool(tf.relu(tf.conv2d(x, p[0], 1, "same").add(p[1])), 2, 2, "valid");
  h = tf.maxPool(tf.relu(tf.conv2d(h, p[2], 1, "same").add(p[3])), 2, 2, "valid");
  return linear(tf.relu(linear(nchw(h).reshape([x.shape[0], 3136]), p[4], p[5])), p[6], p[7]);
}

function lstm(tokens, p) {
  const [batch, steps] = tokens.shape;
  const inputs = linear(embedded(tokens, p[0]), p[1], p[3].add(p[4]));
  let [h, c] = [tf.zeros([batch, 256]), tf.zeros([batch, 256])];
  const outputs = tf.unstack(inputs.reshape([batch, steps, 1024]), 1).map((row) => {
    const [i, f, g, o] = tf.split(row.add(tf.matMul(h, p[2], false, true)), 4, 1);
    c = tf.sigmoid(f).mul(c).add(tf.sigmoid(i).mul(tf.tanh(g)));
    h = tf.sigmoid(o).mul(tf.tanh(c));
    return h;
  });
  return linear(tf.stack(outputs, 1).reshape([-1, 256]), p[5], p[6]);
}

function gpt(tokens, p) {
  const [n, t] = tokens.shape;
  const barrier = tf.linalg.bandPart(tf.ones([t, t]), -1, 0).sub(1).mul(1e9);
  let x = embedded(tokens, p[0]).add(p[1]);
  for (let k = 0; k < 4; k++) {
    const w = p.slice(2 + 12 * k, 14 + 12 * k);
    const qkv = linear(layerNorm(x, w[0], w[1]), w[2], w[3]).reshape([n, t, 3, 4, 32]).transpose([2, 0, 3, 1, 4]);
    const [query, key, value] = tf.unstack(qkv, 0);
    const weights = tf.softmax(tf.matMul(query, key, false, true).div(Math.sqrt(32)).add(barrier));
    x = x.add(linear(tf.matMul(weights, value).transpose([0, 2, 1, 3]).reshape([n, t, 128]), w[4], w[5]));
    x = x.add(linear(gelu(linear(layerNorm(x, w[6], w[7]), w[8], w[9])), w[10], w[11]));
  }
  return linear(layerNorm(x, p[50], p[51]), p[52], p[53]).reshape([-1, 65]);
}

/** Decay apart from the gradient, as in AdamW, which TensorFlow.js has not. */
function adamW(params) {
  const update = adam();
  return (grads) => {
    for (const x of params) x.assign(x.mul(1 - 1e-3 * 0.01));
    update(grads);
  };
}

const variables = (params) => params.map((x) => tf.variable(x.shape.length === 4 ? hwio(x) : x));
const tokensOf = ({ tokens, labels: { shape } }) => tf.tensor(tokens, shape, "int32");

const programs = {
  matmul512: (_, [a, b]) => forward(() => tf.matMul(a, b)),
  matmul1024: (_, [a, b]) => forward(() => tf.matMul(a, b)),
  gelu: (_, [x, a, b]) => forward(() => gelu(x.mul(a).add(b))),
  geluGradient: (_, [x, a, b]) => gradients([x], (y) => gelu(y.mul(a).add(b))),
  softmax: (_, [x]) => forward(() => tf.softmax(x)),
  layerNorm: (_, [x], [w, b]) => forward(() => layerNorm(x, w, b)),
  conv(_, [x], [w]) {
    const [image, kernel] = [nhwc(x), hwio(w)];
    return forward(() => tf.conv2d(image, kernel, 1, "same"), nchw);
  },
  convGradient: (_, [x], [w]) => gradients([nhwc(x), hwio(w)], (a, b) => tf.conv2d(a, b, 1, "same"), [nchw, oihw]),
  mlp(task, [x], params) {
    const p = variables(params);
    return training(p, () => mlp(x, p), applied(tf.train.momentum(0.01, 0.9)), task);
  },
  cnn(task, [x], params) {
    const [p, image] = [variables(params), nhwc(x)];
    return training(p, () => cnn(image, p), adam(), task);
  },
  cnnInference(_, [x], params) {
    const [p, image] = [variables(params), nhwc(x)];
    return forward(() => cnn(image, p));
  },
  lstm(task, _, params) {
    const [p, tokens] = [variables(params), tokensOf(task)];
    return training(p, () => lstm(tokens, p), adam(), task);
  },
  gpt(task, _, params) {
    const [p, tokens] = [variables(params), tokensOf(task)];
    return training(p, () => gpt(tokens, p), adamW(p), task);
  },
};

await serve((task) => programs[task.name](task, task.inputs.map(made), task.params.map(made)));
