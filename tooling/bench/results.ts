/** What one contestant reached on one workload. */
export interface Cell {
  readonly contestant: string;
  /** Median of one call; `null` when there is none that counts. */
  readonly ms: number | null;
  /** Why not. */
  readonly note: string | null;
}

export interface Result {
  readonly workload: string;
  readonly title: string;
  readonly goal: string;
  /** The first contestant is what the others are compared with. */
  readonly cells: readonly Cell[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Results may differ by this much: float32 sums in another order, and an optimizer's steps on top. */
const tolerance = 1e-3;

/** Says how two contestants' results differ; `null` when they agree. */
export function agreement(checks: readonly number[], expected: readonly number[]): string | null {
  const at = expected.findIndex((value, i) => !(Math.abs(checks[i] - value) <= tolerance * Math.max(1, Math.abs(value))));
  return at < 0 ? null : `disagrees: call ${at + 1} gives ${checks[at]}, not ${expected[at]}`;
}

const ratio = (ms: number | null, first: number | null): string => (ms === null || first === null ? "" : (ms / first).toFixed(2));
const time = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms.toFixed(ms < 100 ? 1 : 0));
const shortened = (note: string, width: number): string => (note.length > width ? `${note.slice(0, width - 1)}…` : note);

/** For a terminal of 80 columns. */
export function table({ title, goal, cells }: Result): string {
  const first = cells[0]?.ms ?? null;
  const rows = cells.map(({ contestant, ms, note }) =>
    ms === null ? `  ${contestant.padEnd(14)} ${shortened(note ?? "", 60)}` : `  ${contestant.padEnd(14)} ${time(ms).padStart(9)} ms  ${ratio(ms, first).padStart(8)} ×`,
  );
  return [`\n${title}   (goal ${goal})`, ...rows].join("\n");
}

/** All results as one table: milliseconds, and in brackets how many times the first contestant's. */
export function markdown(results: readonly Result[]): string {
  const names = [...new Set(results.flatMap(({ cells }) => cells.map(({ contestant }) => contestant)))];
  const cell = ({ cells }: Result, name: string): string => {
    const found = cells.find(({ contestant }) => contestant === name);
    if (found === undefined) return "–";
    if (found.ms === null) return shortened((found.note ?? "").replaceAll("|", "/"), 40);
    return `${time(found.ms)} (${ratio(found.ms, cells[0].ms)})`;
  };
  const line = (parts: readonly string[]): string => `| ${parts.join(" | ")} |`;
  const head = ["ms (× of the first)", ...names, "goal"];
  return [line(head), line(head.map(() => "---")), ...results.map((result) => line([result.title, ...names.map((name) => cell(result, name)), result.goal]))].join("\n") + "\n";
}
