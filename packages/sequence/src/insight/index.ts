export { attentionMaps } from "./attention-maps.js";
export { gateTrace } from "./gate-trace.js";
export type { GateTrace, GateTraceOptions } from "./gate-trace.js";
export { gradientThroughTime } from "./gradient-through-time.js";
export { tokenLosses } from "./token-losses.js";
