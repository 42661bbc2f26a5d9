import { BackendError, ValueError } from "@dl/registry";
import type { Backend, BackendFactory } from "../backend/contract.js";
import { measureBackend } from "./measure.js";
import type { BackendSpeed } from "./measure.js";

/** A backend that was looked at. */
export type BackendCandidate =
  | {
      readonly name: string;
      readonly available: true;
      readonly backend: Backend;
      readonly speed: BackendSpeed;
      /** How long the step is expected to take on it. */
      readonly seconds: number;
    }
  | {
      readonly name: string;
      readonly available: false;
      /** Why it cannot be used here. */
      readonly reason: string;
    };

export interface BackendChoice {
  /** The chosen one's name in the registry. */
  readonly name: string;
  readonly backend: Backend;
  /** All that the registry has, the fastest first, then those that are not available. */
  readonly candidates: readonly BackendCandidate[];
}

/** What a registry gives: factories by name. */
export interface BackendSource {
  readonly backends: Readonly<Record<string, BackendFactory>>;
}

/**
 * Floating-point operations of products and convolutions for each element that an elementwise op takes, in a training step: a 3 × 3
 * convolution of 32 channels does 576 per output forward and twice that backward, and some eight elementwise ops follow each way.
 */
const flopsPerElement = 200;

/** Seconds of a step: half of its operations in products, half in convolutions, elementwise ops besides, and a loss that is read. */
export const expectedSeconds = (flops: number, { matmul, convolution, elementwise, readBack }: BackendSpeed): number =>
  flops / 2 / matmul + flops / 2 / convolution + flops / flopsPerElement / elementwise + readBack;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function inspect(name: string, factory: BackendFactory, flops: number): Promise<BackendCandidate> {
  // A factory that cannot create says why.
  try {
    const backend = await factory.create();
    const speed = await measureBackend(backend);
    return { name, available: true, backend, speed, seconds: expectedSeconds(flops, speed) };
  } catch (error) {
    return { name, available: false, reason: messageOf(error) };
  }
}

const rank = (candidate: BackendCandidate): number => (candidate.available ? candidate.seconds : Infinity);

/**
 * The backend on which a step of that many floating-point operations should take the least time: each that the registry has is
 * opened and measured for a fraction of a second, products, convolutions, elementwise ops and reading back.
 *
 *     const { backend } = await chooseBackend(createRegistry(core, wasmBackend), 3 * batchSize * summary(model, [1, 28, 28]).flops);
 *     await useBackend(backend);
 *
 * @param registry what `createRegistry` returns, or any `{ backends }`
 * @param flops of one step; about three times those of a forward pass where it trains
 * @throws BackendError when none can be used; ValueError on a number of operations that is none
 */
export async function chooseBackend({ backends }: BackendSource, flops: number): Promise<BackendChoice> {
  if (!(flops >= 0 && flops < Infinity)) {
    throw new ValueError("chooseBackend", `flops is ${flops}`, "Give the floating-point operations of one step: 3 · batch size · summary(model, inputShape).flops", { flops });
  }
  const candidates: BackendCandidate[] = [];
  // One after the other: each is measured.
  for (const [name, factory] of Object.entries(backends)) candidates.push(await inspect(name, factory, flops));
  candidates.sort((a, b) => rank(a) - rank(b));
  const best = candidates.find((candidate) => candidate.available);
  if (best === undefined) {
    const reasons = candidates.map((candidate) => (candidate.available ? "" : `${candidate.name}: ${candidate.reason}`));
    throw new BackendError("chooseBackend", `none of ${candidates.length} backends can be used here. ${reasons.join(" ")}`, 'List the reference backend: createRegistry(core, …) from "@dl/tensor/ops"');
  }
  return { name: best.name, backend: best.backend, candidates };
}
