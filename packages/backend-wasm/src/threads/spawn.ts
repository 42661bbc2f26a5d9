// Threads of the platform: Web Workers, or worker_threads where Node has no other.
import { workerSource } from "./worker-source.js";

export interface ThreadStart {
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
}

export interface Thread {
  stop(): void;
}

/** The part of Node's module that is used; typed here so that nothing of Node is needed to compile for browsers. */
interface NodeWorkers {
  readonly Worker: new (source: string, options: { eval: true; workerData: ThreadStart; name: string }) => {
    unref(): void;
    terminate(): Promise<number>;
    on(event: "exit" | "error", listener: () => void): void;
  };
}

interface NodeProcess {
  getBuiltinModule?(name: "node:worker_threads"): NodeWorkers;
}

function nodeWorkers(): NodeWorkers | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  return process?.getBuiltinModule?.("node:worker_threads");
}

/** @param lost called when the thread ends although nobody stopped it */
export function spawnThread(start: ThreadStart, lost: () => void): Thread {
  const node = nodeWorkers();
  if (node !== undefined) {
    const worker = new node.Worker(`${workerSource}\nstart(require("node:worker_threads").workerData);`, { eval: true, workerData: start, name: `dl-wasm-${start.thread}` });
    // A finished program ends, whether threads wait for work or not.
    worker.unref();
    worker.on("exit", lost);
    worker.on("error", lost);
    return { stop: () => { void worker.terminate(); } };
  }
  const url = URL.createObjectURL(new Blob([`${workerSource}\nonmessage = ({ data }) => start(data);`], { type: "text/javascript" }));
  const worker = new Worker(url, { name: `dl-wasm-${start.thread}` });
  worker.addEventListener("error", lost);
  worker.postMessage(start);
  URL.revokeObjectURL(url);
  return { stop: () => { worker.terminate(); } };
}
