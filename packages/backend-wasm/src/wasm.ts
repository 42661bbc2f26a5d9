import { BackendError, ValueError, checkOptions } from "@dl/registry";
import type { BackendFactory } from "@dl/tensor";
import { ModuleBuilder, f32x4, v128, i32 } from "./assembler/index.js";
import { WasmBackend } from "./backend.js";

export interface WasmOptions {
  /** How many threads compute, the calling one included. "auto": all cores. Default "auto". */
  readonly threads?: number | "auto";
  /** Fused multiply-add, where the engine knows it: about a fifth faster products whose last bit differs between machines. Default true. */
  readonly relaxedSimd?: boolean;
  /** Whether chains of elementwise ops become one kernel. Results are the same; off for debugging. Default true. */
  readonly fusion?: boolean;
}

/** The smallest module that uses an instruction. */
function validates(use: "simd" | "fma"): boolean {
  const module = new ModuleBuilder(false);
  module.function("run", ["i32"], [], (f) => {
    const at = f.param("i32", 0).get;
    const x = v128.load(at);
    f.push(v128.store(i32.add(at, i32.const(16)), use === "fma" ? f32x4.relaxedMadd(x, x, x) : f32x4.add(x, x)));
  });
  return WebAssembly.validate(module.encode());
}

/** Why WebAssembly with SIMD cannot run here; null when it can. */
function obstacle(): string | null {
  if (typeof WebAssembly !== "object") return "there is no WebAssembly";
  if (!validates("simd")) return "this engine's WebAssembly has no SIMD";
  try {
    new WebAssembly.Module(new ModuleBuilder(false).encode());
    return null;
  } catch (error) {
    return `the page's content security policy forbids compiling (${error instanceof Error ? error.message : String(error)}): it needs 'wasm-unsafe-eval'`;
  }
}

interface Hardware {
  readonly hardwareConcurrency?: number;
}

const cores = (): number => (globalThis as { navigator?: Hardware }).navigator?.hardwareConcurrency ?? processCores();

interface NodeOs {
  availableParallelism(): number;
}

const processCores = (): number =>
  (globalThis as { process?: { getBuiltinModule?(name: "node:os"): NodeOs } }).process?.getBuiltinModule?.("node:os").availableParallelism() ?? 1;

/** Memory that threads can share: everywhere in Node, in browsers on cross-origin isolated pages only. */
const canShare = (): boolean => typeof SharedArrayBuffer === "function" && (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;

/** More threads than this share memory bandwidth rather than work. */
const mostThreads = 32;

function threadsFor({ threads = "auto" }: WasmOptions, notes: string[]): number {
  if (threads !== "auto" && (!Number.isInteger(threads) || threads < 1 || threads > mostThreads)) {
    throw new ValueError("wasm", `threads is ${threads}`, `Give a whole number from 1 to ${mostThreads}, or "auto"`, { threads });
  }
  const wanted = threads === "auto" ? Math.min(cores(), mostThreads) : threads;
  if (wanted === 1 || canShare()) return wanted;
  notes.push("One thread: the page is not cross-origin isolated, so memory cannot be shared. Serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.");
  return 1;
}

const patience = 5000;

async function create(options: WasmOptions = {}): Promise<WasmBackend> {
  checkOptions("wasm", options, ["threads", "relaxedSimd", "fusion"]);
  const reason = obstacle();
  if (reason !== null) throw new BackendError("wasm", `it cannot run here: ${reason}`, "Use the reference backend: useBackend(reference)", { backend: "wasm" });
  const notes: string[] = [];
  const threads = threadsFor(options, notes);
  const hasFma = validates("fma");
  if (!hasFma) notes.push("No fused multiply-add: this engine's WebAssembly has no relaxed SIMD. Node 20 has it behind --experimental-wasm-relaxed-simd.");
  const backend = new WasmBackend({ threads, fma: hasFma && (options.relaxedSimd ?? true), fusion: options.fusion ?? true }, notes);
  const until = performance.now() + patience;
  while (backend.helpersReady < threads - 1 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 1));
  return backend;
}

export interface WasmFactory extends BackendFactory<WasmOptions> {
  create(options?: WasmOptions): Promise<WasmBackend>;
}

/**
 * SIMD WebAssembly on all cores. `await useBackend(wasm())`; `wasm({ threads: 1 })` for one.
 * @throws BackendError where WebAssembly, SIMD or compiling is missing; ValueError on a bad number of threads
 */
export const wasm = (options: WasmOptions = {}): WasmFactory => ({
  name: "wasm",
  isAvailable: () => obstacle() === null,
  create: (own) => create(own ?? options),
});
