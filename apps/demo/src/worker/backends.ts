import { gpujs } from "@dl/backend-gpujs";
import { wasm } from "@dl/backend-wasm";
import { unknownName } from "@dl/registry";
import { reference, useBackend, type Backend, type BackendFactory } from "@dl/tensor";
import type { BackendFacts } from "./protocol.js";

interface Choice {
  readonly label: string;
  readonly factory: BackendFactory<never>;
}

const onGpu = (mode: "webgpu" | "webgl2"): BackendFactory<never> => gpujs({ mode }, () => import("gpu.js"));

/** Each way to compute that a page can choose. */
const choices: Readonly<Record<string, Choice>> = {
  wasm: { label: "WebAssembly", factory: wasm() },
  webgpu: { label: "WebGPU", factory: onGpu("webgpu") },
  webgl2: { label: "WebGL 2", factory: onGpu("webgl2") },
  reference: { label: "JavaScript", factory: reference },
};

const opened = new Map<string, Promise<Backend>>();

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A backend has threads and memory of its own: one of each is enough. */
async function open(name: string): Promise<Backend> {
  const choice = Object.hasOwn(choices, name) ? choices[name] : undefined;
  if (choice === undefined) throw unknownName("page", "backend", name, Object.keys(choices));
  let backend = opened.get(name);
  if (backend === undefined) opened.set(name, (backend = Promise.resolve(choice.factory.create())));
  try {
    return await backend;
  } catch (error) {
    opened.delete(name);
    throw error;
  }
}

const threadsOf = ({ threads = 1 }: Backend): string => `${threads} thread${threads === 1 ? "" : "s"}`;

function factsOf(name: string, backend: Backend): BackendFacts {
  const { runs, notes = [] } = backend.info ?? {};
  return { name, label: choices[name].label, available: true, notes: [...(runs === undefined ? [threadsOf(backend)] : [runs]), ...notes] };
}

/** What each backend says of itself here, or why it is not available. Opening one is the only way to know. */
export const describeBackends = (): Promise<BackendFacts[]> =>
  Promise.all(
    Object.entries(choices).map(async ([name, { label }]): Promise<BackendFacts> => {
      try {
        return factsOf(name, await open(name));
      } catch (error) {
        return { name, label, available: false, notes: [messageOf(error)] };
      }
    }),
  );

/** Makes a backend the one in use. @throws BackendError that says why it cannot run here */
export async function takeBackend(name: string): Promise<BackendFacts> {
  return factsOf(name, await useBackend(await open(name)));
}
