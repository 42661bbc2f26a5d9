// A gpu.js that only tells what is asked of it, for traps that need no device.
import type { DeviceTexture, Gpu, GpuKernel, GpuLibrary, KernelSettings } from "../library.js";

export interface FakeOptions {
  /** What kernels are instances of, whatever mode was asked for. */
  readonly runs?: "WebGL2Kernel" | "WebGPUKernel" | "CPUKernel";
  readonly fallbackReason?: string;
  /** Milliseconds after which the nth kernel call and the nth read arrive; without, all arrive at once. */
  readonly delay?: (call: number) => number;
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

class FakeKernel {
  readonly computes = false;
}

const kernelClasses = {
  WebGPUKernel: class WebGPUKernel extends FakeKernel {},
  WebGL2Kernel: class WebGL2Kernel extends FakeKernel {},
  WebGLKernel: class WebGLKernel extends FakeKernel {},
  HeadlessGLKernel: class HeadlessGLKernel extends FakeKernel {},
  WebAssemblyKernel: class WebAssemblyKernel extends FakeKernel {},
  CPUKernel: class CPUKernel extends FakeKernel {},
};

/** Kernels give back their first argument, whatever their text says; only the proof of a device gets its right answer. */
export class FakeLibrary {
  readonly log: string[] = [];
  readonly settings: KernelSettings[] = [];
  readonly sources: string[] = [];
  private calls = 0;
  constructor(private readonly options: FakeOptions = {}) {}

  readonly load = (): Promise<GpuLibrary> => {
    const kernel = (mode: string, source: string, settings: KernelSettings): GpuKernel => this.kernel(mode, source, settings);
    class GPU {
      static readonly isWebGL2Supported = true;
      static readonly isWebGLSupported = false;
      static readonly isHeadlessGLSupported = false;
      static readonly isWebAssemblySupported = false;
      static isWebGPUAvailable(): Promise<boolean> { return Promise.resolve(true); }
      readonly context = { getParameter: () => 4096, getExtension: () => null };
      constructor(private readonly settings: { readonly mode: string }) {}
      readonly createKernel = (source: string, settings: KernelSettings): GpuKernel => kernel(this.settings.mode, source, settings);
      destroy(): Promise<void> { return Promise.resolve(); }
    }
    const library: GpuLibrary = { ...kernelClasses, WebGPUContext: { acquire: () => Promise.resolve({ isLost: false }), destroy: () => Promise.resolve() }, GPU: GPU satisfies new (settings: { readonly mode: string }) => Gpu };
    return Promise.resolve(library);
  };

  private texture(data: Float32Array, name: string): DeviceTexture {
    let isDeleted = false;
    const read = (): Float32Array => {
      if (isDeleted) throw new Error(`${name} is read after it was deleted`);
      return data;
    };
    const { delay } = this.options;
    return {
      type: "ArrayTexture(1)",
      toArray: () => (delay === undefined ? read() : later(delay(this.calls++)).then(read)),
      delete: () => {
        isDeleted = true;
        this.log.push(`delete ${name}`);
      },
    };
  }

  private kernel(mode: string, source: string, settings: KernelSettings): GpuKernel {
    this.sources.push(source);
    this.settings.push(settings);
    const { delay } = this.options;
    const { runs = "WebGL2Kernel", fallbackReason = null } = mode === "cpu" ? { runs: "CPUKernel" as const } : this.options;
    const name = `kernel ${this.sources.length}`;
    const compute = (first: DeviceTexture | Float32Array | number | undefined): DeviceTexture => {
      this.log.push(name);
      const input = first instanceof Float32Array ? first : new Float32Array(settings.output[0]);
      const isProof = source.includes("* 2 + 1");
      return this.texture(isProof ? Float32Array.of(3, -3, 7) : Float32Array.from(input), name);
    };
    const call = (...args: readonly (DeviceTexture | Float32Array | number)[]): DeviceTexture | Promise<DeviceTexture> => {
      if (delay === undefined) return compute(args[0]);
      return later(delay(this.calls++)).then(() => compute(args[0]));
    };
    return Object.assign(call, { kernel: new kernelClasses[runs](), fallbackReason, destroy: () => { this.log.push(`destroy ${name}`); } });
  }
}
