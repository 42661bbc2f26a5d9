import type { Check } from "./agreement.js";
import { disagreement } from "./agreement.js";
import type { Contestant } from "./contestants.js";
import { median } from "./results.js";
import type { Cell, Result } from "./results.js";
import { Runner } from "./runner.js";
import { coldStart } from "./workloads.js";
import type { Workload } from "./workloads.js";

export interface Timing {
  readonly rounds: number;
  /** Milliseconds that one contestant may take for one workload, about; one call is always made. */
  readonly budget: number;
}

/** A contestant that says nothing for so long is stopped. */
const patience = 120_000;
const mostRepeats = 1000;

/** One contestant on one workload, in a fresh process. Its first failure ends its part. */
class Turn {
  readonly times: number[] = [];
  checks: readonly Check[] = [];
  note: string | null = null;
  private runner: Runner | null = null;
  private repeat = 0;

  constructor(readonly contestant: Contestant) {}

  /** The first calls also compile: they only tell how many there may be. Who uses up the budget with them is judged by the last. */
  async prepare(workload: Workload, { rounds, budget }: Timing): Promise<void> {
    await this.attempt(async (runner) => {
      const { checks, ms } = await runner.prepare({ workload, budget });
      this.checks = checks;
      const last = ms[ms.length - 1];
      const spent = ms.reduce((sum, value) => sum + value, 0);
      this.repeat = Math.max(0, Math.min(mostRepeats, Math.floor((budget - spent) / (rounds + 1) / last)));
      if (this.repeat === 0) this.times.push(last);
      // A round for the engine's own compiler.
      else await runner.time(this.repeat);
    });
  }

  async startCold(workload: Workload): Promise<void> {
    await this.attempt(async (runner) => {
      const { checks, coldMs } = await runner.prepare({ workload, budget: 0 });
      this.checks = checks;
      this.times.push(coldMs);
    });
    this.stop();
  }

  async measure(): Promise<void> {
    if (this.repeat > 0) await this.attempt(async (runner) => { this.times.push(...(await runner.time(this.repeat))); });
  }

  judgeBy(expected: readonly Check[]): void {
    this.note ??= disagreement(this.checks, expected);
  }

  stop(): void {
    this.runner?.stop();
    this.runner = null;
  }

  cell(): Cell {
    const { contestant: { name }, times, note } = this;
    return { contestant: name, ms: note === null ? median(times) : null, calls: times.length, note };
  }

  private async attempt(body: (runner: Runner) => Promise<void>): Promise<void> {
    if (this.note !== null) return;
    this.runner ??= new Runner(this.contestant, patience);
    try {
      await body(this.runner);
    } catch (error) {
      this.note = error instanceof Error ? error.message : String(error);
      this.stop();
    }
  }
}

/** The independent framework, else this one's reference backend, else whoever has results. */
function judgeAmong(turns: readonly Turn[]): Turn | undefined {
  const able = turns.filter(({ note }) => note === null);
  const named = (name: string): Turn | undefined => able.find(({ contestant }) => contestant.name === name);
  return named("torch-1t") ?? named("torch-2t") ?? named("ours-reference") ?? able.at(0);
}

function judged(turns: readonly Turn[]): string | null {
  const judge = judgeAmong(turns);
  if (judge !== undefined) for (const turn of turns) turn.judgeBy(judge.checks);
  return judge?.contestant.name ?? null;
}

/** Results are compared before anything is timed; who disagrees is not timed. */
export async function compareOn(workload: Workload, contestants: readonly Contestant[], timing: Timing): Promise<Result> {
  const turns = contestants.map((contestant) => new Turn(contestant));
  try {
    for (const turn of turns) await turn.prepare(workload, timing);
    const judge = judged(turns);
    for (let round = 0; round < timing.rounds; round++) for (const turn of turns) await turn.measure();
    return { workload: workload.name, title: workload.title, goal: workload.goal, judge, cells: turns.map((turn) => turn.cell()) };
  } finally {
    for (const turn of turns) turn.stop();
  }
}

/** From import to the first loss, in a fresh process each time. */
export async function compareColdStart(contestants: readonly Contestant[], { rounds }: Timing): Promise<Result> {
  const { name, title, goal, program } = coldStart;
  const turns = contestants.map((contestant) => new Turn(contestant));
  for (let round = 0; round < rounds; round++) for (const turn of turns) await turn.startCold(program);
  const judge = judged(turns);
  return { workload: name, title, goal, judge, cells: turns.map((turn) => turn.cell()) };
}
