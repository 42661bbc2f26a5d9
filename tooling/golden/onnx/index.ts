import { activation } from "./activation.js";
import { attentions } from "./attention.js";
import { bits } from "./bits.js";
import { creation } from "./creation.js";
import { elementwise } from "./elementwise.js";
import { indexing } from "./indexing.js";
import { linear } from "./linear.js";
import { logic } from "./logic.js";
import { losses } from "./loss.js";
import type { Operators } from "./node.js";
import { normalization } from "./normalization.js";
import { ordering } from "./order.js";
import { quantization } from "./quantization.js";
import { recurrent } from "./recurrent.js";
import { reductions } from "./reduction.js";
import { regions } from "./regions.js";
import { resample } from "./resample.js";
import { shapes } from "./shape.js";
import { signal } from "./signal.js";
import { training } from "./training.js";
import { windows } from "./windows.js";

/** Every ONNX operator that our ops express, by name, for operator sets 6 to 28. */
export const operators: Operators = {
  ...elementwise,
  ...logic,
  ...bits,
  ...activation,
  ...reductions,
  ...shapes,
  ...creation,
  ...indexing,
  ...ordering,
  ...linear,
  ...normalization,
  ...windows,
  ...resample,
  ...signal,
  ...regions,
  ...recurrent,
  ...attentions,
  ...quantization,
  ...losses,
  ...training,
};
