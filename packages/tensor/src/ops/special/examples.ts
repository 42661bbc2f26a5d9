import type { Example } from "../../op/example.js";
import { examples as bessel } from "./bessel.js";
import { examples as close } from "./close.js";
import { examples as digamma } from "./digamma.js";
import { examples as elementary } from "./elementary.js";
import { examples as errorFunction } from "./error-function.js";
import { examples as gamma } from "./gamma.js";
import { examples as logarithmic } from "./logarithmic.js";
import { examples as quantile } from "./quantile.js";

/** The examples of the special functions. */
export const examples = (): Example[] =>
  [errorFunction, quantile, gamma, digamma, bessel, logarithmic, elementary, close].flatMap((family) => family());
