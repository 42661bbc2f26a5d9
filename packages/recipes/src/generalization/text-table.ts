/** Columns as wide as their widest cell, the first to the left and the others, numbers, to the right; a line below the header. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, c) => Math.max(...all.map((row) => row[c].length)));
  const [top, ...body] = all.map((row) => row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join("  ").trimEnd());
  return [top, "-".repeat(top.length), ...body];
}

/** `97.5 %` */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `52,138` */
export const count = (whole: number): string => whole.toLocaleString("en-US");

/** The middle one of the values in order; the upper of two. */
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
