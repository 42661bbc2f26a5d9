export { compare } from "./compare.js";
export type { Comparison, ComparisonRow } from "./compare.js";
export { summary } from "./summary.js";
export { table as textTable } from "./table.js";
export type { Summary, SummaryColumn, SummaryOptions, SummaryRow } from "./summary.js";
export { tensorsBefore } from "./tape.js";
