import type { Backend } from "@dl/tensor";
import type { Elements } from "./naive-order.js";

/** `maxPool` of the contract in its plainest form. */
export function naivePool({ get, set, indicesOf }: Elements): Required<Pick<Backend, "maxPool">> {
  return {
    maxPool: (x, { kernel, stride, dilation }, values, positions) => {
      const sizes = x.shape.slice(2);
      for (const index of indicesOf(values.shape)) {
        const [n, c, ...window] = index;
        const places = [...indicesOf(kernel)].map((tap) => window.map((at, d) => at * stride[d] + tap[d] * dilation[d]));
        const elements = places.map((place) => get(x, [n, c, ...place]));
        const missing = elements.findIndex(Number.isNaN);
        const best = missing === -1 ? elements.indexOf(elements.reduce((a, b) => (b > a ? b : a))) : missing;
        set(values, index, elements[best]);
        set(positions, index, places[best].reduce((at, i, d) => at * sizes[d] + i, 0));
      }
    },
  };
}
