import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundled } from "./bundle.js";
import type { Command } from "./runner.js";

export interface Contestant extends Command {
  readonly name: string;
  /** All of a group can be asked for at once. */
  readonly group: "ours" | "tfjs" | "jax" | "ort" | "torch";
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const python = process.env.PYTHON ?? "python3";

const inNode = (name: string, group: Exclude<Contestant["group"], "torch">, ...args: readonly string[]): Contestant => ({
  name, group, command: process.execPath, args: [bundled(group), ...args],
});

/** Where these are set they make PyTorch's own products many times slower. */
const plainBlas = { OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined };

const torch = (threads: number): Contestant => ({
  name: `torch-${threads}t`, group: "torch", command: python, args: [here("peers/torch_runner.py"), String(threads)], env: plainBlas,
});

/** The first one that takes part is what the others are compared with. */
export const everyone: readonly Contestant[] = [
  inNode("ours-wasm", "ours", "wasm", "auto"),
  inNode("ours-wasm-1t", "ours", "wasm", "1"),
  inNode("ours-reference", "ours", "reference"),
  inNode("tfjs-wasm", "tfjs", "wasm"),
  inNode("tfjs-wasm-patched", "tfjs", "wasm", "patched"),
  inNode("tfjs-cpu", "tfjs", "cpu"),
  inNode("jax-js", "jax"),
  inNode("ort-1t", "ort", "1"),
  inNode("ort-2t", "ort", "2"),
  torch(1),
  torch(2),
];

/** Names and groups, as in `ours,tfjs-wasm`; everyone without any. */
export function contestantsFor(wanted: readonly string[]): readonly Contestant[] {
  const unknown = wanted.find((word) => !everyone.some(({ name, group }) => word === name || word === group));
  if (unknown !== undefined) throw new Error(`There is no contestant "${unknown}". There are ${everyone.map(({ name }) => name).join(", ")}.`);
  return wanted.length === 0 ? everyone : everyone.filter(({ name, group }) => wanted.includes(name) || wanted.includes(group));
}

const isPeer = ({ group }: Contestant): boolean => group !== "ours" && group !== "torch";

/** Installs the peers' packages into their own folder, which the workspace does not know, when one of them takes part. */
export function installPeers(contestants: readonly Contestant[]): void {
  if (!contestants.some(isPeer) || existsSync(here("peers/node_modules/.package-lock.json"))) return;
  console.log("Installing the peers' packages into tooling/bench/peers, once …");
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", here("peers")], { stdio: "inherit" });
}

let torchVersion: string | null | undefined;

function findTorch(): string | null {
  try {
    return execFileSync(python, ["-c", "import torch; print(torch.__version__)"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
}

/** PyTorch's version; null where Python has none. */
export const torchOnThisMachine = (): string | null => (torchVersion === undefined ? (torchVersion = findTorch()) : torchVersion);

/** Why a contestant cannot take part here; null when it can. */
export function obstacle(contestant: Contestant): string | null {
  if (contestant.group !== "torch" || torchOnThisMachine() !== null) return null;
  return `${python} cannot import torch. Install it (Debian: python3-torch), or point PYTHON at one that can`;
}

/** Versions of what ours is compared with. */
export function peerVersions(): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(readFileSync(here("peers/package.json"), "utf8")) as { dependencies: Record<string, string> };
  return { ...dependencies, torch: torchOnThisMachine() ?? "none" };
}
