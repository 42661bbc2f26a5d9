import type { ReportData, ReportRow } from "./report.js";

const HEADINGS = ["precision", "recall", "f1-score", "support"] as const;
const COLUMN = 9;

/** The report as a table like scikit-learn's; the warnings, if any, below it. */
export function renderReport({ classes, accuracy, macro, weighted, warnings }: ReportData, digits: number): string {
  const width = Math.max("weighted avg".length, digits, ...classes.map(({ label }) => label.length));
  const line = (label: string, cells: readonly string[]): string => `${label.padStart(width)} ${cells.map((cell) => ` ${cell.padStart(COLUMN)}`).join("")}`;
  const numbers = ({ precision, recall, f1Score, support }: ReportRow): string[] => [...[precision, recall, f1Score].map((value) => value.toFixed(digits)), String(support)];
  return [
    line("", HEADINGS),
    "",
    ...classes.map((row) => line(row.label, numbers(row))),
    "",
    line("accuracy", ["", "", accuracy.toFixed(digits), String(macro.support)]),
    line("macro avg", numbers(macro)),
    line("weighted avg", numbers(weighted)),
    "",
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join("\n");
}
