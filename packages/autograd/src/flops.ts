import type { Program, Tensor } from "@dl/tensor";

const hasProgram = (rule: object): rule is { readonly program: Program } => "program" in rule;

/**
 * Floating-point operations of the op that made `x`: those of its formula per element, or what the op's definition says.
 * Leaves, views, look-ups and copies cost nothing.
 */
export function flopsOf(x: Tensor): number {
  if (x.origin === null) return 0;
  const { rule, inputs, options } = x.origin;
  return hasProgram(rule) ? rule.program.flops * x.size : (rule.flops?.(inputs, x, options) ?? 0);
}
