import { activation } from "./activation.js";
import { creation } from "./creation.js";
import { elementwise } from "./elementwise.js";
import { indexing } from "./indexing.js";
import { linear } from "./linear.js";
import { logic } from "./logic.js";
import { losses } from "./loss.js";
import type { Operators } from "./node.js";
import { normalization } from "./normalization.js";
import { reductions } from "./reduction.js";
import { shapes } from "./shape.js";
import { windows } from "./windows.js";

/** Every ONNX operator that our ops express, by name, for operator sets 6 to 28. */
export const operators: Operators = {
  ...elementwise,
  ...logic,
  ...activation,
  ...reductions,
  ...shapes,
  ...creation,
  ...indexing,
  ...linear,
  ...normalization,
  ...windows,
  ...losses,
};
