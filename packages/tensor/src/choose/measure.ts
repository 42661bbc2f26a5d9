import type { Backend } from "../backend/contract.js";
import { zeros } from "../create.js";
import { rand } from "../create-random.js";
import { conv2d } from "../public-ops.js";
import { Generator } from "../random/generator.js";
import type { Tensor } from "../tensor.js";

/** What a short calibration found out about a backend. */
export interface BackendSpeed {
  /** FLOP/s of the product of two 256 × 256 matrices. */
  readonly matmul: number;
  /** FLOP/s of a 3 × 3 convolution of 16 to 16 channels on 4 images of 28 × 28. */
  readonly convolution: number;
  /** Elements per second of an elementwise op. */
  readonly elementwise: number;
  /** Seconds from asking for a number, computed from one that is there, until it is here. */
  readonly readBack: number;
}

/** Seconds that a measurement takes at least: shorter ones are repeated, so that engines are past their warm-up. */
const shortest = 0.03;
const mostRepeats = 64;

const seconds = (): number => performance.now() / 1000;

/** Seconds of one call among many whose results are awaited together. */
async function secondsOf(run: () => Tensor): Promise<number> {
  for (let repeats = 1; ; repeats *= 2) {
    const began = seconds();
    // All are kept until the last is here: what nobody can ask for any more need not be computed.
    const results = Array.from({ length: repeats }, run);
    const last = results[repeats - 1];
    await last.slice(0, 0, 1).data();
    const taken = seconds() - began;
    for (const { backend, buffer } of results) backend.free(buffer);
    if (repeats > 1 && (taken >= shortest || repeats >= mostRepeats)) return taken / repeats;
  }
}

async function secondsToRead(x: Tensor): Promise<number> {
  let fewest = Infinity;
  for (let i = 0; i < 8; i++) {
    const began = seconds();
    await x.add(i).data();
    fewest = Math.min(fewest, seconds() - began);
  }
  return fewest;
}

/** Measures a backend for about a fifth of a second; slow ones take longer. */
export async function measureBackend(backend: Backend): Promise<BackendSpeed> {
  const generator = new Generator(0);
  const matrix = rand([256, 256], { backend, generator });
  const images = rand([4, 16, 28, 28], { backend, generator });
  const kernels = rand([16, 16, 3, 3], { backend, generator });
  const product = await secondsOf(() => matrix.matmul(matrix));
  const convolution = await secondsOf(() => conv2d(images, kernels, { padding: 1 }));
  const elements = await secondsOf(() => matrix.mul(1.5));
  return {
    matmul: (2 * 256 ** 3) / product,
    convolution: (2 * images.size * 16 * 9) / convolution,
    elementwise: matrix.size / elements,
    readBack: await secondsToRead(zeros([1], { backend })),
  };
}
