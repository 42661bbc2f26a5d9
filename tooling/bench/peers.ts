// All contestants on all workloads, in one run: round by round each takes its turn, so that whatever slows the machine down slows all.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { bundlePrograms } from "./bundle.js";
import { contestantsFor, installPeers, obstacle, peerVersions } from "./contestants.js";
import type { Contestant } from "./contestants.js";
import { compareColdStart, compareOn } from "./rounds.js";
import { markdown, ratios, table } from "./results.js";
import type { Result } from "./results.js";
import { coldStart, workloads } from "./workloads.js";

const help = "pnpm bench peers [workload …] [--only name,…] [--rounds 5] [--budget 6] [--json file] [--markdown file]";

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`--${name} is "${text}", not a number above 0. Usage: ${help}`);
}

function settingsFor(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { rounds: { type: "string", default: "5" }, budget: { type: "string", default: "6" }, only: { type: "string", default: "" }, json: { type: "string" }, markdown: { type: "string" } },
  });
  const names = [...workloads.map(({ name }) => name), coldStart.name];
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no workload "${unknown}". There are ${names.join(", ")}. Usage: ${help}`);
  return {
    timing: { rounds: Math.ceil(positive("rounds", values.rounds)), budget: positive("budget", values.budget) * 1000 },
    wanted: (name: string): boolean => positionals.length === 0 || positionals.includes(name),
    contestants: contestantsFor(values.only.split(",").filter((word) => word !== "")),
    json: values.json,
    markdown: values.markdown,
  };
}

const withRatios = (result: Result): object => ({ ...result, cells: result.cells.map((cell, i) => ({ ...cell, ratio: ratios(result)[i] })) });

function present(contestants: readonly Contestant[]): readonly Contestant[] {
  return contestants.filter((contestant) => {
    const reason = obstacle(contestant);
    if (reason !== null) console.log(`${contestant.name} does not take part: ${reason}.`);
    return reason === null;
  });
}

/** Times contestants and prints, and writes where asked, what they took. A contestant that fails or disagrees is named with its reason. */
export async function comparePeers(args: readonly string[]): Promise<void> {
  const settings = settingsFor(args);
  installPeers(settings.contestants);
  await bundlePrograms();
  const contestants = present(settings.contestants);
  const environment = { CPU: cpus()[0].model.trim(), cores: String(availableParallelism()), Node: process.version, ...peerVersions() };
  console.log(Object.entries(environment).map(([key, value]) => `${key} ${value}`).join(", "));
  const results: Result[] = [];
  const report = (result: Result): void => {
    results.push(result);
    console.log(table(result));
    if (settings.json !== undefined) writeFileSync(settings.json, `${JSON.stringify({ environment, results: results.map(withRatios) }, null, 2)}\n`);
    if (settings.markdown !== undefined) writeFileSync(settings.markdown, markdown(results, environment));
  };
  for (const workload of workloads) if (settings.wanted(workload.name)) report(await compareOn(workload, contestants, settings.timing));
  if (settings.wanted(coldStart.name)) report(await compareColdStart(contestants, settings.timing));
}
