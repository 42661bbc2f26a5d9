// jax-js as a contestant, on its WebAssembly device. Every use of an array but its last is of a `.ref`.
import { blockUntilReady, defaultDevice, grad, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { serve } from "../protocol.js";

await init("wasm");
defaultDevice("wasm");

const made = ({ values, shape }) => np.array(values).reshape(shape);

function compiled(f, ...args) {
  const run = jit(f);
  const call = () => blockUntilReady(run(...args.map((x) => x.ref)));
  return {
    run: async () => tree.dispose(await call()),
    results: async () => Promise.all([await call()].flat().map((x) => x.data())),
  };
}

/** Gradients of ½Σy² for the first `count` arguments. */
function gradients(count, f, ...args) {
  const argnums = Array.from({ length: count }, (_, i) => i);
  return compiled((...xs) => grad((...ys) => np.square(f(...ys)).sum().mul(0.5), { argnums })(...xs), ...args);
}

const crossEntropy = (logits, target) => nn.logSoftmax(logits, -1).mul(target).sum(-1).mean().mul(-1);

/** One step as a compiled function of parameters, optimizer state and corrections of Adam's averages. */
function training(params, logits, { update, state }, { targets, labels: { classes } }) {
  const target = nn.oneHot(np.array(targets, { dtype: np.int32 }), classes);
  const step = jit((own, kept, correction) => {
    const [loss, gradients] = valueAndGrad((p) => crossEntropy(logits(p), target.ref))(tree.ref(own));
    return [loss, ...update(own, gradients, kept, correction)];
  });
  let [own, kept, count] = [params, state(params), 0];
  return {
    async step() {
      count += 1;
      const [loss, nextOwn, nextKept] = step(own, kept, np.array([1 - 0.9 ** count, 1 - 0.999 ** count]));
      [own, kept] = [nextOwn, nextKept];
      await blockUntilReady(own);
      return (await loss.data())[0];
    },
  };
}

const zerosLike = (params) => params.map((p) => np.zeros(p.shape));

const momentum = {
  state: zerosLike,
  update(params, gradients, velocity, correction) {
    correction.dispose();
    const next = velocity.map((v, i) => v.mul(0.9).add(gradients[i]));
    return [params.map((p, i) => p.sub(next[i].ref.mul(0.01))), next];
  },
};

/** `decay`: what AdamW takes off the parameters besides. */
const adam = (decay = 0) => ({
  state: (params) => [zerosLike(params), zerosLike(params)],
  update(params, gradients, [means, squares], correction) {
    const nextMeans = means.map((m, i) => m.mul(0.9).add(gradients[i].ref.mul(0.1)));
    const nextSquares = squares.map((v, i) => v.mul(0.999).add(np.square(gradients[i]).mul(0.001)));
    const first = correction.ref.slice(0);
    const second = correction.slice(1);
    const next = params.map((p, i) => {
      const change = nextMeans[i].ref.div(first.ref).div(np.sqrt(nextSquares[i].ref.div(second.ref)).add(1e-8));
      return p.mul(1 - 1e-3 * decay).sub(change.mul(1e-3));
    });
    first.dispose();
    second.dispose();
    return [next, [nextMeans, nextSquares]];
  },
});

const gelu = (x) => nn.gelu(x, { approximate: false });
const linear = (x, w, b) => np.matmul(x, np.transpose(w)).add(b);
const layerNorm = (x, w, b) => nn.standardize(x, -1).mul(w).add(b);
/** As a product: under `jit` a gather has no gradient. */
const embedded = (table, tokens) => np.matmul(nn.oneHot(tokens, 65), table);
const convolved = (x, w) => lax.convGeneralDilated(x, w, [1, 1], "SAME");

/** By hand: `nn.dotProductAttention` needs iterator helpers, which Node 20 lacks. Shapes: [n, t, heads, width]. */
function causalAttention(query, key, value) {
  const [, t, , width] = query.shape;
  const headsFirst = (x) => np.transpose(x, [0, 2, 1, 3]);
  const future = np.array(Float32Array.from({ length: t * t }, (_, i) => (i % t > Math.floor(i / t) ? -1e9 : 0))).reshape([t, t]);
  const scores = np.matmul(headsFirst(query), np.transpose(key, [0, 2, 3, 1])).mul(1 / Math.sqrt(width)).add(future);
  return headsFirst(np.matmul(nn.softmax(scores, -1), headsFirst(value)));
}

const mlp = (x, p) => linear(nn.relu(linear(nn.relu(linear(x, p[0], p[1])), p[2], p[3])), p[4], p[5]);

function cnn(x, p) {
  const stage = (h, w, b) => lax.reduceWindow(nn.relu(convolved(h, w).add(b.reshape([1, -1, 1, 1]))), (window) => np.max(window), [2, 2], [2, 2]);
  const flat = stage(stage(x, p[0], p[1]), p[2], p[3]).reshape([-1, 3136]);
  return linear(nn.relu(linear(flat, p[4], p[5])), p[6], p[7]);
}

function lstm(tokens, p) {
  const [batch, steps] = tokens.shape;
  const inputs = linear(embedded(p[0], tokens), p[1], p[3].add(p[4]));
  let [h, c] = [np.zeros([batch, 256]), np.zeros([batch, 256])];
  const recurrent = np.transpose(p[2]);
  const outputs = np.unstack(inputs, 1).map((row) => {
    const [i, f, g, o] = np.split(row.add(np.matmul(h, recurrent.ref)), 4, 1);
    c = nn.sigmoid(f).mul(c).add(nn.sigmoid(i).mul(np.tanh(g)));
    h = nn.sigmoid(o).mul(np.tanh(c.ref));
    return h.ref;
  });
  tree.dispose([h, c, recurrent]);
  return linear(np.stack(outputs, 1).reshape([batch * steps, 256]), p[5], p[6]);
}

function gpt(tokens, p) {
  const [n, t] = tokens.shape;
  let x = embedded(p[0], tokens).add(p[1]);
  for (let k = 0; k < 4; k++) {
    const w = p.slice(2 + 12 * k, 14 + 12 * k);
    const qkv = linear(layerNorm(x.ref, w[0], w[1]), w[2], w[3]).reshape([n, t, 3, 4, 32]);
    const [query, key, value] = np.unstack(qkv, 2);
    const seen = causalAttention(query, key, value).reshape([n, t, 128]);
    x = x.add(linear(seen, w[4], w[5]));
    x = x.ref.add(linear(gelu(linear(layerNorm(x, w[6], w[7]), w[8], w[9])), w[10], w[11]));
  }
  return linear(layerNorm(x, p[50], p[51]), p[52], p[53]).reshape([n * t, 65]);
}

const tokensOf = ({ tokens, labels: { shape } }) => np.array(tokens, { dtype: np.int32 }).reshape(shape);

const programs = {
  matmul512: (_, [a, b]) => compiled(np.matmul, a, b),
  matmul1024: (_, [a, b]) => compiled(np.matmul, a, b),
  gelu: (_, [x, a, b]) => compiled((u, v, w) => gelu(u.mul(v).add(w)), x, a, b),
  geluGradient: (_, [x, a, b]) => gradients(1, (u, v, w) => gelu(u.mul(v).add(w)), x, a, b),
  softmax: (_, [x]) => compiled((u) => nn.softmax(u, -1), x),
  layerNorm: (_, [x], [w, b]) => compiled(layerNorm, x, w, b),
  conv: (_, [x], [w]) => compiled(convolved, x, w),
  convGradient: (_, [x], [w]) => gradients(2, convolved, x, w),
  mlp: (task, [x], params) => training(params, (p) => mlp(x.ref, p), momentum, task),
  cnn: (task, [x], params) => training(params, (p) => cnn(x.ref, p), adam(), task),
  cnnInference: (_, [x], params) => compiled((image, ...p) => cnn(image, p), x, ...params),
  lstm(task, _, params) {
    const tokens = tokensOf(task);
    return training(params, (p) => lstm(tokens.ref, p), adam(), task);
  },
  gpt(task, _, params) {
    const tokens = tokensOf(task);
    return training(params, (p) => gpt(tokens.ref, p), adam(0.01), task);
  },
};

await serve((task) => programs[task.name](task, task.inputs.map(made), task.params.map(made)));
