import type { Backend, Convolution, View } from "@dl/tensor";
import type { Elements } from "./naive-order.js";

type Index = readonly number[];

/** One product of a convolution: the places of its factors and of their sum. */
interface Term {
  readonly x: Index;
  readonly w: Index;
  readonly y: Index;
}

const isInside = (index: Index, shape: readonly number[]): boolean => index.every((i, d) => i >= 0 && i < shape[d]);

/** The three convolutions of the contract: each is the same sum of products, collected at another of the three places. */
export function naiveConvolutions({ get, set, indicesOf }: Elements): Required<Pick<Backend, "convolve" | "convolveInput" | "convolveWeight">> {
  /** All products whose x lies inside of the image. */
  function* terms(xShape: readonly number[], wShape: readonly number[], yShape: readonly number[], { stride, padding, dilation, groups }: Convolution): Generator<Term> {
    const [inputsPerGroup, outputsPerGroup] = [wShape[1], wShape[0] / groups];
    for (const y of indicesOf(yShape)) {
      const [n, o, ...window] = y;
      const firstInput = Math.floor(o / outputsPerGroup) * inputsPerGroup;
      for (const [c, ...tap] of indicesOf(wShape.slice(1))) {
        const place = window.map((at, d) => at * stride[d] + tap[d] * dilation[d] - padding[d][0]);
        const x = [n, firstInput + c, ...place];
        if (isInside(x, xShape)) yield { x, w: [o, c, ...tap], y };
      }
    }
  }
  const add = (out: View, index: Index, value: number): void => { set(out, index, get(out, index) + value); };
  const clear = (out: View): void => { for (const index of indicesOf(out.shape)) set(out, index, 0); };
  return {
    convolve: (x, w, out, geometry) => {
      clear(out);
      for (const term of terms(x.shape, w.shape, out.shape, geometry)) add(out, term.y, get(x, term.x) * get(w, term.w));
    },
    convolveInput: (y, w, out, geometry) => {
      clear(out);
      for (const term of terms(out.shape, w.shape, y.shape, geometry)) add(out, term.x, get(y, term.y) * get(w, term.w));
    },
    convolveWeight: (x, y, out, geometry) => {
      clear(out);
      for (const term of terms(x.shape, out.shape, y.shape, geometry)) add(out, term.w, get(x, term.x) * get(y, term.y));
    },
  };
}
