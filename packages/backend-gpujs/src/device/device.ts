import { BackendError, DLError } from "@dl/registry";
import type { DeviceTexture, DeviceValue, Gpu, GpuKernel } from "../library.js";
import { Cell } from "./cell.js";
import { KernelCache } from "./kernel-cache.js";
import { turn } from "./macrotask.js";

/** What a device can hold, and how it is called. */
export interface DeviceLimits {
  /** The mode that runs. */
  readonly mode: string;
  /** What kernels of this mode are instances of. */
  readonly kernelClass: unknown;
  /** Whether calls give promises. */
  readonly isAsync: boolean;
  /** Whether the device went away, and all numbers with it. */
  readonly isLost: () => boolean;
  /** Elements of the largest tensor. */
  readonly mostElements: number;
  /** What sets that limit. */
  readonly limit: string;
}

const isTexture = (value: DeviceValue): value is DeviceTexture => !(value instanceof Float32Array);

/** How many numbers a texture holds; it does not say itself. */
const sizesOf = new WeakMap<DeviceTexture, number>();

const copySource = "function(x) { return x[this.thread.x]; }";

/** Known by heart: read again where all that comes back is zero. */
const sentinelValue = 42;

/** One gpu.js context. Kernels run in the order of their calls; where they give promises, those wait in one line, with what frees memory. */
export class Device {
  private readonly kernels: KernelCache;
  private tail: Promise<void> = Promise.resolve();
  /** What broke the line: everything after it has no numbers to work on. */
  private failure: DLError | null = null;
  private sentinel: Cell | null = null;
  bytes = 0;
  cells = 0;

  constructor(
    gpu: Gpu,
    readonly limits: DeviceLimits,
    mostKernels?: number,
  ) {
    this.kernels = new KernelCache(gpu, mostKernels);
  }

  upload(data: Float32Array): Cell {
    const cell = this.reserve(data.length);
    if (this.limits.mode === "cpu" || this.limits.mode === "webasm") {
      cell.value = data;
      return cell;
    }
    this.schedule(() => this.call(copySource, cell, [data]));
    return cell;
  }

  /** Runs a kernel over `size` outputs. */
  run(source: string, size: number, inputs: readonly Cell[], numbers: readonly number[]): Cell {
    const cell = this.reserve(size);
    this.schedule(() => this.call(source, cell, [...inputs.map(valueOf), ...numbers]));
    return cell;
  }

  /** Computes on the host: what no kernel does well. */
  runOnHost(size: number, inputs: readonly Cell[], compute: (...inputs: readonly Float32Array[]) => Float32Array): Cell {
    const cell = this.reserve(size);
    this.schedule(() => {
      const arrays = inputs.map((input) => this.arrayOf(input));
      const finish = (read: readonly Float32Array[]): void | Promise<void> => {
        const data = compute(...read);
        if (isTexture(valueOf(inputs[0]))) return this.call(copySource, cell, [data]);
        cell.value = data;
      };
      return this.limits.isAsync ? Promise.all(arrays.map((array) => Promise.resolve(array))).then(finish) : finish(arrays as Float32Array[]);
    });
    return cell;
  }

  /** The numbers of this moment, though kernels may follow before anyone awaits them. Loops that await them let the engine have its turns. */
  async read(cell: Cell): Promise<Float32Array> {
    if (!this.limits.isAsync) {
      const data = this.readSync(cell);
      await turn();
      return data;
    }
    let data: Float32Array | undefined;
    this.schedule(async () => {
      data = await this.arrayOf(cell);
      if (await this.isSuspicious(data)) throw this.lost();
    });
    await this.tail;
    if (this.failure !== null) throw this.failure;
    return data ?? new Float32Array();
  }

  readSync(cell: Cell): Float32Array {
    const data = this.arrayOf(cell) as Float32Array;
    if (this.limits.isLost()) throw this.lost();
    if (isTexture(valueOf(cell)) && data.every((x) => x === 0) && (this.arrayOf(this.guard()) as Float32Array)[0] !== sentinelValue) throw this.lost();
    return data;
  }

  /** Gives memory back, after the kernels that were called before. */
  release(cell: Cell): void {
    if (cell.released) return;
    cell.released = true;
    this.count(cell.size, -1);
    this.schedule(() => {
      // Without this the memory stays, however dead the object is.
      if (cell.value !== null && isTexture(cell.value)) cell.value.delete();
      cell.value = null;
    });
  }

