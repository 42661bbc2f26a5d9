import type * as WorkerThreads from "node:worker_threads";
import type { Reply, Request, Start } from "./messages.js";
import { workerSource } from "./source.js";

/** A thread of the platform. */
export interface Thread {
  post(request: Request): void;
  stop(): Promise<void>;
}

export interface ThreadEvents {
  readonly reply: (reply: Reply) => void;
  /** The thread ended by itself. */
  readonly lost: (reason: string) => void;
}

const nodeStart = `
const { parentPort, workerData } = require("node:worker_threads");
parentPort.on("message", serve(workerData, (message, memory) => parentPort.postMessage(message, memory)));
`;

const webStart = `
let answer;
onmessage = ({ data }) => {
  if (answer) answer(data);
  else answer = serve(data, (message, memory) => postMessage(message, { transfer: memory }));
};
`;

function nodeThread({ Worker }: typeof WorkerThreads, start: Start, events: ThreadEvents): Thread {
  const worker = new Worker(`${workerSource}${nodeStart}`, { eval: true, workerData: start, name: "dl-data" });
  worker.on("message", events.reply);
  worker.on("error", ({ message }: Error) => events.lost(message));
  worker.on("exit", (code) => events.lost(`it exited with code ${code}`));
  return {
    post: (request) => worker.postMessage(request, [request.indices.buffer as ArrayBuffer]),
    stop: async () => {
      await worker.terminate();
    },
  };
}

function webThread(start: Start, events: ThreadEvents): Thread {
  const url = URL.createObjectURL(new Blob([workerSource, webStart], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name: "dl-data" });
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    URL.revokeObjectURL(url);
    events.reply(data);
  });
  worker.addEventListener("error", ({ message }) => events.lost(message));
  worker.postMessage(start);
  return {
    post: (request) => worker.postMessage(request, [request.indices.buffer as ArrayBuffer]),
    stop: async () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/** Starts a thread: of worker_threads in Node, otherwise a Web Worker. */
export function startThread(start: Start, events: ThreadEvents): Thread {
  const node = (globalThis as { process?: { getBuiltinModule?(name: "node:worker_threads"): typeof WorkerThreads | undefined } }).process?.getBuiltinModule?.("node:worker_threads");
  return node === undefined ? webThread(start, events) : nodeThread(node, start, events);
}
