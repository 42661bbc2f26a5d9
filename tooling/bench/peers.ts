// All contestants on all workloads, in one run: round by round each takes its turn, so that whatever slows the machine down slows all.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { everyone, installPeers, obstacle, Runner } from "./contestants.js";
import type { Contestant } from "./contestants.js";
import { agreement, markdown, median, table } from "./results.js";
import type { Cell, Result } from "./results.js";
import { workloads } from "./workloads.js";
import type { Workload } from "./workloads.js";

interface Settings {
  readonly rounds: number;
  /** Milliseconds that one contestant may take for one workload, about. */
  readonly budget: number;
}

/** Repetitions in one round: enough to time, few where one call takes long. */
const repeatsFor = (ms: number, { rounds, budget }: Settings): number => Math.max(1, Math.min(50, Math.floor(budget / rounds / Math.max(ms, 0.01))));

class Turn {
  readonly times: number[] = [];
  checks: readonly number[] = [];
  error: string | null = null;
  private repeat = 1;

  constructor(readonly contestant: Contestant, private readonly runner: Runner) {}

  async prepare(workload: Workload, settings: Settings): Promise<void> {
    const answer = await this.runner.ask({ op: "prepare", workload });
    if ("error" in answer) this.error = answer.error;
    else if ("checks" in answer) this.checks = answer.checks;
    if (this.error !== null) return;
    await this.measure();
    this.repeat = repeatsFor(this.times[0] ?? 0, settings);
    // The first calls also compile: they only tell how many there may be. The engine's own compiler gets a round to finish.
    await this.measure();
    this.times.length = 0;
  }

  async measure(): Promise<void> {
    if (this.error !== null) return;
    const answer = await this.runner.ask({ op: "time", repeat: this.repeat });
    if ("error" in answer) this.error = answer.error;
    else if ("ms" in answer) this.times.push(...answer.ms);
  }
}

async function runWorkload(workload: Workload, runners: ReadonlyMap<Contestant, Runner>, settings: Settings): Promise<Result> {
  const turns = [...runners].map(([contestant, runner]) => new Turn(contestant, runner));
  for (const turn of turns) await turn.prepare(workload, settings);
  const judge = turns.find(({ contestant, error }) => contestant.name === "PyTorch 1T" && error === null) ?? turns.find(({ error }) => error === null);
  for (const turn of turns) {
    if (turn.error === null && judge !== undefined) turn.error = agreement(turn.checks, judge.checks);
  }
  for (let round = 0; round < settings.rounds; round++) for (const turn of turns) await turn.measure();
  const cells = turns.map(({ contestant, times, error }): Cell => ({ contestant: contestant.name, ms: error === null ? median(times) : null, note: error }));
  return { workload: workload.name, title: workload.title, goal: workload.goal, cells };
}

/** `pnpm bench peers [workload …] [--only a,b] [--rounds n] [--budget ms] [--json file] [--markdown file]`. */
export async function comparePeers(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { rounds: { type: "string", default: "5" }, budget: { type: "string", default: "6000" }, only: { type: "string" }, json: { type: "string" }, markdown: { type: "string" } },
  });
  const chosen = values.only?.split(",");
  if (chosen === undefined || chosen.some((name) => name.startsWith("tfjs") || name.startsWith("jax"))) installPeers();
  const settings = { rounds: Number(values.rounds), budget: Number(values.budget) };
  const runners = new Map<Contestant, Runner>();
  for (const contestant of everyone) {
    if (chosen !== undefined && !chosen.includes(contestant.name)) continue;
    const reason = obstacle(contestant);
    if (reason === null) runners.set(contestant, new Runner(contestant));
    else console.log(`${contestant.name} does not take part: ${reason}.`);
  }
  const results: Result[] = [];
  for (const workload of workloads) {
    if (positionals.length > 0 && !positionals.includes(workload.name)) continue;
    const result = await runWorkload(workload, runners, settings);
    results.push(result);
    console.log(table(result));
  }
  for (const runner of runners.values()) runner.stop();
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  if (values.markdown !== undefined) writeFileSync(values.markdown, markdown(results));
}
