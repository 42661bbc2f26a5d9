import type { Backend, Pool, View } from "@dl/tensor";
import type { Elements } from "./naive-order.js";

type Index = readonly number[];

/** Pools of the contract in their plainest form. */
export function naivePool({ get, set, indicesOf }: Elements): Required<Pick<Backend, "maxPool" | "maxPoolGradient" | "sumPool" | "sumPoolGradient">> {
  /** Where the elements of one window lie. */
  const elementsOf = ({ shape }: View, { kernel, stride, dilation, padding }: Pool, [n, c, ...window]: Index): Index[] =>
    [...indicesOf(kernel)]
      .map((tap) => [n, c, ...window.map((at, d) => at * stride[d] + tap[d] * dilation[d] - padding[d][0])])
      .filter((place) => place.every((at, d) => at >= 0 && at < shape[d]));

  return {
    maxPool: (x, pool, values, positions) => {
      const sizes = x.shape.slice(2);
      for (const index of indicesOf(values.shape)) {
        const places = elementsOf(x, pool, index);
        const elements = places.map((place) => get(x, place));
        const missing = elements.findIndex(Number.isNaN);
        const best = missing === -1 ? elements.indexOf(elements.reduce((a, b) => (b > a ? b : a))) : missing;
        set(values, index, elements[best]);
        set(positions, index, places[best].slice(2).reduce((at, i, d) => at * sizes[d] + i, 0));
      }
    },
    maxPoolGradient: (y, positions, _, out) => {
      const sizes = out.shape.slice(2);
      const steps = sizes.map((_, d) => sizes.slice(d + 1).reduce((a, b) => a * b, 1));
      for (const index of indicesOf(out.shape)) set(out, index, 0);
      for (const index of indicesOf(y.shape)) {
        const position = get(positions, index);
        const place = [...index.slice(0, 2), ...sizes.map((size, d) => Math.floor(position / steps[d]) % size)];
        set(out, place, get(out, place) + get(y, index));
      }
    },
    sumPool: (x, pool, out) => {
      for (const index of indicesOf(out.shape)) set(out, index, elementsOf(x, pool, index).reduce((sum, place) => sum + get(x, place), 0));
    },
    sumPoolGradient: (y, pool, out) => {
      for (const index of indicesOf(out.shape)) set(out, index, 0);
      for (const index of indicesOf(y.shape)) for (const place of elementsOf(out, pool, index)) set(out, place, get(out, place) + get(y, index));
    },
  };
}
