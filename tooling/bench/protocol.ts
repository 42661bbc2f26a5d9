import { createInterface } from "node:readline";

/** What a contestant prepares: one call does the work that is timed, and gives a number by which results are compared. */
export type Prepared = () => number | Promise<number>;

interface Prepare {
  readonly op: "prepare";
  readonly workload: unknown;
}

interface Time {
  readonly op: "time";
  readonly repeat: number;
}

export type Request = Prepare | Time;

/** `checks`: what three calls give. */
export type Answer = { readonly checks: readonly number[] } | { readonly ms: readonly number[] } | { readonly error: string };

/** Answers requests, one a line, until the input ends. */
export async function serve(prepare: (workload: never) => Promise<Prepared> | Prepared): Promise<void> {
  let run: Prepared | null = null;
  for await (const line of createInterface({ input: process.stdin })) {
    let answer: Answer;
    try {
      const request = JSON.parse(line) as Request;
      if (request.op === "prepare") {
        run = await prepare(request.workload as never);
        answer = { checks: [await run(), await run(), await run()] };
      } else {
        const ms: number[] = [];
        for (let i = 0; i < request.repeat; i++) {
          const began = performance.now();
          await run?.();
          ms.push(performance.now() - began);
          // As in any program with an event loop: finalizers and timers get their turn.
          await new Promise((resolve) => setImmediate(resolve));
        }
        answer = { ms };
      }
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
