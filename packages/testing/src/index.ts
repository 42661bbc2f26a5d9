export { CheckError, runChecks } from "./check.js";
export type { Check, CheckResult } from "./check.js";
export { isGradientChecked, testOp } from "./op.js";
export type { OpOptions } from "./op.js";
