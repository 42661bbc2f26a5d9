// What an LSTM does between two products, in one kernel, and its gradient in another: the gates share their sigmoids.
import { cat, elementwise, record, stack, state, withGradMode } from "@dl/tensor";
import type { Expr, GradientRule, Tensor } from "@dl/tensor";
import { Update } from "../../optim/update.js";

/** c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c'). */
function next([input, forget, candidate, output, cell]: readonly Expr[]): readonly [hidden: Expr, cell: Expr] {
  const fresh = forget.sigmoid().mul(cell).add(input.sigmoid().mul(candidate.tanh()));
  return [output.sigmoid().mul(fresh.tanh()), fresh];
}

/** σ' = σ·(1 − σ) and tanh' = 1 − tanh², by their values. */
const sigmoidSlope = (value: Expr): Expr => value.mul(value.neg().add(1));
const tanhSlope = (value: Expr): Expr => value.square().neg().add(1);

/** The gradients of i, f, g, o and c, given those of h' and c'. */
function gradients(inputs: readonly Expr[]): readonly Expr[] {
  const [input, forget, candidate, output, cell, toHidden, toCell] = inputs;
  const [i, f, g, o] = [input.sigmoid(), forget.sigmoid(), candidate.tanh(), output.sigmoid()];
  const shown = f.mul(cell).add(i.mul(g)).tanh();
  const total = toCell.add(toHidden.mul(o).mul(tanhSlope(shown)));
  return [total.mul(g).mul(sigmoidSlope(i)), total.mul(cell).mul(sigmoidSlope(f)), total.mul(i).mul(tanhSlope(g)), toHidden.mul(shown).mul(sigmoidSlope(o)), total.mul(f)];
}

/** Made when the first LSTM runs. */
let made: ReturnType<typeof compile> | undefined;
function compile() {
  const single = (k: number) => elementwise(`lstmGradient${k}`, (i, f, g, o, c, h, n) => gradients([i, f, g, o, c, h, n])[k]);
  return { forward: new Update(5, 0, next), backward: new Update(7, 0, gradients), differentiable: [0, 1, 2, 3, 4].map(single) };
}
const kernels = (): ReturnType<typeof compile> => (made ??= compile());

/** The rows of a product apart by gates: [N, 4·H] → four of [N, H]. */
export const gatesOf = (all: Tensor): Tensor[] => {
  const size = all.shape[1] / 4;
  return [0, 1, 2, 3].map((k) => all.slice(1, k * size, (k + 1) * size));
};

const rule: GradientRule<null> = {
  name: "lstmStep",
  flops: (_, output) => 8 * output.size,
  backward: ({ grad, inputs: [all, cell] }) => {
    const inputs = [...gatesOf(all), cell, grad.select(0, 0), grad.select(0, 1)];
    // One kernel, unless the gradient is to be differentiated itself.
    const found = state.gradEnabled ? kernels().differentiable.map((op) => op(...(inputs as Parameters<typeof op>))) : kernels().backward.run(inputs, []);
    return [cat(found.slice(0, 4), 1), found[4]];
  },
};

/** Shapes: what stands before the gates' non-linearities [N, 4·H] in the order i, f, g, o, cell [N, H] → hidden and cell [N, H]. */
export function lstmStep(all: Tensor, cell: Tensor): readonly [hidden: Tensor, cell: Tensor] {
  const [hidden, fresh] = withGradMode(false, () => kernels().forward.run([...gatesOf(all), cell], []));
  if (!state.gradEnabled || !(all.requiresGrad || cell.requiresGrad)) return [hidden, fresh];
  const both = record(withGradMode(false, () => stack([hidden, fresh])), rule, [all, cell], null);
  return [both.select(0, 0), both.select(0, 1)];
}
