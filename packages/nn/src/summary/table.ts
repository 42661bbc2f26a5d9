interface Line {
  readonly path: string;
  readonly type: string;
  readonly outputShape: string | null;
  readonly parameters: number;
  readonly flops: number;
}

interface Totals {
  readonly parameters: number;
  readonly trainable: number;
  readonly flops: number;
}

const count = (n: number): string => n.toLocaleString("en-US");

/** Columns as wide as their widest cell; numbers to the right. */
function align(cells: readonly (readonly string[])[], numeric: readonly boolean[]): string[] {
  const widths = numeric.map((_, c) => Math.max(...cells.map((row) => row[c].length)));
  return cells.map((row) => row.map((cell, c) => (numeric[c] ? cell.padStart(widths[c]) : cell.padEnd(widths[c]))).join("  ").trimEnd());
}

export function formatTable(lines: readonly Line[], totals: Totals): string {
  const header = ["layer", "type", "output", "parameters", "FLOPs"];
  const rows = lines.map(({ path, type, outputShape, parameters, flops }) => [path === "" ? "(model)" : path, type, outputShape ?? "", count(parameters), count(flops)]);
  const [top, ...body] = align([header, ...rows], [false, false, false, true, true]);
  const frozen = totals.parameters - totals.trainable;
  const notes = frozen > 0 ? ` (${count(frozen)} frozen)` : "";
  return [top, "-".repeat(top.length), ...body, "", `${count(totals.parameters)} parameters${notes}, ${count(totals.flops)} FLOPs per forward`].join("\n");
}
