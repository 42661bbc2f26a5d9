import type { Origin, Program, Tensor } from "@dl/tensor";

const hasProgram = (rule: object): rule is { readonly program: Program } => "program" in rule;

/**
 * Floating-point operations of the op that made `x`: those of its formula per element, or what the op's definition says.
 * Views, look-ups and copies cost nothing.
 */
export function flopsOf(x: Tensor, { rule, inputs, options }: Origin): number {
  return hasProgram(rule) ? rule.program.flops * x.size : (rule.flops?.(inputs, x, options) ?? 0);
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
