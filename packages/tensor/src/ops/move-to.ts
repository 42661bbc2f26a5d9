import { DTypeError } from "@dl/registry";
import type { Backend } from "../backend/contract.js";
import { record } from "../op/apply.js";
import type { GradientRule } from "../op/origin.js";
import { readNow } from "../read.js";
import type { Tensor } from "../tensor.js";

const rule: GradientRule<null> = {
  name: "moveTo",
  backward: ({ grad, inputs: [x] }) => [moveTo(grad, x.backend)],
};

/**
 * The same values on another backend; itself when it lives there already.
 * @throws DTypeError when the backend does not have the dtype; BackendError when this one cannot be read synchronously
 */
export function moveTo(x: Tensor, backend: Backend): Tensor {
  if (x.backend === backend) return x;
  if (!backend.capabilities.dtypes.includes(x.dtype)) {
    throw new DTypeError("to", `backend "${backend.name}" has no ${x.dtype}`, `Convert first: x.to("${backend.capabilities.dtypes[0]}")`);
  }
  return record(x.makeFrom(readNow(x), x.dtype, x.shape, backend), rule, [x], null);
}
