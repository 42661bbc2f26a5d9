// Kernels that are not worth writing for every backend: where memory can be read at once, the host runs them.
import { newArray } from "../../dtype.js";
import { sizeOf } from "../../shape.js";
import { contiguousView } from "../../view.js";
import type { Backend, View } from "../contract.js";

/** A backend that can be read at once. */
export type Readable = Backend & Required<Pick<Backend, "readSync">>;

export const isReadable = (backend: Backend): backend is Readable => backend.readSync !== undefined;

/** Runs `kernel` on a host copy of x, with host arrays for the outputs, and moves what it wrote to the backend. */
export function onHost(backend: Readable, x: View, outs: readonly View[], kernel: (x: View, outs: readonly View[]) => void): void {
  const arrays = outs.map(({ dtype, shape }) => newArray(dtype, sizeOf(shape)));
  kernel(contiguousView(backend.readSync(x), x.dtype, x.shape), outs.map(({ dtype, shape }, i) => contiguousView(arrays[i], dtype, shape)));
  outs.forEach((out, i) => {
    const buffer = backend.write(out.dtype, arrays[i]);
    backend.copy(contiguousView(buffer, out.dtype, out.shape), out);
    backend.free(buffer);
  });
}
