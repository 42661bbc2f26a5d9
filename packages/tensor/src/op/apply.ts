import { BackendError, ValueError } from "@dl/registry";
import { isFloat } from "../dtype.js";
import { state } from "../state.js";
import { isTensor } from "../brand.js";
import type { Tensor } from "../tensor.js";
import { Origin } from "./origin.js";
import type { GradientRule } from "./origin.js";

/**
 * Ties `output` to what it was computed from, when recording is on and some input requires a gradient.
 * @returns `output`
 */
export function record<O>(output: Tensor, rule: GradientRule<O> | null, inputs: readonly Tensor[], options: O): Tensor {
  if (rule === null || !state.gradEnabled || !isFloat(output.dtype)) return output;
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i].requiresGrad) {
      output.requiresGrad = true;
      output.origin = new Origin(rule, inputs, options);
      break;
    }
  }
  return output;
}

/** @throws BackendError unless all inputs live on one backend; ValueError when one is no tensor */
export function checkInputs(name: string, inputs: readonly Tensor[]): void {
  for (let i = 0; i < inputs.length; i++) {
    const x: unknown = inputs[i];
    if (!isTensor(x)) {
      throw new ValueError(name, `operand ${i} is ${x === null ? "null" : `of type ${typeof x}`}, not a tensor`, "Make one first: tensor(values)");
    }
    if (x.backend !== inputs[0].backend) {
      throw new BackendError(
        name,
        `operands live on backends "${inputs[0].backend.name}" and "${x.backend.name}"`,
        "Move one of them: x.to(other.backend)",
      );
    }
  }
}