  /** @throws BackendError for tensors that no texture or buffer holds */
  check(size: number): void {
    const { mostElements, limit, mode } = this.limits;
    if (size > mostElements) {
      throw new BackendError("gpujs", `a tensor of ${size} elements does not fit: ${limit} allows ${mostElements}`, "Use smaller tensors, such as a smaller batch, or the wasm backend", { size, mostElements, mode });
    }
  }

  private reserve(size: number): Cell {
    this.check(size);
    this.count(size, 1);
    return new Cell(size);
  }

  /** Counts tensors of that size that came, or went. */
  count(size: number, by: 1 | -1): void {
    this.bytes += by * 4 * size;
    this.cells += by;
  }

  private schedule(work: () => void | Promise<void>): void {
    if (this.limits.isAsync) {
      this.tail = this.tail.then(work).catch((error: unknown) => { this.failure ??= this.explained(error); });
      return;
    }
    try {
      void work();
    } catch (error) {
      throw this.explained(error);
    }
  }

  private explained(error: unknown): DLError {
    if (this.limits.isLost()) return this.lost();
    if (error instanceof DLError) return error;
    const explained = new BackendError("gpujs", `gpu.js cannot run a kernel in mode "${this.limits.mode}": ${error instanceof Error ? error.message : String(error)}`, "Use another mode", { mode: this.limits.mode });
    explained.cause = error;
    return explained;
  }

  private call(source: string, out: Cell, args: readonly (DeviceValue | number)[]): void | Promise<void> {
    if (this.limits.isLost()) throw this.lost();
    const types = args.map((arg) => (typeof arg === "number" ? "Float" : isTexture(arg) ? arg.type : "Array"));
    const sizes = args.map((arg) => (typeof arg === "number" ? 0 : isTexture(arg) ? (sizesOf.get(arg) ?? 0) : arg.length));
    const kernel = this.kernels.kernel(source, out.size, types, sizes);
    const result = kernel(...args);
    if (result instanceof Promise) return result.then((value) => { this.keep(out, value, kernel); });
    this.keep(out, result, kernel);
  }

  private keep(out: Cell, value: DeviceValue, kernel: GpuKernel): void {
    const ran = kernel.kernel?.constructor;
    const { kernelClass, mode } = this.limits;
    if ((kernel.fallbackReason ?? null) !== null || (ran !== undefined && ran !== kernelClass)) {
      const fact = `a kernel of mode "${mode}" fell back to ${ran?.name ?? "another one"}: ${kernel.fallbackReason ?? "gpu.js gives no reason"}`;
      throw new BackendError("gpujs", fact, 'Use mode "cpu" to compute there, or the wasm backend', { mode });
    }
    out.value = value;
    if (isTexture(value)) sizesOf.set(value, out.size);
  }

  private arrayOf(cell: Cell): Float32Array | Promise<Float32Array> {
    const value = valueOf(cell);
    return isTexture(value) ? value.toArray() : value;
  }

  private guard(): Cell {
    if (this.sentinel === null) {
      this.sentinel = this.upload(Float32Array.of(sentinelValue));
      // It belongs to nobody who counts.
      this.count(1, -1);
    }
    return this.sentinel;
  }

  private async isSuspicious(data: Float32Array): Promise<boolean> {
    if (data.length === 0 || !data.every((x) => x === 0)) return false;
    if (this.sentinel === null) {
      this.sentinel = new Cell(1);
      await this.call(copySource, this.sentinel, [Float32Array.of(sentinelValue)]);
    }
    return (await this.arrayOf(this.sentinel))[0] !== sentinelValue;
  }

  private lost(): BackendError {
    return new BackendError("gpujs", `the device of mode "${this.limits.mode}" was lost, and with it all tensors on it`, "Load the last checkpoint on a new backend: await useBackend(gpujs())", { mode: this.limits.mode });
  }
}

function valueOf({ value, released }: Cell): DeviceValue {
  if (value !== null) return value;
  throw new BackendError("gpujs", released ? "the tensor's memory was given back" : "the kernel before this one failed", released ? "Do not free what is still used" : "Read its error first");
}
