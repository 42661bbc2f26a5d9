export { summary } from "./summary.js";
export type { Summary, SummaryOptions, SummaryRow } from "./summary.js";
