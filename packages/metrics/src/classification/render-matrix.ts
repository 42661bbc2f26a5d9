const WIDTH = 80;
const LABEL_WIDTH = 12;
const MARGIN = " ";

const fit = (text: string, width: number): string => (text.length > width ? `${text.slice(0, Math.max(1, width - 1))}…` : text);

/** Whether entries are counts, or shares to be shown in percent. */
export type Unit = "counts" | "shares";

export function formatEntry(value: number, unit: Unit, zero: string): string {
  if (value === 0) return zero;
  return unit === "counts" ? String(value) : (value * 100).toFixed(1);
}

/**
 * A square matrix as a table with class names, rows actual and columns predicted; zeros are dots.
 * Names are cut so that the table stays within 80 columns where the numbers leave it the room.
 */
export function renderMatrix(matrix: readonly (readonly number[])[], labels: readonly string[], unit: Unit): string {
  const cells = matrix.map((row) => row.map((value) => formatEntry(value, unit, "·")));
  const longest = Math.max(...labels.map((label) => label.length));
  const labelWidth = Math.max("actual".length, Math.min(LABEL_WIDTH, longest));
  const numberWidth = Math.max(...cells.flat().map((cell) => cell.length));
  const room = Math.floor((WIDTH - labelWidth) / labels.length) - MARGIN.length;
  const cellWidth = Math.max(numberWidth, Math.min(room, longest));

  const line = (label: string, values: readonly string[]): string =>
    fit(label, labelWidth).padEnd(labelWidth) + values.map((value) => MARGIN + fit(value, cellWidth).padStart(cellWidth)).join("");
  const title = `${"".padEnd(labelWidth)}${MARGIN}predicted${unit === "shares" ? " (%)" : ""}`;
  return [title, line("actual", labels), ...cells.map((row, i) => line(labels[i], row))].join("\n");
}
