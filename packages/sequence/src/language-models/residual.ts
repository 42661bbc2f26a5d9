import type { Module, TensorModule } from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import { passOnRecorded } from "./pass-on-recorded.js";

/** x + part(norm(x)): what enters is normalised. @param module what `part` runs */
export function addedToNormed(x: Tensor, norm: TensorModule, module: Module, part: (x: Tensor) => Tensor): Tensor {
  const normed = norm.forward(x);
  const change = part(normed);
  passOnRecorded(normed, change, norm, module);
  const sum = x.add(change);
  passOnRecorded(change, sum, module);
  return sum;
}
