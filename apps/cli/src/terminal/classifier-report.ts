import type { ClassifierReport } from "@dl/recipes";
import { LABEL_WIDTH } from "./evaluation.js";
import { renderTable } from "./table.js";

const HEADINGS = ["precision", "recall", "    F1", "ROC AUC", "samples"];

/** "–" where there is none. */
const rate = (value: number | null | undefined): string => value?.toFixed(4) ?? (value === null ? "–" : "");

/** The rates of each class and their means, then how far the probabilities can be trusted. */
export function renderClassifierReport({ classes, macro, weighted, rocAuc, balancedAccuracy, brierScore, calibration, warnings }: ClassifierReport, width: number): string {
  type Row = (typeof classes)[number];
  const row = (label: string, { precision, recall, f1Score, support }: Omit<Row, "label" | "rocAuc">, area?: number | null): string[] =>
    [label, ...[...[precision, recall, f1Score, area].map(rate), String(support)].map((cell, i) => cell.padStart(HEADINGS[i].length))];
  const table = renderTable(
    [["class", ...HEADINGS], ...classes.map((own) => row(own.label, own, own.rocAuc)), row("mean", macro, rocAuc), row("weighted mean", weighted)],
    width,
  );
  const line = (label: string, value: string): string => `${label.padEnd(LABEL_WIDTH + 4)} ${value}`;
  return [
    table,
    "",
    line("balanced accuracy", rate(balancedAccuracy)),
    line("Brier score", `${rate(brierScore)}, from 0 (best) to 2`),
    line("calibration error", `${rate(calibration.expectedError)}, of the confidence on average`),
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join("\n");
}
