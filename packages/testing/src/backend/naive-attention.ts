import type { Backend } from "@dl/tensor";
import type { Elements } from "./naive-order.js";

/** The contract's attention in its plainest form. */
export function naiveAttention({ get, set, indicesOf }: Elements): Required<Pick<Backend, "attend">> {
  return {
    attend: (query, key, value, scale, isCausal, out, logTotals) => {
      const [keys, valueWidth] = value.shape.slice(-2);
      const width = query.shape[query.shape.length - 1];
      for (const index of indicesOf(logTotals.shape.slice(0, -1))) {
        const [batch, row] = [index.slice(0, -1), index[index.length - 1]];
        const reach = isCausal ? Math.min(keys, row + 1) : keys;
        const scores = Array.from({ length: reach }, (_, j) =>
          scale * Array.from({ length: width }, (__, e) => get(query, [...index, e]) * get(key, [...batch, j, e])).reduce((a, b) => a + b, 0));
        const top = Math.max(...scores);
        const powers = scores.map((score) => Math.exp(score - top));
        const total = powers.reduce((a, b) => a + b, 0);
        set(logTotals, [...index, 0], top + Math.log(total));
        for (let c = 0; c < valueWidth; c++) set(out, [...index, c], powers.reduce((sum, power, j) => sum + power * get(value, [...batch, j, c]), 0) / total);
      }
    },
  };
}
