import type { Tensor } from "@dl/tensor";
import type { OnnxNode, Operator, Operators } from "./node.js";

/** What an update knows: the learning rate, how many updates there were, and the node's attributes. */
interface Step {
  readonly rate: Tensor;
  readonly count: number;
  readonly node: OnnxNode;
}

/** From a parameter, its gradient and its state to the next parameter and state. */
type Update = (step: Step, tensors: readonly Tensor[]) => Tensor[];

/** The gradient with that of norm_coefficient/2·‖x‖². */
const regularised = (node: OnnxNode, x: Tensor, gradient: Tensor): Tensor => x.mul(node.number("norm_coefficient", 0)).add(gradient);

/** Inputs are R, T, all parameters, all gradients, all states of the first kind, …; outputs likewise, without the gradients. */
const optimizer = (kinds: number, update: Update): Operator => (node) => {
  const [rate, ...tensors] = node.all();
  const parameters = (tensors.length - 1) / kinds;
  const step = { rate, count: node.values(1)?.[0] ?? 0, node };
  const updated = Array.from({ length: parameters }, (_, i) => update(step, tensors.slice(1).filter((__, k) => k % parameters === i)));
  return updated[0].flatMap((_, kind) => updated.map((next) => next[kind]));
};

/** (Duchi et al., 2011) */
const adagrad: Update = ({ rate, count, node }, [x, gradient, squares]) => {
  const g = regularised(node, x, gradient);
  const next = squares.add(g.square());
  const decayed = rate.div(1 + count * node.number("decay_factor", 0));
  return [x.sub(decayed.mul(g).div(next.sqrt().add(node.number("epsilon", 1e-6)))), next];
};

/** (Kingma & Ba, 2015) */
const adam: Update = ({ rate, count, node }, [x, gradient, mean, square]) => {
  const [alpha, beta] = [node.number("alpha", 0.9), node.number("beta", 0.999)];
  const g = regularised(node, x, gradient);
  const nextMean = mean.mul(alpha).add(g.mul(1 - alpha));
  const nextSquare = square.mul(beta).add(g.square().mul(1 - beta));
  const correction = count > 0 ? Math.sqrt(1 - beta ** count) / (1 - alpha ** count) : 1;
  const next = x.sub(rate.mul(correction).mul(nextMean).div(nextSquare.sqrt().add(node.number("epsilon", 1e-6))));
  return [next.mul(1 - node.number("norm_coefficient_post", 0)), nextMean, nextSquare];
};

const momentum: Update = ({ rate, count, node }, [x, gradient, velocity]) => {
  const alpha = node.number("alpha", 0);
  const g = regularised(node, x, gradient);
  const next = velocity.mul(alpha).add(g.mul(count > 0 ? node.number("beta", 1) : 1));
  const direction = node.text("mode", "standard") === "nesterov" ? g.add(next.mul(alpha)) : next;
  return [x.sub(rate.mul(direction)), next];
};

export const training: Operators = {
  Adagrad: optimizer(3, adagrad),
  Adam: optimizer(4, adam),
  Momentum: optimizer(3, momentum),
};
