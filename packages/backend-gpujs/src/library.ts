import { BackendError } from "@dl/registry";

// What this backend uses of gpu.js. Its own declarations say `any` where it matters.

/** Numbers on the device, as gpu.js hands them out: an array in its CPU modes, otherwise a texture or a buffer. */
export type DeviceValue = Float32Array | DeviceTexture;

export interface DeviceTexture {
  /** What kernels are told that they get. */
  readonly type: string;
  toArray(): Float32Array | Promise<Float32Array>;
  delete(): void;
}

export interface GpuKernel {
  (...args: readonly (DeviceValue | number)[]): DeviceValue | Promise<DeviceValue>;
  /** Its class says what runs it: another mode than was asked for where gpu.js fell back. */
  readonly kernel?: { readonly constructor: { readonly name: string } };
  readonly fallbackReason?: string | null;
  destroy(): void;
}

export interface GpuFunction {
  readonly name: string;
  /** Always text: functions as values break under coverage, minifiers and `keepNames`. */
  readonly source: string;
  readonly settings: { readonly argumentTypes: Readonly<Record<string, "Number">>; readonly returnType: "Number" };
}

export interface KernelSettings {
  readonly output: readonly [number];
  readonly argumentTypes: readonly string[];
  readonly functions: readonly GpuFunction[];
  readonly precision: "single";
  /** Without this, floats have as few bits as a phone likes. */
  readonly tactic: "precision";
  readonly pipeline: true;
  readonly immutable: true;
  readonly loopMaxIterations: number;
}

export interface Gpu {
  createKernel(source: string, settings: KernelSettings): GpuKernel;
  readonly context: unknown;
  destroy(): Promise<void>;
}

/** Classes of kernels, by the names that gpu.js exports. */
export type KernelClassName = "WebGPUKernel" | "WebGL2Kernel" | "WebGLKernel" | "HeadlessGLKernel" | "WebAssemblyKernel" | "CPUKernel";

export interface GpuLibrary extends Readonly<Record<KernelClassName, unknown>> {
  /** The one WebGPU device that all instances share. */
  readonly WebGPUContext: { acquire(): Promise<{ readonly isLost: boolean }>; destroy(): Promise<void> };
  readonly GPU: {
    new (settings: { readonly mode: string }): Gpu;
    readonly isWebGLSupported: boolean;
    readonly isWebGL2Supported: boolean;
    readonly isHeadlessGLSupported: boolean;
    readonly isWebAssemblySupported: boolean;
    isWebGPUAvailable(): Promise<boolean>;
  };
}

/** The line that installs it, without what it would compile or download. */
export const installLine = "npm i gpu.js@~2.24.1 --omit=optional --ignore-scripts";

const isLibrary = (value: unknown): value is GpuLibrary => (typeof value === "object" || typeof value === "function") && value !== null && "GPU" in value && typeof value.GPU === "function";

/**
 * gpu.js, imported when it is first wanted.
 * @throws BackendError where it is not installed
 */
export async function loadLibrary(load: () => Promise<unknown> = () => import("gpu.js")): Promise<GpuLibrary> {
  let module: unknown;
  try {
    module = await load();
  } catch (cause) {
    const error = new BackendError("gpujs", "gpu.js is not installed", installLine, { backend: "gpujs" });
    error.cause = cause;
    throw error;
  }
  // As a module it has a default export, which in browsers is the class itself.
  const candidates = [module, (module as { readonly default?: unknown }).default];
  const found = candidates.find(isLibrary);
  if (found !== undefined) return found;
  const fact = `the package gpu.js has no class GPU (it exports ${Object.keys(module as object).join(", ")})`;
  throw new BackendError("gpujs", fact, `Install the version it was made for: ${installLine}`, { backend: "gpujs" });
}
