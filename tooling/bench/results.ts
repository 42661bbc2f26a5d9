/** What one contestant reached on one workload. */
export interface Cell {
  readonly contestant: string;
  /** Median of one call; `null` when there is none that counts. */
  readonly ms: number | null;
  /** How many calls the median is of. */
  readonly calls: number;
  /** Why there is none. */
  readonly note: string | null;
}

export interface Result {
  readonly workload: string;
  readonly title: string;
  readonly goal: string;
  /** Whose results the others' had to agree with; `null` when nobody had any. */
  readonly judge: string | null;
  readonly cells: readonly Cell[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How many times the first contestant's time each takes; `null` where one of both has none. */
export function ratios({ cells }: Result): (number | null)[] {
  const base = cells.at(0)?.ms ?? null;
  return cells.map(({ ms }) => (ms === null || base === null ? null : ms / base));
}

const time = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms.toFixed(ms < 100 ? 1 : 0));
const shortened = (note: string, width: number): string => (note.length > width ? `${note.slice(0, width - 1)}…` : note);
const oneLine = (note: string): string => note.replaceAll(/\s+/g, " ").trim();

const columns = 80;
const nameWidth = 20;

/** For a terminal of 80 columns. A median of fewer than three calls says how many there were. */
export function table(result: Result): string {
  const factors = ratios(result);
  const rows = result.cells.map(({ contestant, ms, calls, note }, i) => {
    const name = `  ${contestant.padEnd(nameWidth)}`;
    if (ms === null) return shortened(`${name} ${oneLine(note ?? "")}`, columns);
    const factor = factors[i];
    return `${name} ${time(ms).padStart(10)} ms ${(factor === null ? "" : `${factor.toFixed(2)} ×`).padStart(12)}${calls < 3 ? `   of ${calls} call${calls === 1 ? "" : "s"}` : ""}`;
  });
  return [`\n${result.title}`, `  goal ${result.goal}; results agree with ${result.judge ?? "nobody"}`, ...rows].join("\n");
}

/** All results as one table: milliseconds, and in brackets how many times the first contestant's. Long notes stand below it. */
export function markdown(results: readonly Result[], environment: Readonly<Record<string, string>>): string {
  const names = [...new Set(results.flatMap(({ cells }) => cells.map(({ contestant }) => contestant)))];
  const notes: string[] = [];
  const cell = (result: Result, name: string): string => {
    const at = result.cells.findIndex(({ contestant }) => contestant === name);
    if (at < 0) return "–";
    const { ms, note } = result.cells[at];
    const factor = ratios(result)[at];
    if (ms !== null) return factor === null ? time(ms) : `${time(ms)} (${factor.toFixed(2)})`;
    notes.push(`${result.workload}, ${name}: ${oneLine(note ?? "")}`);
    return `[${notes.length}]`;
  };
  const line = (parts: readonly string[]): string => `| ${parts.join(" | ")} |`;
  const head = ["ms (× of the first)", ...names, "goal"];
  const rows = results.map((result) => line([result.title, ...names.map((name) => cell(result, name)), result.goal]));
  const lists = [Object.entries(environment).map(([key, value]) => `${key} ${value}`).join(", "), ...notes.map((note, i) => `${i + 1}. ${note}`)];
  return [line(head), line(head.map(() => "---")), ...rows, "", ...lists, ""].join("\n");
}
