// Fixtures that the Python scripts in this folder wrote; oracle.py says how.
import { readFileSync } from "node:fs";
import { sizeOf, tensor } from "@dl/tensor";
import type { DType, Shape, Tensor, TypedArray } from "@dl/tensor";
import type { Module } from "@dl/nn";
import { expect } from "vitest";

interface PackedTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  /** Little-endian bytes in base64. */
  readonly data: string;
}

interface StoredCase<O> {
  readonly name: string;
  readonly options: O;
  readonly tensors: Readonly<Record<string, PackedTensor>>;
}

export interface OracleCase<O> {
  readonly name: string;
  readonly options: O;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

function unpacked({ dtype, shape, data }: PackedTensor): Tensor {
  const bytes = Uint8Array.from(Buffer.from(data, "base64"));
  const arrays: Readonly<Record<DType, () => TypedArray>> = {
    float32: () => new Float32Array(bytes.buffer),
    float64: () => new Float64Array(bytes.buffer),
    int32: () => new Int32Array(bytes.buffer),
    bool: () => bytes,
    uint8: () => bytes,
    int8: () => new Int8Array(bytes.buffer),
  };
  return tensor(arrays[dtype](), { shape, dtype });
}

/** The cases of `fixtures/<name>.json`; `O` is what the script wrote as their options. */
export function readFixture<O>(name: string): OracleCase<O>[] {
  const text = readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8");
  const { cases } = JSON.parse(text) as { readonly cases: readonly StoredCase<O>[] };
  return cases.map(({ tensors, ...rest }) => ({
    ...rest,
    tensors: Object.fromEntries(Object.entries(tensors).map(([key, value]) => [key, unpacked(value)])),
  }));
}

export interface WaveOptions {
  readonly scale?: number;
  readonly phase?: number;
  readonly dtype?: "float32" | "float64";
  readonly requiresGrad?: boolean;
}

/** Element i (from 1, row-major) is scale · sin(i + phase): oracle.py's rule. */
export function wave(shape: Shape, { scale = 1, phase = 0, dtype = "float64", requiresGrad = false }: WaveOptions = {}): Tensor {
  const values = Float64Array.from({ length: sizeOf(shape) }, (_, k) => scale * Math.sin(k + 1 + phase));
  return tensor(values, { shape, dtype, requiresGrad });
}

/** Parameters in torch order, running index i = 1 … N over all of them, value scale · sin(i): oracle.py's `fill_parameters`. */
export function fillParameters<M extends Module>(module: M, scale = 0.05): M {
  let phase = 0;
  for (const p of module.parameters()) {
    p.assign(wave(p.shape, { scale, phase }).to(p.dtype));
    phase += p.size;
  }
  return module;
}

/** Asserts equal shapes, and |actual − expected| ≤ tolerance · (1 + |expected|) for every element. */
export function expectClose(actual: Tensor, expected: Tensor, tolerance: number, what = "the result"): void {
  expect(actual.shape, `the shape of ${what}`).toEqual(expected.shape);
  const [values, wanted] = [actual.dataSync(), expected.dataSync()];
  const wrong = wanted.findIndex((value: number, i: number) => !(Math.abs(values[i] - value) <= tolerance * (1 + Math.abs(value))) && !Object.is(values[i], value));
  expect(wrong === -1 ? "equal" : `${values[wrong]} instead of ${wanted[wrong]} at position ${wrong}`, what).toBe("equal");
}
