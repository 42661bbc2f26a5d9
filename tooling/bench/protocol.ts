// How a contestant's process is spoken to: one request and one answer a line.
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import type { Readable, Writable } from "node:stream";
import { fingerprint } from "./agreement.js";
import type { Check } from "./agreement.js";
import { taskOf } from "./workloads.js";
import type { Task, Workload } from "./workloads.js";

type Arrays = readonly ArrayLike<number>[];

/** What is compared: the losses of the first steps, or else fingerprints of arrays. Who cannot do a workload says why. */
export type Program =
  | { readonly declines: string }
  | { readonly step: () => number | Promise<number> }
  | { readonly run: () => unknown; readonly results: () => Arrays | Promise<Arrays> };

export type Request =
  /** Builds the program and calls it up to three times, fewer when they take longer than `budget` milliseconds together. */
  { readonly op: "prepare"; readonly workload: Workload; readonly budget: number } | { readonly op: "time"; readonly repeat: number };

const enough = 3;

interface Timed<T> {
  readonly ms: number;
  readonly value: T;
}

async function timed<T>(call: () => T | Promise<T>): Promise<Timed<T>> {
  const began = performance.now();
  const value = await call();
  return { ms: performance.now() - began, value };
}

interface First {
  readonly checks: readonly Check[];
  readonly ms: readonly number[];
}

export interface Prepared extends First {
  /** From the end of the runtime's own start to the end of the first call, without the making of numbers. */
  readonly coldMs: number;
}

export type Answer = Prepared | { readonly ms: readonly number[] } | { readonly error: string };

/** Steps until there are enough, or until they took `budget` milliseconds together; one at least. */
async function firstSteps(step: () => number | Promise<number>, budget: number): Promise<First> {
  const ms: number[] = [];
  const losses: number[] = [];
  for (let left = budget; losses.length === 0 || (losses.length < enough && left > 0); left -= ms[ms.length - 1]) {
    const first = await timed(step);
    ms.push(first.ms);
    losses.push(first.value);
  }
  return { checks: [losses], ms };
}

/** The first call also reads its results, so that slow ones need no other. */
async function firstRuns({ run, results }: Extract<Program, { run: unknown }>, budget: number): Promise<First> {
  const first = await timed(results);
  const ms = [first.ms];
  for (let left = budget - first.ms; ms.length < enough && left > 0; left -= ms[ms.length - 1]) ms.push((await timed(run)).ms);
  return { checks: first.value.map(fingerprint), ms };
}

export class Session {
  private call: () => unknown = () => { throw new Error("prepare comes first"); };

  constructor(
    private readonly programOf: (task: Task) => Program | Promise<Program>,
    private readonly importMs: number,
  ) {}

  /** Never rejects: what a library throws is an answer. */
  async answer(request: Request): Promise<Answer> {
    try {
      return request.op === "prepare" ? await this.prepare(request.workload, request.budget) : await this.time(request.repeat);
    } catch (error) {
      return { error: `throws: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  private async prepare(workload: Workload, budget: number): Promise<Answer> {
    const task = taskOf(workload);
    const began = performance.now();
    const program = await this.programOf(task);
    const build = performance.now() - began;
    if ("declines" in program) return { error: program.declines };
    this.call = "step" in program ? program.step : program.run;
    const { checks, ms } = "step" in program ? await firstSteps(program.step, budget) : await firstRuns(program, budget);
    return { checks, ms, coldMs: this.importMs + build + ms[0] };
  }

  private async time(repeat: number): Promise<Answer> {
    const ms: number[] = [];
    for (let i = 0; i < repeat; i++) {
      await turnOfEventLoop();
      ms.push((await timed(this.call)).ms);
    }
    return { ms };
  }
}

export interface Channel {
  readonly input: Readable;
  readonly output: Writable;
}

/** Answers requests until the input ends. To be called when everything is imported and ready: what came before counts as import. */
export async function serve(programOf: (task: Task) => Program | Promise<Program>, { input, output }: Channel = { input: process.stdin, output: process.stdout }): Promise<void> {
  const session = new Session(programOf, performance.now() - performance.nodeTiming.bootstrapComplete);
  for await (const line of createInterface({ input })) output.write(`${JSON.stringify(await session.answer(JSON.parse(line) as Request))}\n`);
}
