import { contiguousView } from "@dl/tensor";
import type { Backend, DType, DeviceBuffer, View } from "@dl/tensor";

/** A whole buffer as a one-dimensional view. */
export const line = (buffer: DeviceBuffer, dtype: DType, size: number): View => contiguousView(buffer, dtype, [size]);

/** `inner` with some members replaced; whatever else it has, optional members too, stays. */
export function overriding(inner: Backend, own: Partial<Backend>): Backend {
  return new Proxy(inner, {
    get: (target, key): unknown => {
      if (key in own) return Reflect.get(own, key);
      const member: unknown = Reflect.get(target, key);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** A backend that remembers what it hands out, and `release`, which gives all of it back. */
export function tracked(inner: Backend): { readonly backend: Backend; readonly release: () => void } {
  const held = new Set<DeviceBuffer>();
  const keep = (buffer: DeviceBuffer): DeviceBuffer => {
    held.add(buffer);
    return buffer;
  };
  const free = (buffer: DeviceBuffer): void => { if (held.delete(buffer)) inner.free(buffer); };
  const backend = overriding(inner, {
    alloc: (dtype, size) => keep(inner.alloc(dtype, size)),
    write: (dtype, data) => keep(inner.write(dtype, data)),
    free,
  });
  return { backend, release: () => { held.forEach(free); } };
}
