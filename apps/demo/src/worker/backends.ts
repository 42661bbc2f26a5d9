import { wasm } from "@dl/backend-wasm";
import { DLError, unknownName } from "@dl/registry";
import { reference, useBackend, type Backend, type BackendFactory } from "@dl/tensor";
import type { BackendFacts } from "./protocol.js";

/** Backends of the registry by name. */
export type Backends = Readonly<Record<string, BackendFactory<never>>>;

interface Choice {
  readonly label: string;
  /** Loaded when it is first asked for. */
  readonly factory: () => Promise<BackendFactory<never>>;
}

async function onGpu(mode: "webgpu" | "webgl2"): Promise<BackendFactory<never>> {
  const { gpujs } = await import("@dl/backend-gpujs");
  return gpujs({ mode }, () => import("gpu.js"));
}

/** What the page brings along; GPUs are two choices of one backend. */
const own: Readonly<Record<string, Choice>> = {
  wasm: { label: "WebAssembly", factory: async () => wasm() },
  webgpu: { label: "WebGPU", factory: () => onGpu("webgpu") },
  webgl2: { label: "WebGL 2", factory: () => onGpu("webgl2") },
  reference: { label: "JavaScript", factory: async () => reference },
};

/** Those of the registry that `own` has already, under other names or sooner. */
const known: readonly string[] = ["wasm", "gpujs", "reference"];

/** Each way to compute that the page can choose: its own, and every other backend that the registry has. */
function choicesOf(registered: Backends): Readonly<Record<string, Choice>> {
  const others = Object.entries(registered).filter(([name]) => !known.includes(name));
  return { ...own, ...Object.fromEntries(others.map(([name, factory]) => [name, { label: name, factory: async () => factory }])) };
}

/** A backend has threads and memory of its own: one of each is enough. */
const opened = new Map<string, Promise<Backend>>();

async function open(name: string, { factory }: Choice): Promise<Backend> {
  let backend = opened.get(name);
  if (backend === undefined) opened.set(name, (backend = factory().then((made) => made.create())));
  try {
    return await backend;
  } catch (error) {
    // What is not there now may be there at the next try.
    opened.delete(name);
    throw error;
  }
}

function factsOf(name: string, { label }: Choice, { info, threads = 1 }: Backend): BackendFacts {
  const runs = info?.runs ?? `${threads} thread${threads === 1 ? "" : "s"}`;
  return { name, label, available: true, notes: [runs, ...(info?.notes ?? [])] };
}

/** What is known of a backend without opening it; why it cannot be opened, where it cannot. */
async function describe(name: string, choice: Choice): Promise<BackendFacts> {
  const { label, factory } = choice;
  try {
    // One that is being opened may come to nothing, too.
    const ready = opened.get(name);
    if (ready !== undefined) return factsOf(name, choice, await ready);
    if (await (await factory()).isAvailable()) return { name, label, available: true, notes: [] };
    return factsOf(name, choice, await open(name, choice));
  } catch (error) {
    // What to do instead is to choose another one.
    return { name, label, available: false, notes: [error instanceof DLError ? error.fact : String(error)] };
  }
}

export const describeBackends = (registered: Backends): Promise<BackendFacts[]> =>
  Promise.all(Object.entries(choicesOf(registered)).map(([name, choice]) => describe(name, choice)));

/** Makes a backend the one in use. @throws UnknownNameError for none of these; BackendError that says why it cannot run here */
export async function takeBackend(name: string, registered: Backends): Promise<BackendFacts> {
  const choices = choicesOf(registered);
  if (!Object.hasOwn(choices, name)) throw unknownName("page", "backend", name, Object.keys(choices));
  return factsOf(name, choices[name], await useBackend(await open(name, choices[name])));
}
