const GAP = "  ";

/** Cuts `text` to `width`, with a mark where something is missing. */
export const fit = (text: string, width: number): string => (text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text);

/** Columns side by side, as wide as their widest cell; numbers to the right, and the last column cut at `width`. */
export function renderTable(rows: readonly (readonly (string | number)[])[], width: number): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) => Math.max(...rows.map((row) => String(row[i] ?? "").length)));
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => (typeof cell === "number" ? String(cell).padStart(widths[i]) : cell.padEnd(widths[i])));
      return fit(cells.join(GAP).trimEnd(), width);
    })
    .join("\n");
}

/** Words separated by spaces, in lines of at most `width`. */
export function wrap(words: readonly string[], width: number, indent = ""): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines.join("\n");
}
