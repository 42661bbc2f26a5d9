import type { Origin, Program, Tensor } from "@dl/tensor";

const hasProgram = (rule: object): rule is { readonly program: Program } => "program" in rule;

/**
 * Floating-point operations of the op that made `x`: those of its formula per element, 2·M·K·N for a matrix product, and one per
 * input element for what reduces. Views and moves cost nothing.
 */
export function flopsOf(x: Tensor, { rule, inputs }: Origin): number {
  if (hasProgram(rule)) return rule.program.flops * x.size;
  const [a] = inputs;
  if (rule.name === "matmul") return 2 * x.size * a.shape[a.ndim - 1];
  return x.size < a.size && x.buffer !== a.buffer ? a.size : 0;
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
