// What an LSTM does between two products, in one kernel, and its gradient in another: the gates share their sigmoids.
import { cat, elementwise, record, stack, state, withGradMode } from "@dl/tensor";
import type { Expr, GradientRule, Tensor } from "@dl/tensor";
import { Update } from "../../optim/update.js";
import { gatesOf, sigmoidSlope, tanhSlope } from "./gates.js";

/** Values of the gates i, f, g, o, from what stands before their non-linearities. */
export const gateValues = ([input, forget, candidate, output]: readonly Expr[]): Expr[] => [input.sigmoid(), forget.sigmoid(), candidate.tanh(), output.sigmoid()];

/** c' = f·c + i·g, h' = o·tanh(c'), from the gates' values. */
export function nextState([i, f, g, o]: readonly Expr[], cell: Expr): readonly [hidden: Expr, cell: Expr] {
  const fresh = f.mul(cell).add(i.mul(g));
  return [o.mul(fresh.tanh()), fresh];
}

/**
 * The gradients of what stands before the non-linearities of i, f, g, o, and that of c, given those of h' and c'.
 * @param gates their values; @param shown tanh(c')
 */
export function gateGradients([i, f, g, o]: readonly Expr[], cell: Expr, shown: Expr, toHidden: Expr, toCell: Expr): readonly Expr[] {
  const total = toCell.add(toHidden.mul(o).mul(tanhSlope(shown)));
  return [total.mul(g).mul(sigmoidSlope(i)), total.mul(cell).mul(sigmoidSlope(f)), total.mul(i).mul(tanhSlope(g)), toHidden.mul(shown).mul(sigmoidSlope(o)), total.mul(f)];
}

function next([input, forget, candidate, output, cell]: readonly Expr[]): readonly Expr[] {
  return nextState(gateValues([input, forget, candidate, output]), cell);
}

function gradients([input, forget, candidate, output, cell, toHidden, toCell]: readonly Expr[]): readonly Expr[] {
  const gates = gateValues([input, forget, candidate, output]);
  return gateGradients(gates, cell, nextState(gates, cell)[1].tanh(), toHidden, toCell);
}

/** Made when the first LSTM runs. */
let made: ReturnType<typeof compile> | undefined;
function compile() {
  const single = (k: number) => elementwise(`lstmGradient${k}`, (i, f, g, o, c, h, n) => gradients([i, f, g, o, c, h, n])[k]);
  return { forward: new Update(5, 0, next), backward: new Update(7, 0, gradients), differentiable: [0, 1, 2, 3, 4].map(single) };
}
const kernels = (): ReturnType<typeof compile> => (made ??= compile());

const rule: GradientRule<null> = {
  name: "lstmStep",
  flops: (_, output) => 8 * output.size,
  backward: ({ grad, inputs: [all, cell] }) => {
    const inputs = [...gatesOf(all, 4), cell, grad.select(0, 0), grad.select(0, 1)];
    // One kernel, unless the gradient is to be differentiated itself.
    const found = state.gradEnabled ? kernels().differentiable.map((op) => op(...(inputs as Parameters<typeof op>))) : kernels().backward.run(inputs, []);
    return [cat(found.slice(0, 4), 1), found[4]];
  },
};

/** Shapes: what stands before the gates' non-linearities [N, 4·H] in the order i, f, g, o, cell [N, H] → hidden and cell [N, H]. */
export function lstmStep(all: Tensor, cell: Tensor): readonly [hidden: Tensor, cell: Tensor] {
  const [hidden, fresh] = withGradMode(false, () => kernels().forward.run([...gatesOf(all, 4), cell], []));
  if (!state.gradEnabled || !(all.requiresGrad || cell.requiresGrad)) return [hidden, fresh];
  const both = record(withGradMode(false, () => stack([hidden, fresh])), rule, [all, cell], null);
  return [both.select(0, 0), both.select(0, 1)];
}
