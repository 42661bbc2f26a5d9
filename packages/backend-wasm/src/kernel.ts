import type { ModuleBuilder } from "./assembler/index.js";
import type { Heap } from "./heap/heap.js";
import { mathOfHost } from "./math/index.js";

/** run(args, from, to, scratch): part of the work that the arguments describe. */
export type Run = (args: number, from: number, to: number, scratch: number) => void;

/** A compiled kernel, and its code in the heap for threads that have not met it yet. */
export interface Kernel {
  readonly id: number;
  readonly run: Run;
  readonly pointer: number;
  readonly length: number;
}

let kernels = 0;

export function compileKernel(heap: Heap, module: ModuleBuilder): Kernel {
  const code = module.encode();
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory: heap.memory, ...mathOfHost } });
  let pointer = 0;
  if (heap.shared) {
    pointer = heap.takeForever(code.length);
    heap.u8.set(code, pointer);
  }
  return { id: kernels++, run: instance.exports.run as Run, pointer, length: code.length };
}
