import { noGrad } from "@dl/autograd";
import { evaluating, type TensorModule } from "@dl/nn";
import type { Tensor } from "@dl/tensor";

/** The model's output in evaluation and without gradients; afterwards each of its modules is in the mode that it was in. */
export const outputInEvaluation = (model: TensorModule, x: Tensor): Tensor => evaluating(model, () => noGrad(() => model.forward(x)));
