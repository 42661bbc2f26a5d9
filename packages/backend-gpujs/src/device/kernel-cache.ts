import type { Gpu, GpuKernel } from "../library.js";
import { functionsOf } from "../source/functions.js";

/** Kernels that are kept: whoever was used longest ago is destroyed first. */
const mostKernels = 512;

/** A loop whose bound is not known at once stops silently at 1,000 otherwise. */
const loopMaxIterations = 1 << 24;

export class KernelCache {
  /** In order of last use. */
  private readonly kernels = new Map<string, GpuKernel>();

  constructor(
    private readonly gpu: Gpu,
    private readonly limit = mostKernels,
  ) {}

  /**
   * @param source holds all shapes and strides
   * @param argumentTypes of its arrays and numbers, in order
   * @param sizes of its arrays: gpu.js compiles them in, and reads elsewhere when they change
   */
  kernel(source: string, size: number, argumentTypes: readonly string[], sizes: readonly number[]): GpuKernel {
    const key = `${size} ${argumentTypes.join()} ${sizes.join()} ${source}`;
    let kernel = this.kernels.get(key);
    if (kernel === undefined) {
      // `pipeline` without `immutable` would write into the output of the call before.
      kernel = this.gpu.createKernel(source, { output: [size], argumentTypes, functions: functionsOf(source), precision: "single", tactic: "precision", pipeline: true, immutable: true, loopMaxIterations });
      if (this.kernels.size >= this.limit) this.evict();
    } else {
      this.kernels.delete(key);
    }
    this.kernels.set(key, kernel);
    return kernel;
  }

  get size(): number {
    return this.kernels.size;
  }

  private evict(): void {
    const [oldest] = this.kernels;
    this.kernels.delete(oldest[0]);
    oldest[1].destroy();
  }
}
