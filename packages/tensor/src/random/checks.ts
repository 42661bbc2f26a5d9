import { ValueError } from "@dl/registry";

export function checkSeed(where: string, seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ValueError(where, `seed is ${String(seed)}`, "Give a whole number from 0 to 2 ** 53 - 1", { seed });
  }
}

/** @throws ValueError unless `value` can be the length of an Int32Array of indices */
export function checkLength(where: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 31) {
    throw new ValueError(where, `${name} is ${String(value)}`, "Give a whole number from 0 to 2 ** 31 - 1", { [name]: value });
  }
}

export function checkFinite(where: string, name: string, value: number): void {
  if (!Number.isFinite(value)) {
    throw new ValueError(where, `${name} is ${String(value)}`, "Give a finite number", { [name]: value });
  }
}

export function checkSpread(where: string, std: number): void {
  if (!Number.isFinite(std) || std < 0) {
    throw new ValueError(where, `std is ${String(std)}`, "Give a finite number of 0 or more", { std });
  }
}

/** @throws ValueError unless low ≤ high, both finite, and so is what lies between them */
export function checkInterval(where: string, low: number, high: number): void {
  checkFinite(where, "low", low);
  checkFinite(where, "high", high);
  if (low > high) throw new ValueError(where, `low ${low} is above high ${high}`, "Swap them", { low, high });
  if (!Number.isFinite(high - low)) {
    throw new ValueError(where, `high - low overflows for low ${low} and high ${high}`, "Choose a narrower interval", { low, high });
  }
}

/** The largest number that `out` can store below `high`, so that rounding never reaches an excluded bound. */
export function largestBelow(high: number, out: Float32Array | Float64Array): number {
  const single = out instanceof Float32Array;
  if (single && Math.fround(high) < high) return Math.fround(high);
  if (high === 0) return single ? -(2 ** -149) : -Number.MIN_VALUE;
  // Neighbouring floats are neighbouring integers when their bits are read as sign and magnitude.
  const step = high > 0 ? -1 : 1;
  if (single) {
    const value = new Float32Array([high]);
    const bits = new Int32Array(value.buffer);
    bits[0] += step;
    return value[0];
  }
  const value = new Float64Array([high]);
  const bits = new BigInt64Array(value.buffer);
  bits[0] += BigInt(step);
  return value[0];
}
