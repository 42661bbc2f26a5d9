import { BackendError } from "@dl/registry";
import type { GpuLibrary } from "../library.js";
import { factsOf, trialLimits } from "../modes.js";
import type { Facts, GpuMode } from "../modes.js";
import { Device } from "./device.js";

/** A small computation whose result is known: not every device that says it is there computes. */
async function prove(device: Device): Promise<void> {
  const x = device.upload(Float32Array.of(1, -2, 3));
  const y = device.run("function(x) { return x[this.thread.x] * 2 + 1; }", 3, [x], []);
  const found = await device.read(y);
  device.release(x);
  device.release(y);
  if (found[0] !== 3 || found[1] !== -3 || found[2] !== 7) throw new BackendError("gpujs", `1, −2, 3 times 2 plus 1 gives ${[...found].join(", ")}`, "Use another mode");
}

/** A device of a mode that computes, with what is known of it. @throws whatever goes wrong */
export async function openDevice(mode: GpuMode, library: GpuLibrary): Promise<{ readonly device: Device; readonly facts: Facts }> {
  const gpu = new library.GPU({ mode });
  const trial = await trialLimits(mode, gpu, library);
  await prove(new Device(gpu, trial));
  const facts = await factsOf(mode, gpu);
  return { device: new Device(gpu, { ...trial, mostElements: facts.mostElements, limit: facts.limit }), facts };
}
