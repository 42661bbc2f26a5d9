import type { Origin, Program, Tensor } from "@dl/tensor";

const hasProgram = (rule: object): rule is { readonly program: Program } => "program" in rule;

/** Kernels that are no formulas: operations per element of the first input. */
const perInput: Readonly<Record<string, number>> = { sum: 1, max: 1, min: 1, softmax: 5, logSoftmax: 5 };

/**
 * Floating-point operations of the op that made `x`: those of its formula per element, 2·M·K·N for a matrix product, and a few
 * per element for reductions. Views, look-ups and copies cost nothing.
 */
export function flopsOf(x: Tensor, { rule, inputs }: Origin): number {
  if (hasProgram(rule)) return rule.program.flops * x.size;
  const [a] = inputs;
  if (rule.name === "matmul") return 2 * x.size * a.shape[a.ndim - 1];
  return Object.hasOwn(perInput, rule.name) ? perInput[rule.name] * a.size : 0;
}

/** Every tensor that `outputs` were computed from and that has an op behind it. */
export function computedBefore(outputs: readonly Tensor[]): Tensor[] {
  const seen = new Set<Tensor>();
  const pending = [...outputs];
  for (let x = pending.pop(); x !== undefined; x = pending.pop()) {
    if (x.origin === null || seen.has(x)) continue;
    seen.add(x);
    pending.push(...x.origin.inputs);
  }
  return [...seen];
}
