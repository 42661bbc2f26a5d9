import type { ModuleBuilder } from "./assembler/index.js";
import type { WasmBuffer } from "./heap/buffer.js";
import { Heap } from "./heap/heap.js";
import { compileKernel } from "./kernel.js";
import type { Kernel } from "./kernel.js";
import { Control, argumentsAt } from "./threads/control.js";
import { Pool } from "./threads/pool.js";

/** Scratch memory of each thread: packed panels of a product. */
export const scratchBytes = 1 << 20;

export interface EngineOptions {
  readonly threads: number;
  readonly fma: boolean;
  readonly fusion: boolean;
}

/** Memory, threads and the arguments of the kernel that runs. */
export class Engine {
  readonly heap: Heap;
  readonly pool: Pool | null;
  readonly fma: boolean;
  readonly threads: number;
  private readonly scratch: number;
  private readonly kernels = new Map<string, Kernel>();

  constructor({ threads, fma }: EngineOptions) {
    this.threads = threads;
    this.fma = fma;
    this.heap = new Heap(threads > 1);
    this.scratch = this.heap.takeForever(scratchBytes * threads);
    this.heap.i32[Control.scratch] = this.scratch;
    this.heap.i32[Control.scratchSize] = scratchBytes;
    this.pool = threads > 1 ? new Pool(this.heap, threads) : null;
  }

  compile(make: (sharedMemory: boolean) => ModuleBuilder): Kernel {
    return compileKernel(this.heap, make(this.heap.shared));
  }

  /** A kernel by its name, compiled when first wanted. */
  kernel(name: string, make: (sharedMemory: boolean) => ModuleBuilder): Kernel {
    let kernel = this.kernels.get(name);
    if (kernel === undefined) this.kernels.set(name, (kernel = this.compile(make)));
    return kernel;
  }

  /** Begins a kernel call: buffers asked for from here on stay where they are until the next. */
  begin(): void {
    this.heap.call++;
  }

  /** Byte address of a view that is read. */
  reading(buffer: WasmBuffer): number {
    return this.heap.reading(buffer.cell);
  }

  /** Sets word k of the arguments. */
  argument(k: number, value: number): void {
    this.heap.i32[argumentsAt + k] = value;
  }

  /** Sets words by their names. @param at where the first of them stands */
  argumentsOf<N extends string>(places: Readonly<Record<N, number>>, values: Readonly<Record<N, number>>, at = 0): void {
    for (const name in places) this.argument(at + places[name], values[name]);
  }

  floatArgument(k: number, value: number): void {
    this.heap.f32[argumentsAt + k] = value;
  }

  /**
   * Runs a kernel over 0 … total.
   * @param grain pieces are multiples of this
   * @param work how much there is to do in all, in elements' worth; little work is not worth waking anyone
   */
  launch(kernel: Kernel, total: number, grain: number, work: number): void {
    if (total === 0) return;
    if (this.pool === null || work < worthSharing || total <= grain) kernel.run(4 * argumentsAt, 0, total, this.scratch);
    else this.pool.run(kernel, 4 * argumentsAt, total, grain);
  }
}

/** Simple operations below which one thread is faster than two. */
const worthSharing = 32_768;
