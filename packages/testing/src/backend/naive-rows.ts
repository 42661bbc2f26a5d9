import { sizeOf } from "@dl/tensor";
import type { Backend, View } from "@dl/tensor";
import type { Elements } from "./naive-order.js";

type RowKernels = Required<Pick<Backend, "softmax" | "softmaxGradient" | "standardize" | "standardizeGradient">>;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** The contract's kernels that work row by row, in their plainest form. */
export function naiveRows({ get, set, indicesOf }: Elements): RowKernels {
  /** Lines along the last dim. */
  const lines = (view: View): (readonly number[])[][] => {
    const length = view.shape[view.shape.length - 1];
    return [...indicesOf(view.shape.slice(0, -1))].map((index) => Array.from({ length }, (_, i) => [...index, i]));
  };
  /** What belongs to each row of [outer, rows, inner]. */
  const rows = ({ shape: [outer, count, inner] }: View): (readonly number[])[][] =>
    Array.from({ length: count }, (_, row) => Array.from({ length: outer * inner }, (__, i) => [Math.floor(i / inner), row, i % inner]));

  return {
    softmax: (x, logarithm, out) => {
      for (const line of sizeOf(x.shape) === 0 ? [] : lines(x)) {
        const values = line.map((index) => get(x, index));
        const top = values.reduce((a, b) => Math.max(a, b), -Infinity);
        const total = sum(values.map((value) => Math.exp(value - top)));
        line.forEach((index, i) => { set(out, index, logarithm ? values[i] - top - Math.log(total) : Math.exp(values[i] - top) / total); });
      }
    },
    softmaxGradient: (output, grad, logarithm, out) => {
      for (const line of lines(output)) {
        const [y, g] = [output, grad].map((view) => line.map((index) => get(view, index)));
        const total = sum(g.map((value, i) => (logarithm ? value : value * y[i])));
        line.forEach((index, i) => { set(out, index, logarithm ? g[i] - Math.exp(y[i]) * total : y[i] * (g[i] - total)); });
      }
    },
    standardize: (x, eps, y, means, variances) => {
      rows(x).forEach((row, r) => {
        const values = row.map((index) => get(x, index));
        const centre = mean(values);
        const variance = mean(values.map((value) => (value - centre) ** 2));
        set(means, [r], centre);
        set(variances, [r], variance);
        row.forEach((index, i) => { set(y, index, (values[i] - centre) / Math.sqrt(variance + eps)); });
      });
    },
    standardizeGradient: (grad, y, variances, eps, out) => {
      rows(y).forEach((row, r) => {
        const [g, own] = [grad, y].map((view) => row.map((index) => get(view, index)));
        const [meanGrad, meanProduct] = [mean(g), mean(g.map((value, i) => value * own[i]))];
        row.forEach((index, i) => { set(out, index, (g[i] - meanGrad - own[i] * meanProduct) / Math.sqrt(get(variances, [r]) + eps)); });
      });
    },
  };
}
