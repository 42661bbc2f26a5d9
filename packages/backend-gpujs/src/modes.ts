import type { Gpu, GpuLibrary, KernelClassName } from "./library.js";
import type { DeviceLimits } from "./device/device.js";

/** From the one that should be the fastest to the one that runs everywhere. */
export const modes = ["webgpu", "webgl2", "webgl", "headlessgl", "webasm", "cpu"] as const;

export type GpuMode = (typeof modes)[number];

const kernelClasses: Readonly<Record<GpuMode, KernelClassName>> = {
  webgpu: "WebGPUKernel", webgl2: "WebGL2Kernel", webgl: "WebGLKernel", headlessgl: "HeadlessGLKernel", webasm: "WebAssemblyKernel", cpu: "CPUKernel",
};

interface MaybeLost {
  isContextLost?(): boolean;
}

/** Asks whether the device is still there. */
async function watch(mode: GpuMode, gpu: Gpu, library: GpuLibrary): Promise<() => boolean> {
  if (mode === "webgpu") {
    const context = await library.WebGPUContext.acquire();
    return () => context.isLost;
  }
  return () => (gpu.context as MaybeLost | null)?.isContextLost?.() === true;
}

/** What is known of a mode before a kernel has run: enough for one that is small enough for any device. */
export const trialLimits = async (mode: GpuMode, gpu: Gpu, library: GpuLibrary): Promise<DeviceLimits> => ({
  mode,
  kernelClass: library[kernelClasses[mode]],
  isAsync: mode === "webgpu",
  isLost: await watch(mode, gpu, library),
  mostElements: 1024,
  limit: "the trial",
});

/** Positions are counted in floats: whole numbers up to here are exact. */
const exactPositions = 2 ** 24;

const maxTextureSize = 0x0d33;

/** What of WebGL and WebGPU tells about the device. */
interface GlContext {
  getParameter(name: number): unknown;
  getExtension(name: string): { readonly UNMASKED_RENDERER_WEBGL: number } | null;
}

interface Adapter {
  readonly limits: { readonly maxStorageBufferBindingSize: number };
  readonly info?: { readonly vendor: string; readonly architecture: string; readonly description: string };
}

interface WebGpu {
  requestAdapter(): Promise<Adapter | null>;
}

const webGpu = (): WebGpu | undefined => (globalThis as { readonly navigator?: { readonly gpu?: WebGpu } }).navigator?.gpu;

/** CPU kernels are functions made from text. gpu.js only finds out halfway, and says so on the console. */
function evalRefusal(): string | null {
  const evaluate: (text: string) => unknown = globalThis.eval;
  try {
    evaluate("1");
    return null;
  } catch {
    return "the page's content security policy forbids functions made from text, which this mode needs ('unsafe-eval'). WebGL works without";
  }
}

/** Why a mode cannot run here; null when it may. */
export async function refusalOf(mode: GpuMode, { GPU }: GpuLibrary): Promise<string | null> {
  switch (mode) {
    case "webgpu":
      if (webGpu() === undefined) return "there is no WebGPU here (navigator.gpu)";
      return (await GPU.isWebGPUAvailable()) ? null : "WebGPU has no adapter here";
    case "webgl2":
      return GPU.isWebGL2Supported ? null : "there is no WebGL 2 here";
    case "webgl":
      return GPU.isWebGLSupported ? null : "there is no WebGL here";
    case "headlessgl":
      return GPU.isHeadlessGLSupported ? null : "the package gl, which compiles on installation, is not there";
    case "webasm":
      return GPU.isWebAssemblySupported ? null : "there is no WebAssembly here";
    case "cpu":
      return evalRefusal();
  }
}

/** The mode and its device in a few words. */
export const described = (mode: GpuMode, { adapter }: Facts): string => (adapter === "" ? mode : `${mode} on ${adapter}`);

/** A device's name, and what sets the size of its largest tensor. */
export interface Facts {
  readonly adapter: string;
  readonly mostElements: number;
  readonly limit: string;
}

const narrower = (elements: number, limit: string): Pick<Facts, "mostElements" | "limit"> =>
  elements < exactPositions ? { mostElements: elements, limit } : { mostElements: exactPositions, limit: "counting positions in floats" };

async function webGpuFacts(): Promise<Facts> {
  const adapter = await webGpu()?.requestAdapter();
  const { vendor = "", architecture = "", description = "" } = adapter?.info ?? {};
  const bytes = adapter?.limits.maxStorageBufferBindingSize ?? 2 ** 27;
  return { adapter: [vendor, architecture, description].filter((part) => part !== "").join(" "), ...narrower(bytes / 4, "a storage buffer") };
}

function glFacts({ context }: Gpu): Facts {
  const gl = context as GlContext;
  const side = Number(gl.getParameter(maxTextureSize));
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  return { adapter: names === null ? "" : String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)), ...narrower(side * side, `a texture of ${side} × ${side}`) };
}

/** What the device of a mode can hold, and its name. @param gpu after its first kernel */
export async function factsOf(mode: GpuMode, gpu: Gpu): Promise<Facts> {
  if (mode === "webgpu") return webGpuFacts();
  if (mode === "cpu") return { adapter: "", mostElements: 2 ** 29, limit: "an array" };
  // WebAssembly counts positions in float32, too.
  return mode === "webasm" ? { adapter: "", ...narrower(Infinity, "") } : glFacts(gpu);
}
