export interface Line {
  readonly path: string;
  readonly type: string;
  readonly outputShape: string | null;
  readonly parameters: number;
  readonly flops: number;
  readonly memory: number;
  /** Cells of further columns. */
  readonly more: readonly string[];
}

interface Totals {
  readonly parameters: number;
  readonly trainable: number;
  readonly flops: number;
  readonly memory: number;
}

export const count = (n: number): string => n.toLocaleString("en-US");

const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `1.5 KiB`. */
export function showBytes(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}

/** Columns as wide as their widest cell, numbers to the right, and a line under the header. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], isNumeric: readonly boolean[]): string[] {
  const cells = [header, ...rows];
  const widths = isNumeric.map((_, c) => Math.max(...cells.map((row) => row[c].length)));
  const [top, ...body] = cells.map((row) => row.map((cell, c) => (isNumeric[c] ? cell.padStart(widths[c]) : cell.padEnd(widths[c]))).join("  ").trimEnd());
  return [top, "-".repeat(top.length), ...body];
}

export function formatTable(lines: readonly Line[], totals: Totals, moreTitles: readonly string[]): string {
  const header = ["layer", "type", "output", "parameters", "FLOPs", "memory", ...moreTitles];
  const rows = lines.map(({ path, type, outputShape, parameters, flops, memory, more }) => [
    path === "" ? "(model)" : path, type, outputShape ?? "", count(parameters), count(flops), showBytes(memory), ...more,
  ]);
  const frozen = totals.parameters - totals.trainable;
  const notes = frozen > 0 ? ` (${count(frozen)} frozen)` : "";
  const summary = `${count(totals.parameters)} parameters${notes}, ${count(totals.flops)} FLOPs per forward, ${showBytes(totals.memory)} kept for backward`;
  return [...table(header, rows, header.map((_, c) => c > 2)), "", summary].join("\n");
}
