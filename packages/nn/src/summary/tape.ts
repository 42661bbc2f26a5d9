import { bytesOf } from "@dl/tensor";
import type { DeviceBuffer, Tensor } from "@dl/tensor";

/** Every tensor that `outputs` were computed from, leaves and they themselves included. */
export function tensorsBefore(outputs: readonly Tensor[]): Tensor[] {
  const seen = new Set<Tensor>();
  const pending = [...outputs];
  for (let x = pending.pop(); x !== undefined; x = pending.pop()) {
    if (seen.has(x)) continue;
    seen.add(x);
    if (x.origin !== null) pending.push(...x.origin.inputs);
  }
  return [...seen];
}

/** Memory that tensors share: its size, and the id of the first of them. */
export interface Memory {
  readonly bytes: number;
  readonly id: number;
}

/** Bytes from the start of the memory to the last element that the tensor shows. */
function extentOf({ shape, strides, offset, dtype, size }: Tensor): number {
  if (size === 0) return 0;
  const last = shape.reduce((position, length, dim) => position + (length - 1) * Math.max(strides[dim], 0), offset);
  return (last + 1) * bytesOf(dtype);
}

/** The distinct memories behind tensors, without those of `except`. */
export function memoriesOf(tensors: readonly Tensor[], except: readonly Tensor[]): Memory[] {
  const known = new Set<DeviceBuffer>(except.map(({ buffer }) => buffer));
  const found = new Map<DeviceBuffer, Memory>();
  for (const x of tensors) {
    if (known.has(x.buffer)) continue;
    const { bytes, id } = found.get(x.buffer) ?? { bytes: 0, id: Infinity };
    found.set(x.buffer, { bytes: Math.max(bytes, extentOf(x)), id: Math.min(id, x.id) });
  }
  return [...found.values()];
}
