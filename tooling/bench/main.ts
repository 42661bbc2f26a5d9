import { parseArgs } from "node:util";
import { wasm } from "@dl/backend-wasm";
import { currentBackend, useBackend } from "@dl/tensor";
import { ceilingRows } from "./ceilings.js";
import { dispatchRows } from "./dispatch.js";
import { kernelRows } from "./kernels.js";
import { layerRows } from "./layers.js";
import { printRows } from "./measure.js";
import type { Row } from "./measure.js";
import { memoryRows } from "./memory.js";
import { comparePeers } from "./peers.js";

const sections: Readonly<Record<string, { readonly title: string; readonly rows: () => Row[] }>> = {
  dispatch: { title: "Dispatch on tiny tensors", rows: dispatchRows },
  memory: { title: "Memory without any clean-up, MLP 784-128-10, batch 16", rows: memoryRows },
  kernels: { title: "Kernels", rows: kernelRows },
  layers: { title: "Layers, forward and backward", rows: layerRows },
};

const help = `pnpm bench [${Object.keys(sections).join("|")}|ceilings …] [--backend wasm|reference], or pnpm bench peers …`;

/** Parts of this framework by themselves, on one backend. */
async function timeParts(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { backend: { type: "string", default: "wasm" } } });
  const unknown = positionals.find((name) => name !== "ceilings" && !(name in sections));
  if (unknown !== undefined || !["wasm", "reference"].includes(values.backend)) throw new Error(`There is no ${unknown ?? values.backend}. Usage: ${help}`);
  if (values.backend === "wasm") await useBackend(wasm());
  const { name, threads = 1 } = currentBackend();
  const wants = (section: string): boolean => positionals.length === 0 || positionals.includes(section);
  for (const [section, { title, rows }] of Object.entries(sections)) if (wants(section)) printRows(`${title}: ${name}, ${threads} thread${threads === 1 ? "" : "s"}`, rows());
  if (wants("ceilings")) printRows("This machine's ceilings, and kernels of the WebAssembly backend", await ceilingRows());
}

const wanted = process.argv.slice(2);
if (wanted[0] === "peers") await comparePeers(wanted.slice(1));
else await timeParts(wanted);
