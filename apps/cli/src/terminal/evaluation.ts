import type { Evaluation } from "@dl/recipes";
import { percent } from "./format.js";

export const LABEL_WIDTH = 14;

const describeMetric = (name: string, value: number): string => (/accuracy$/i.test(name) ? percent(value) : value.toPrecision(4));

/** `testAccuracy` → `test accuracy`. */
const spaced = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** The confusion matrix, below it each metric on a line, and then what the model wrote. */
export function renderEvaluation({ metrics, confusion, texts = [] }: Evaluation): string {
  const lines = Object.entries(metrics).map(([name, value]) => `${spaced(name).padEnd(LABEL_WIDTH)} ${describeMetric(name, value)}`);
  return [...(confusion === undefined ? [] : [confusion.toString(), ""]), ...lines, ...(texts.length === 0 ? [] : ["", ...texts, ""])].join("\n");
}
