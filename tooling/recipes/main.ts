// pnpm recipes:verify [names]: trains recipes in full, and says whether they reach their figures.
import { mkdir, writeFile } from "node:fs/promises";
import { checks, type Check, type Goal } from "./goals.js";
import { runDl, type Numbers } from "./run.js";

const shown = (value: number): string => (Math.abs(value) < 1 ? value.toFixed(4) : value.toFixed(2));

function judged({ what, value, atLeast = -Infinity, atMost = Infinity }: Goal, results: readonly Numbers[]): { readonly line: string; readonly isReached: boolean } {
  const found = value(results);
  const bound = atLeast === -Infinity ? `at most ${atMost}` : `at least ${atLeast}`;
  const isReached = found >= atLeast && found <= atMost;
  return { line: `  ${isReached ? "✓" : "✗"} ${shown(found)}  ${what} (${bound})`, isReached };
}

/** A line that is written over, on a terminal only. */
const status = (text: string): void => {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text.slice(0, 79)}`);
};

async function verify({ name, runs, goals }: Check): Promise<{ readonly results: readonly Numbers[]; readonly failed: number }> {
  console.log(name);
  const results: Numbers[] = [];
  for (const [i, words] of runs.entries()) {
    results.push(await runDl(words, (line) => { status(`  run ${i + 1} of ${runs.length}: ${line}`); }));
    status("");
    console.log(`  dl ${words.join(" ")}: ${Math.round(results[i].seconds)} s`);
  }
  const verdicts = goals.map((goal) => judged(goal, results));
  for (const { line } of verdicts) console.log(line);
  return { results, failed: verdicts.filter(({ isReached }) => !isReached).length };
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !checks.some((check) => check.name === name));
if (unknown !== undefined) {
  console.error(`There is no "${unknown}". Choose among ${checks.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}
const report: Record<string, readonly Numbers[]> = {};
let [passed, failed] = [0, 0];
for (const check of checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const outcome = await verify(check);
  report[check.name] = outcome.results;
  passed += check.goals.length - outcome.failed;
  failed += outcome.failed;
}
await mkdir("runs/verify", { recursive: true });
await writeFile("runs/verify/report.json", `${JSON.stringify(report, null, 2)}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
