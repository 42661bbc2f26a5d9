// jax-js as a contestant, on its WebAssembly device. Arguments are consumed: what is used again is passed as `.ref`.
import { defaultDevice, init, jit, nn, numpy as np, scipySpecial as special, valueAndGrad, grad, tree, blockUntilReady } from "@jax-js/jax";
import { serve, tokensOf, valuesOf } from "./protocol.mjs";

await init("wasm");
defaultDevice("wasm");

const made = (spec) => np.array(valuesOf(spec)).reshape(spec.shape);
const first = async (x) => (await x.flatten().slice([0, 1]).data())[0];
const forward = (f, ...args) => {
  const compiled = jit(f);
  return () => first(compiled(...args.map((x) => x.ref)));
};

const gelu = (x) => x.ref.mul(0.5).mul(special.erf(x.mul(Math.SQRT1_2)).add(1));
const linear = (x, w, b) => np.matmul(x, np.transpose(w)).add(b);
const crossEntropy = (logits, target) => nn.logSoftmax(logits, -1).mul(target).sum(-1).mean().mul(-1);

/** One step as a compiled function of parameters, optimizer state and step number. */
function training(params, loss, update, state) {
  let [p, s, n] = [params, state, 0];
  const step = jit((own, kept, correction) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(own));
    const [next, left] = update(own, gradients, kept, correction);
    return [value, next, left];
  });
  return async () => {
    n += 1;
    const [value, next, left] = step(p, s, np.array([1 - 0.9 ** n, 1 - 0.999 ** n]));
    [p, s] = [next, left];
    await blockUntilReady(tree.ref(p));
    return (await value.data())[0];
  };
}

function momentum(params, gradients, velocity, correction) {
  correction.dispose();
  const next = velocity.map((v, i) => v.mul(0.9).add(gradients[i]));
  return [params.map((p, i) => p.sub(next[i].ref.mul(0.01))), next];
}

const programs = {
  matmul512: ([a, b]) => forward((x, y) => np.matmul(x, y), a, b),
  matmul1024: ([a, b]) => forward((x, y) => np.matmul(x, y), a, b),
  gelu: ([x, a, b]) => forward((u, v, w) => gelu(u.mul(v).add(w)), x, a, b),
  geluGradient: ([x, a, b]) => forward((u, v, w) => grad((y) => np.square(gelu(y.mul(v.ref).add(w.ref))).sum().mul(0.5))(u), x, a, b),
  softmax: ([x]) => forward((u) => nn.softmax(u, -1), x),
  mlp: ([x], params, labels) => {
    const target = nn.oneHot(np.array(tokensOf(labels, 0), { dtype: np.int32 }), 10);
    const loss = (p) => crossEntropy(linear(nn.relu(linear(nn.relu(linear(x.ref, p[0], p[1])), p[2], p[3])), p[4], p[5]), target.ref);
    return training(params, loss, momentum, params.map((p) => np.zeros(p.shape)));
  },
};

await serve(({ name, inputs, params, labels }) => {
  if (programs[name] === undefined) throw new Error("not written for jax-js");
  return programs[name](inputs.map(made), params.map(made), labels);
});
