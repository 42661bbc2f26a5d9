import { execFileSync, spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Answer, Request } from "./protocol.js";

export interface Contestant {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ours = (...args: string[]): string[] => ["--conditions=@dl/source", "--import", "tsx", here("ours.ts"), ...args];
const python = process.env.PYTHON ?? "python3";

/** Where these are set they make PyTorch's own products many times slower. */
const plainBlas = { OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined };

const torch = (threads: number): Contestant => ({ name: `PyTorch ${threads}T`, command: python, args: [here("peers/torch_runner.py"), String(threads)], env: plainBlas });

export const everyone: readonly Contestant[] = [
  { name: "dl wasm", command: process.execPath, args: ours("wasm", "auto") },
  { name: "dl wasm 1T", command: process.execPath, args: ours("wasm", "1") },
  { name: "dl reference", command: process.execPath, args: ours("reference") },
  { name: "tfjs-wasm", command: process.execPath, args: [here("peers/tfjs.mjs"), "wasm"] },
  { name: "tfjs-cpu", command: process.execPath, args: [here("peers/tfjs.mjs"), "cpu"] },
  { name: "jax-js", command: process.execPath, args: [here("peers/jax.mjs")] },
  torch(1),
  torch(2),
];

/** Why a contestant cannot take part here; null when it can. */
export function obstacle({ name, command }: Contestant): string | null {
  if (name.startsWith("PyTorch")) {
    try {
      execFileSync(command, ["-c", "import torch"], { stdio: "ignore" });
      return null;
    } catch {
      return `${command} has no torch: install it, or point PYTHON at one that has`;
    }
  }
  return name.startsWith("dl") || existsSync(here("peers/node_modules")) ? null : "not installed";
}

/** Installs the peers' packages into their own folder, which the workspace does not know. */
export function installPeers(): void {
  if (existsSync(here("peers/node_modules"))) return;
  console.log("Installing the peers' packages into tooling/bench/peers (once) …");
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", here("peers")], { stdio: "inherit" });
}

/** A contestant in a process of its own. */
export class Runner {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;

  constructor({ command, args, env = {} }: Contestant) {
    const given = { ...process.env, ...env };
    this.child = spawn(command, args, { env: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) });
    this.child.stderr.resume();
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ask(request: Request): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    // Some libraries greet on the same stream.
    for (;;) {
      const next = await this.lines.next();
      if (next.done === true) return { error: "its process ended" };
      if (next.value.startsWith("{")) return JSON.parse(next.value) as Answer;
    }
  }

  stop(): void {
    this.child.kill();
  }
}
