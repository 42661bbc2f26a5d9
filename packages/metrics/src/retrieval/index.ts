export { PrecisionAtK, precisionAtK } from "./precision-at-k.js";
export type { PrecisionAtKOptions } from "./precision-at-k.js";
