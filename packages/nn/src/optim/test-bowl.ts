// The problem that the tests of the optimizers share, and option sets of every optimizer.
import { backward } from "@dl/autograd";
import { tensor } from "@dl/tensor";
import type { Backend, Tensor } from "@dl/tensor";
import { parameter } from "../module/parameter.js";
import type { Parameter } from "../module/parameter.js";
import { Adadelta, Adagrad, Adam, AdamW, Adamax, NAdam, RAdam, RMSprop, SGD } from "./index.js";
import type { Optimized, OptimizerState } from "./index.js";

/** 5w₀² + ½w₁², the course's ill-conditioned bowl. */
export const bowl = (w: Tensor): Tensor => w.square().mul(tensor([5, 0.5], { dtype: w.dtype, backend: w.backend })).sum();

export const start = (backend?: Backend): Parameter => parameter(tensor([1, 1], { dtype: "float64", ...(backend && { backend }) }));

/** What the tests need of any optimizer. */
export interface AnyOptimizer {
  step(): void;
  zeroGrad(): void;
  stateDict(): OptimizerState;
  loadStateDict(state: OptimizerState): void;
}

export function walk(optimizer: Pick<AnyOptimizer, "step" | "zeroGrad">, w: Tensor, steps: number): number[][] {
  return Array.from({ length: steps }, () => {
    optimizer.zeroGrad();
    backward(bowl(w));
    optimizer.step();
    return [...w.dataSync()];
  });
}

export type Make = (params: Optimized<object>) => AnyOptimizer;

/** Every optimizer, with every tensor that it may keep. */
export const makers: readonly (readonly [name: string, make: Make])[] = [
  ["SGD", (p) => new SGD(p, { lr: 0.05 })],
  ["SGD with momentum", (p) => new SGD(p, { lr: 0.05, momentum: 0.9, dampening: 0.5, weightDecay: 0.1 })],
  ["SGD with Nesterov's momentum", (p) => new SGD(p, { lr: 0.05, momentum: 0.9, nesterov: true })],
  ["Adam", (p) => new Adam(p, { lr: 0.1, weightDecay: 0.1 })],
  ["Adam with AMSGrad", (p) => new Adam(p, { lr: 0.1, betas: [0.5, 0.7], amsgrad: true })],
  ["AdamW", (p) => new AdamW(p, { lr: 0.1, weightDecay: 0.1 })],
  ["AdamW with AMSGrad", (p) => new AdamW(p, { lr: 0.1, betas: [0.5, 0.7], amsgrad: true })],
  ["NAdam", (p) => new NAdam(p, { lr: 0.1, weightDecay: 0.1 })],
  ["RAdam", (p) => new RAdam(p, { lr: 0.1, betas: [0.9, 0.99] })],
  ["RMSprop", (p) => new RMSprop(p)],
  ["RMSprop, centred, with momentum", (p) => new RMSprop(p, { centered: true, momentum: 0.9 })],
  ["Adagrad", (p) => new Adagrad(p, { lr: 0.5, lrDecay: 0.1, initialAccumulatorValue: 0.2 })],
  ["Adadelta", (p) => new Adadelta(p, { weightDecay: 0.1 })],
  ["Adamax", (p) => new Adamax(p, { lr: 0.1 })],
];
