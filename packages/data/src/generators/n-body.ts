import { checkNumber, checkWhole } from "@dl/registry";
import type { Generator, HostArray } from "@dl/tensor";
import { begin, between, floats, ints, type GeneratorOptions } from "./common.js";

export interface NBodyOptions extends GeneratorOptions {
  /** Default 5. */
  readonly bodies?: number;
  /** Dimensions of space, 2 or 3. Default 2. */
  readonly dims?: number;
  /** Recorded moments, the start included. Default 1. */
  readonly steps?: number;
  /** Time from one moment to the next. Default 0.01. */
  readonly dt?: number;
  /** Gravitational constant G. Default 1. */
  readonly gravity?: number;
  /** ε: bodies that meet do not pull each other infinitely. Default 0.1. */
  readonly softening?: number;
}

/** Graphs in which every body sees every other. N samples, T moments, B bodies, D dimensions. */
export interface NBodyData {
  /** float32 [N, T, B, D]. */
  readonly positions: HostArray;
  /** float32 [N, T, B, D]. */
  readonly velocities: HostArray;
  /** float32 [N, T, B, D]. */
  readonly accelerations: HostArray;
  /** float32 [N, B], from 0.5 to 1.5. */
  readonly masses: HostArray;
  /** int32 [2, B · (B − 1)]: from, to; the same in every sample. */
  readonly edges: HostArray;
}

interface Space {
  readonly bodies: number;
  readonly dims: number;
  readonly gravity: number;
  readonly softening: number;
}

/** aᵢ = G Σⱼ mⱼ (rⱼ − rᵢ) / (|rⱼ − rᵢ|² + ε²)^(3/2) */
function pull(positions: Float64Array, masses: Float64Array, { bodies, dims, gravity, softening }: Space): Float64Array {
  const accelerations = new Float64Array(bodies * dims);
  for (let i = 0; i < bodies; i++) {
    for (let j = 0; j < bodies; j++) {
      if (i === j) continue;
      let square = softening ** 2;
      for (let d = 0; d < dims; d++) square += (positions[j * dims + d] - positions[i * dims + d]) ** 2;
      const strength = (gravity * masses[j]) / square ** 1.5;
      for (let d = 0; d < dims; d++) accelerations[i * dims + d] += strength * (positions[j * dims + d] - positions[i * dims + d]);
    }
  }
  return accelerations;
}

const fill = (random: Generator, count: number, low: number, high: number): Float64Array => Float64Array.from({ length: count }, () => between(random, low, high));

/** Shifts velocities so that the momentum is 0 and the bodies stay in view. */
function stopDrift(velocities: Float64Array, masses: Float64Array, dims: number): void {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  for (let d = 0; d < dims; d++) {
    const drift = masses.reduce((sum, mass, i) => sum + mass * velocities[i * dims + d], 0) / total;
    masses.forEach((_, i) => (velocities[i * dims + d] -= drift));
  }
}

/**
 * Bodies that pull each other, at random places in [−1, 1)ᴰ with velocities in [−0.5, 0.5)ᴰ less the common drift. Their movement is computed
 * in float64 by the velocity Verlet method, which keeps momentum exactly and energy nearly: v += a·dt/2, r += v·dt, v += a(r)·dt/2.
 * 100 samples by default.
 *
 * After Battaglia et al., 2016, Interaction networks. Units are such that G = 1.
 * @throws ValueError for counts that are not whole, other dimensions than 2 and 3, and negative dt or softening
 */
export function nBody(options: NBodyOptions = {}): NBodyData {
  const where = "nBody";
  const { samples = 100, bodies = 5, dims = 2, steps = 1, dt = 0.01, gravity = 1, softening = 0.1 } = options;
  const random = begin(where, options, ["bodies", "dims", "steps", "dt", "gravity", "softening"], samples);
  checkWhole(where, "bodies", bodies, 1);
  checkWhole(where, "dims", dims, 2);
  checkNumber(where, "dims", dims, 2, 3);
  checkWhole(where, "steps", steps, 1);
  checkNumber(where, "dt", dt, 0);
  checkNumber(where, "gravity", gravity);
  checkNumber(where, "softening", softening, 0);
  const space = { bodies, dims, gravity, softening };
  const size = bodies * dims;
  const record = { positions: new Float32Array(samples * steps * size), velocities: new Float32Array(samples * steps * size), accelerations: new Float32Array(samples * steps * size) };
  const allMasses = new Float32Array(samples * bodies);
  for (let n = 0; n < samples; n++) {
    const masses = fill(random, bodies, 0.5, 1.5).map(Math.fround);
    const [r, v] = [fill(random, size, -1, 1), fill(random, size, -0.5, 0.5)];
    stopDrift(v, masses, dims);
    let a = pull(r, masses, space);
    allMasses.set(masses, n * bodies);
    for (let t = 0; t < steps; t++) {
      if (t > 0) {
        r.forEach((_, k) => (r[k] += (v[k] += (a[k] * dt) / 2) * dt));
        a = pull(r, masses, space);
        v.forEach((_, k) => (v[k] += (a[k] * dt) / 2));
      }
      for (const [name, values] of [["positions", r], ["velocities", v], ["accelerations", a]] as const) record[name].set(values, (n * steps + t) * size);
    }
  }
  const shape = [samples, steps, bodies, dims];
  return {
    positions: floats(shape, record.positions),
    velocities: floats(shape, record.velocities),
    accelerations: floats(shape, record.accelerations),
    masses: floats([samples, bodies], allMasses),
    edges: allPairs(bodies),
  };
}

function allPairs(bodies: number): HostArray {
  const pairs = Array.from({ length: bodies * bodies }, (_, k) => [Math.floor(k / bodies), k % bodies]).filter(([from, to]) => from !== to);
  return ints([2, pairs.length], Int32Array.from([...pairs.map(([from]) => from), ...pairs.map(([, to]) => to)]));
}
