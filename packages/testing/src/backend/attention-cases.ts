import { input, output, picker, stridedLayouts, values } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

/** Around widths of vectors, and blocks of 64 queries and 256 keys. */
const sizes: readonly (readonly [queries: number, keys: number])[] = [[1, 1], [5, 3], [1, 70], [17, 17], [64, 64], [65, 300], [130, 257], [3, 600]];
const widths = [1, 3, 8, 17, 65];
const layouts = stridedLayouts.filter((layout) => layout !== "stretched");

export const attentionCases = (): KernelCase[] => {
  const pick = picker(11);
  return sizes.flatMap(([queries, keys]) =>
    [false, true].flatMap((isCausal) => {
      const [width, valueWidth, heads] = [pick(widths), pick(widths), pick([1, 3])];
      const [query, key, value] = [pick(layouts), pick(layouts), pick(layouts)];
      // As attention is used: larger scores would magnify the rounding of float32.
      const scale = 1 / Math.sqrt(width);
      return ["output", "logTotals"].map((part): KernelCase => ({
        kernel: "attend",
        name: `${part} of ${queries} queries and ${keys} keys of ${width}, values of ${valueWidth}${isCausal ? ", causal" : ""}`,
        tolerance: 1e-5,
        run: (backend) => {
          const of = (rows: number, columns: number, seed: number) => ({ shape: [heads, rows, columns], data: values(heads * rows * columns, seed) });
          const [q, k, v] = ([[of(queries, width, 0), query], [of(keys, width, 7), key], [of(keys, valueWidth, 3), value]] as const).map(([{ shape, data }, layout]) => input(backend, shape, { data, layout }));
          const out = output(backend, [heads, queries, valueWidth]);
          const logTotals = output(backend, [heads, queries, 1]);
          backend.attend?.(q, k, v, scale, isCausal, out, logTotals);
          return part === "output" ? out : logTotals;
        },
      }));
    }),
  );
};
