import { backward } from "@dl/autograd";
import { currentBackend, randn, softmax } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { secondsPerCall } from "./measure.js";
import type { Row } from "./measure.js";

const chain = 100;

/** Time per op, forward and backward, of a chain of ops on tensors so small that only dispatch counts. */
function chainRow(name: string, step: (x: Tensor, w: Tensor) => Tensor, shape = [2, 3]): Row {
  const x = randn(shape, { requiresGrad: true });
  const w = randn(shape);
  const seconds = secondsPerCall(() => {
    let y = x;
    for (let i = 0; i < chain; i++) y = step(y, w);
    backward(y, { gradient: w });
    x.grad = null;
  });
  return { name: `${name}, forward + backward`, value: (seconds / chain) * 1e6, unit: "µs/op", goal: `goal ≤ ${currentBackend().name === "wasm" ? 1 : 2}` };
}

export const dispatchRows = (): Row[] => [
  chainRow("add", (y, w) => y.add(w)),
  chainRow("mul by a tensor", (y, w) => y.mul(w)),
  chainRow("mul by a number", (y) => y.mul(1.01)),
  chainRow("tanh", (y) => y.tanh()),
  chainRow("relu", (y) => y.relu()),
  chainRow("reshape", (y) => y.reshape([2, 3])),
  chainRow("matmul [2, 2]", (y, w) => y.matmul(w), [2, 2]),
  chainRow("softmax", (y) => softmax(y, 1)),
];
