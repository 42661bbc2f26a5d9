import { record, withGradMode } from "@dl/tensor";
import type { BackwardContext, Tensor } from "@dl/tensor";

export interface CustomFunction {
  readonly name: string;
  /** Computes the output; what happens inside is not recorded. */
  readonly forward: (...inputs: Tensor[]) => Tensor;
  /** The gradient with respect to each input, `null` where there is none; differentiable ops make higher orders work. */
  readonly backward: (context: BackwardContext<null>) => readonly (Tensor | null)[];
}

/**
 * A function with a gradient of its own, such as a straight-through estimator.
 *
 * @example const roundSte = customFunction({ name: "roundSte", forward: (x) => round(x), backward: ({ grad }) => [grad] });
 */
export function customFunction({ name, forward, backward }: CustomFunction): (...inputs: Tensor[]) => Tensor {
  const rule = { name, backward, mayStore: true };
  return (...inputs) => record(withGradMode(false, () => forward(...inputs)).detach(), rule, inputs, null);
}
