// TensorFlow.js as a contestant: node tfjs.mjs wasm | cpu
import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { serve, tokensOf, valuesOf } from "./protocol.mjs";

const [backend] = process.argv.slice(2);
setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend(backend);
await tf.ready();

const made = (spec) => tf.tensor(valuesOf(spec), spec.shape);
const first = (x) => x.flatten().slice([0], [1]).dataSync()[0];
const forward = (f) => () => tf.tidy(() => first(f()));

function gradients(f, leaves) {
  const g = tf.valueAndGrads((...xs) => {
    const y = f(...xs);
    // The gradient of y itself, as its own direction: ½Σy².
    return y.square().sum().mul(0.5);
  });
  return () => tf.tidy(() => g(leaves).grads.reduce((sum, x) => sum + first(x), 0));
}

const gelu = (x) => x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1));
const linear = (x, w, b) => {
  const rows = x.reshape([-1, w.shape[1]]);
  return tf.matMul(rows, w, false, true).add(b).reshape([...x.shape.slice(0, -1), w.shape[0]]);
};
const layerNorm = (x, w, b) => {
  const { mean, variance } = tf.moments(x, -1, true);
  return x.sub(mean).mul(variance.add(1e-5).rsqrt()).mul(w).add(b);
};

/** Weights in PyTorch's layout, turned to TensorFlow.js' once: [O, C, H, W] → [H, W, C, O]. */
const variable = (x) => tf.variable(x.shape.length === 4 ? x.transpose([2, 3, 1, 0]) : x);

function training(params, step, logits, labels, classes) {
  const target = tf.oneHot(tf.tensor1d(labels, "int32"), classes);
  return () => {
    const loss = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => tf.losses.softmaxCrossEntropy(target, logits()), params);
      step(grads);
      return value.dataSync()[0];
    });
    return loss;
  };
}

function cnn(x, p) {
  let h = tf.maxPool(tf.relu(tf.conv2d(x, p[0], 1, "same").add(p[1])), 2, 2, "valid");
  h = tf.maxPool(tf.relu(tf.conv2d(h, p[2], 1, "same").add(p[3])), 2, 2, "valid");
  const flat = h.transpose([0, 3, 1, 2]).reshape([x.shape[0], 3136]);
  return linear(tf.relu(linear(flat, p[4], p[5])), p[6], p[7]);
}

function lstm(tokens, p, steps, batch) {
  const x = tf.matMul(tf.oneHot(tokens, 65).cast("float32").reshape([-1, 65]), p[0]);
  const inputs = linear(x, p[1], p[3].add(p[4])).reshape([batch, steps, 1024]);
  let [h, c] = [tf.zeros([batch, 256]), tf.zeros([batch, 256])];
  const outputs = tf.unstack(inputs, 1).map((row) => {
    const [i, f, g, o] = tf.split(row.add(tf.matMul(h, p[2], false, true)), 4, 1);
    c = tf.sigmoid(f).mul(c).add(tf.sigmoid(i).mul(tf.tanh(g)));
    h = tf.sigmoid(o).mul(tf.tanh(c));
    return h;
  });
  return linear(tf.stack(outputs, 1).reshape([-1, 256]), p[5], p[6]);
}

function gpt(tokens, p, n, t) {
  const barrier = tf.tidy(() => tf.linalg.bandPart(tf.ones([t, t]), -1, 0).sub(1).mul(1e9));
  let x = tf.matMul(tf.oneHot(tokens, 65).cast("float32").reshape([-1, 65]), p[0]).reshape([n, t, 128]).add(p[1]);
  for (let k = 0; k < 4; k++) {
    const w = p.slice(2 + 12 * k, 14 + 12 * k);
    const qkv = linear(layerNorm(x, w[0], w[1]), w[2], w[3]).reshape([n, t, 3, 4, 32]).transpose([2, 0, 3, 1, 4]);
    const [q, key, v] = tf.unstack(qkv, 0);
    const weights = tf.softmax(tf.matMul(q, key, false, true).div(Math.sqrt(32)).add(barrier));
    x = x.add(linear(tf.matMul(weights, v).transpose([0, 2, 1, 3]).reshape([n, t, 128]), w[4], w[5]));
    x = x.add(linear(gelu(linear(layerNorm(x, w[6], w[7]), w[8], w[9])), w[10], w[11]));
  }
  return linear(layerNorm(x, p[50], p[51]), p[52], p[53]).reshape([-1, 65]);
}

const adam = (rate) => {
  const optimizer = tf.train.adam(rate, 0.9, 0.999, 1e-8);
  return (grads) => optimizer.applyGradients(grads);
};

const nhwc = (x) => x.transpose([0, 2, 3, 1]);

const programs = {
  matmul512: ([a, b]) => forward(() => tf.matMul(a, b)),
  matmul1024: ([a, b]) => forward(() => tf.matMul(a, b)),
  gelu: ([x, a, b]) => forward(() => gelu(x.mul(a).add(b))),
  geluGradient: ([x, a, b]) => gradients((y) => gelu(y.mul(a).add(b)), [x]),
  softmax: ([x]) => forward(() => tf.softmax(x)),
  layerNorm: ([x], [w, b]) => forward(() => layerNorm(x, w.add(1), b)),
  conv: ([x], [w]) => {
    const [image, kernel] = [nhwc(x), variable(w)];
    return forward(() => tf.conv2d(image, kernel, 1, "same"));
  },
  convGradient: ([x], [w]) => gradients((a, b) => tf.conv2d(a, b, 1, "same"), [nhwc(x), w.transpose([2, 3, 1, 0])]),
  mlp: ([x], params, labels) => {
    const p = params.map(variable);
    const optimizer = tf.train.momentum(0.01, 0.9);
    return training(p, (grads) => optimizer.applyGradients(grads), () => linear(tf.relu(linear(tf.relu(linear(x, p[0], p[1])), p[2], p[3])), p[4], p[5]), tokensOf(labels, 0), 10);
  },
  cnn: ([x], params, labels) => {
    const [p, image] = [params.map(variable), nhwc(x)];
    return training(p, adam(1e-3), () => cnn(image, p), tokensOf(labels, 0), 10);
  },
  cnnInference: ([x], params) => {
    const [p, image] = [params.map(variable), nhwc(x)];
    return forward(() => cnn(image, p));
  },
  lstm: (_, params, labels) => {
    const p = params.map(variable);
    const tokens = tf.tensor(tokensOf(labels, 0), labels.shape, "int32");
    return training(p, adam(1e-3), () => lstm(tokens, p, 64, 32), tokensOf(labels, 1), 65);
  },
  gpt: (_, params, labels) => {
    const norms = new Set([...[0, 1, 2, 3].flatMap((k) => [2 + 12 * k, 8 + 12 * k]), 50]);
    const p = params.map((x, i) => variable(norms.has(i) ? x.add(1) : x));
    const tokens = tf.tensor(tokensOf(labels, 0), labels.shape, "int32");
    const update = adam(1e-3);
    const decayed = (grads) => {
      for (const x of p) x.assign(x.mul(1 - 1e-3 * 0.01));
      update(grads);
    };
    return training(p, decayed, () => gpt(tokens, p, 16, 64), tokensOf(labels, 1), 65);
  },
};

await serve(({ name, inputs, params, labels }) => programs[name](inputs.map(made), params.map(made), labels));
