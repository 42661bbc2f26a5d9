import { printRows } from "./measure.js";
import { dispatchRows } from "./dispatch.js";
import { kernelRows } from "./kernels.js";
import { layerRows } from "./layers.js";
import { memoryRows } from "./memory.js";
import { comparePeers } from "./peers.js";

const sections: Readonly<Record<string, () => void>> = {
  dispatch: () => { printRows("Dispatch on tiny tensors, reference backend", dispatchRows()); },
  memory: () => { printRows("Memory without any clean-up, MLP 784-128-10, batch 16, reference backend", memoryRows()); },
  kernels: () => { printRows("Kernels, reference backend", kernelRows()); },
  layers: () => { printRows("Layers, forward and backward, reference backend", layerRows()); },
};

const wanted = process.argv.slice(2);
if (wanted[0] === "peers") await comparePeers(wanted.slice(1));
else for (const [name, run] of Object.entries(sections)) if (wanted.length === 0 || wanted.includes(name)) run();
