import { parseArgs } from "node:util";
import { wasm } from "@dl/backend-wasm";
import { currentBackend, useBackend } from "@dl/tensor";
import { ceilingRows } from "./ceilings.js";
import { dataRows } from "./data.js";
import { dispatchRows } from "./dispatch.js";
import { kernelRows } from "./kernels.js";
import { layerRows } from "./layers.js";
import { loadingRows, loadingTitle } from "./loading.js";
import { printRows } from "./measure.js";
import type { Row } from "./measure.js";
import { memoryRows } from "./memory.js";
import { comparePeers } from "./peers.js";

interface Section {
  readonly title: string;
  readonly rows: () => Row[] | Promise<Row[]>;
  /** It has nothing to do with the backend, and runs by its name only. */
  readonly apart?: true;
}

const sections: Readonly<Record<string, Section>> = {
  dispatch: { title: "Dispatch on tiny tensors", rows: dispatchRows },
  memory: { title: "Memory without any clean-up, MLP 784-128-10, batch 16", rows: memoryRows },
  kernels: { title: "Kernels", rows: kernelRows },
  layers: { title: "Layers, forward and backward", rows: layerRows },
  data: { title: "Data off the disk and into batches", rows: dataRows, apart: true },
  loading: { title: loadingTitle, rows: loadingRows, apart: true },
};

const help = `pnpm bench [${Object.keys(sections).join("|")}|ceilings …] [--backend wasm|reference], or pnpm bench peers …`;

/** Parts of this framework by themselves, on one backend. */
async function timeParts(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { backend: { type: "string", default: "wasm" } } });
  const unknown = positionals.find((name) => name !== "ceilings" && !(name in sections));
  if (unknown !== undefined || !["wasm", "reference"].includes(values.backend)) throw new Error(`There is no ${unknown ?? values.backend}. Usage: ${help}`);
  if (values.backend === "wasm") await useBackend(wasm());
  const { name, threads = 1 } = currentBackend();
  const wants = (name: string, apart?: true): boolean => (positionals.length === 0 && apart !== true) || positionals.includes(name);
  for (const [section, { title, rows, apart }] of Object.entries(sections)) {
    if (wants(section, apart)) printRows(apart === true ? title : `${title}: ${name}, ${threads} thread${threads === 1 ? "" : "s"}`, await rows());
  }
  if (wants("ceilings")) printRows("This machine's ceilings, and kernels of the WebAssembly backend", await ceilingRows());
}

const wanted = process.argv.slice(2);
if (wanted[0] === "peers") await comparePeers(wanted.slice(1));
else await timeParts(wanted);
