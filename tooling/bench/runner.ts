import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import type { Answer, Prepared, Request } from "./protocol.js";

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Variables to set; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

type Prepare = Extract<Request, { op: "prepare" }>;

/** Some libraries greet on the same stream: only objects are answers. */
const isAnswer = (line: string): boolean => line.startsWith("{");

/** A contestant in a process of its own. Whatever goes wrong in it, or takes longer than `patience` milliseconds, is thrown as an Error. */
export class Runner {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private lastWords = "";

  constructor({ command, args, env = {} }: Command, private readonly patience: number) {
    const variables = Object.entries({ ...process.env, ...env }).filter(([, value]) => value !== undefined);
    this.child = spawn(command, args, { env: Object.fromEntries(variables) });
    this.child.on("error", ({ message }) => { this.lastWords = message; });
    this.child.stdin.on("error", ({ message }) => { this.lastWords ||= message; });
    createInterface({ input: this.child.stderr }).on("line", (line) => { this.lastWords = line.trim() || this.lastWords; });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async prepare(request: Omit<Prepare, "op">): Promise<Prepared> {
    const answer = await this.ask({ op: "prepare", ...request });
    if ("checks" in answer) return answer;
    throw new Error("an answer of another kind than was asked for");
  }

  async time(repeat: number): Promise<readonly number[]> {
    const answer = await this.ask({ op: "time", repeat });
    if ("ms" in answer) return answer.ms;
    throw new Error("an answer of another kind than was asked for");
  }

  stop(): void {
    this.child.kill("SIGKILL");
  }

  private async ask(request: Request): Promise<Exclude<Answer, { error: string }>> {
    const began = performance.now();
    const alarm = setTimeout(() => { this.stop(); }, this.patience);
    try {
      this.child.stdin.write(`${JSON.stringify(request)}\n`);
      for (;;) {
        const next = await this.lines.next();
        if (next.done === true) throw new Error(performance.now() - began >= this.patience ? `no answer within ${this.patience / 1000} s` : `its process ended: ${this.lastWords}`);
        if (!isAnswer(next.value)) continue;
        const answer = JSON.parse(next.value) as Answer;
        if ("error" in answer) throw new Error(answer.error);
        return answer;
      }
    } finally {
      clearTimeout(alarm);
    }
  }
}
