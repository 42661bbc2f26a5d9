/** Seconds of one call of `body`: the median of `rounds` rounds, each long enough to time, after a warm-up. */
export function secondsPerCall(body: () => void, { rounds = 9, roundSeconds = 0.05, warmUpSeconds = 0.3 } = {}): number {
  const started = performance.now();
  let calls = 0;
  while (performance.now() - started < warmUpSeconds * 1000) {
    body();
    calls++;
  }
  const perRound = Math.max(1, Math.round((calls * roundSeconds) / warmUpSeconds));
  const times = Array.from({ length: rounds }, () => {
    const from = performance.now();
    for (let i = 0; i < perRound; i++) body();
    return (performance.now() - from) / 1000 / perRound;
  });
  return times.sort((a, b) => a - b)[rounds >> 1];
}

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure is meant to be, as text. */
  readonly goal?: string;
}

export function printRows(title: string, rows: readonly Row[]): void {
  const width = Math.max(44, ...rows.map(({ name }) => name.length));
  console.log(`\n${title}`);
  for (const { name, value, unit, goal = "" } of rows) {
    console.log(`  ${name.padEnd(width)} ${value.toFixed(2).padStart(10)} ${unit.padEnd(10)} ${goal}`);
  }
}
