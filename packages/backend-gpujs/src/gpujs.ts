import { BackendError, ValueError, checkOptions } from "@dl/registry";
import type { BackendFactory } from "@dl/tensor";
import { GpuBackend } from "./backend.js";
import { openDevice } from "./device/open.js";
import { loadLibrary } from "./library.js";
import type { GpuLibrary } from "./library.js";
import { described, modes, refusalOf } from "./modes.js";
import type { GpuMode } from "./modes.js";

export interface GpujsOptions {
  /** Where gpu.js computes. "auto": the first of webgpu, webgl2, webgl, headlessgl, webasm and cpu that works here. Default "auto". */
  readonly mode?: GpuMode | "auto";
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function tryMode(mode: GpuMode, library: GpuLibrary, notes: readonly string[]): Promise<GpuBackend | string> {
  const refusal = await refusalOf(mode, library);
  if (refusal !== null) return refusal;
  try {
    const { device, facts } = await openDevice(mode, library);
    return new GpuBackend(device, { mode, runs: described(mode, facts), notes, ...facts });
  } catch (error) {
    return `it fails here: ${messageOf(error).replace(/\.$/, "")}`;
  }
}

async function create({ mode = "auto", ...rest }: GpujsOptions = {}, load?: () => Promise<unknown>): Promise<GpuBackend> {
  checkOptions("gpujs", rest, ["mode"]);
  if (mode !== "auto" && !modes.includes(mode)) throw new ValueError("gpujs", `mode is "${mode as string}"`, `Give one of auto, ${modes.join(", ")}`, { mode });
  const library = await loadLibrary(load);
  const notes: string[] = [];
  for (const candidate of mode === "auto" ? modes : [mode]) {
    const result = await tryMode(candidate, library, notes);
    if (typeof result !== "string") return result;
    notes.push(`${candidate} was not taken: ${result}.`);
  }
  throw new BackendError("gpujs", mode === "auto" ? `no mode runs here. ${notes.join(" ")}` : `mode "${mode}" cannot run here. ${notes.join(" ")}`, "Use mode \"auto\", or the wasm backend", { mode });
}

export interface GpujsFactory extends BackendFactory<GpujsOptions> {
  create(options?: GpujsOptions): Promise<GpuBackend>;
}

/**
 * The GPU through gpu.js, which has to be installed beside it; without one, gpu.js's own CPU modes. `await useBackend(gpujs())`.
 *
 * An explicit mode that is not there is refused; "auto" takes the next one, and `backend.info` says why.
 * @param load how gpu.js is imported, for bundlers that need a hand: `() => import("gpu.js")`
 * @throws BackendError where gpu.js is not installed or the mode cannot run; ValueError on an unknown mode
 */
export const gpujs = (options: GpujsOptions = {}, load?: () => Promise<unknown>): GpujsFactory => ({
  name: "gpujs",
  isAvailable: async () => {
    try {
      const library = await loadLibrary(load);
      const { mode = "auto" } = options;
      const refusals = await Promise.all((mode === "auto" ? modes : [mode]).map((candidate) => refusalOf(candidate, library)));
      return refusals.includes(null);
    } catch (error) {
      if (error instanceof BackendError) return false;
      throw error;
    }
  },
  create: (own) => create(own ?? options, load),
});
