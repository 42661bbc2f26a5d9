import { wasm } from "@dl/backend-wasm";
import { DLError, unknownName } from "@dl/registry";
import { reference, useBackend, type Backend, type BackendFactory } from "@dl/tensor";
import type { BackendFacts } from "./protocol.js";

interface Choice {
  readonly label: string;
  /** Loaded when it is first asked for. */
  readonly factory: () => Promise<BackendFactory<never>>;
}

async function onGpu(mode: "webgpu" | "webgl2"): Promise<BackendFactory<never>> {
  const { gpujs } = await import("@dl/backend-gpujs");
  return gpujs({ mode }, () => import("gpu.js"));
}

/** Each way to compute that a page can choose. */
const choices: Readonly<Record<string, Choice>> = {
  wasm: { label: "WebAssembly", factory: async () => wasm() },
  webgpu: { label: "WebGPU", factory: () => onGpu("webgpu") },
  webgl2: { label: "WebGL 2", factory: () => onGpu("webgl2") },
  reference: { label: "JavaScript", factory: async () => reference },
};

/** A backend has threads and memory of its own: one of each is enough. */
const opened = new Map<string, Promise<Backend>>();

async function open(name: string): Promise<Backend> {
  if (!Object.hasOwn(choices, name)) throw unknownName("page", "backend", name, Object.keys(choices));
  let backend = opened.get(name);
  if (backend === undefined) opened.set(name, (backend = choices[name].factory().then((factory) => factory.create())));
  try {
    return await backend;
  } catch (error) {
    // What is not there now may be there at the next try.
    opened.delete(name);
    throw error;
  }
}

function factsOf(name: string, { info, threads = 1 }: Backend): BackendFacts {
  const runs = info?.runs ?? `${threads} thread${threads === 1 ? "" : "s"}`;
  return { name, label: choices[name].label, available: true, notes: [runs, ...(info?.notes ?? [])] };
}

/** What is known of a backend without opening it; why it cannot be opened, where it cannot. */
async function describe(name: string, { label, factory }: Choice): Promise<BackendFacts> {
  const ready = opened.get(name);
  if (ready !== undefined) return factsOf(name, await ready);
  if (await (await factory()).isAvailable()) return { name, label, available: true, notes: [] };
  try {
    return factsOf(name, await open(name));
  } catch (error) {
    // What to do instead is to choose another one.
    return { name, label, available: false, notes: [error instanceof DLError ? error.fact : String(error)] };
  }
}

export const describeBackends = (): Promise<BackendFacts[]> => Promise.all(Object.entries(choices).map(([name, choice]) => describe(name, choice)));

/** Makes a backend the one in use. @throws BackendError that says why it cannot run here */
export async function takeBackend(name: string): Promise<BackendFacts> {
  return factsOf(name, await useBackend(await open(name)));
}
