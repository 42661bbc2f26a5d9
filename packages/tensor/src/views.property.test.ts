import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { naiveOf, pairOf, permuted, positions, rank, sliced, valuesOf } from "./naive-view.js";
import type { Pair } from "./naive-view.js";
import { flip } from "./ops/moving.js";
import { unfold } from "./ops/views.js";
import { sizeOf } from "./shape.js";

/** Chooses among 0 … n − 1. */
type Pick = (n: number) => number;

/** One step of a chain; `null` where the shape does not allow it. */
type Step = (pair: Pair, pick: Pick) => Pair | null;

const shuffled = (n: number, pick: Pick): number[] => {
  const rest = Array.from({ length: n }, (_, d) => d);
  return Array.from({ length: n }, () => rest.splice(pick(rest.length), 1)[0]);
};

const permute: Step = (pair, pick) => permuted(pair, shuffled(pair.naive.shape.length, pick));

const transpose: Step = ({ real, naive }, pick) => {
  if (naive.shape.length === 0) return null;
  const [a, b] = [pick(naive.shape.length), pick(naive.shape.length)];
  const swap = (list: readonly number[]): number[] => list.with(a, list[b]).with(b, list[a]);
  return { real: real.transpose(a, b - naive.shape.length), naive: { shape: swap(naive.shape), at: (index) => naive.at(swap(index)) } };
};

const slice: Step = (pair, pick) => {
  const { shape } = pair.naive;
  if (shape.length === 0) return null;
  const dim = pick(shape.length);
  const start = pick(shape[dim] + 1);
  return sliced(pair, dim, start, start + pick(shape[dim] - start + 1), 1 + pick(3));
};

const select: Step = ({ real, naive }, pick) => {
  if (sizeOf(naive.shape) === 0 || naive.shape.length === 0) return null;
  const dim = pick(naive.shape.length);
  const at = pick(naive.shape[dim]);
  return { real: real.select(dim, at), naive: { shape: naive.shape.toSpliced(dim, 1), at: (index) => naive.at(index.toSpliced(dim, 0, at)) } };
};

const expand: Step = ({ real, naive }, pick) => {
  const lead = pick(2);
  const stretched = naive.shape.map((size) => (size === 1 ? 1 + pick(3) : size));
  const shape = lead === 1 ? [1 + pick(2), ...stretched] : stretched;
  const own = (index: readonly number[]): number[] => index.slice(lead).map((i, d) => (naive.shape[d] === 1 ? 0 : i));
  return { real: real.expand(shape), naive: { shape, at: (index) => naive.at(own(index)) } };
};

const reshape: Step = ({ real, naive }, pick) => {
  const size = sizeOf(naive.shape);
  if (size === 0) return null;
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((n) => size % n === 0);
  const first = divisors[pick(divisors.length)];
  const within = divisors.filter((n) => (size / first) % n === 0);
  const second = within[pick(within.length)];
  const shape = [first, second, size / first / second];
  return { real: real.reshape(shape.with(pick(3), -1)), naive: naiveOf(shape, valuesOf(naive)) };
};

const unfoldDim: Step = ({ real, naive }, pick) => {
  if (sizeOf(naive.shape) === 0 || naive.shape.length === 0) return null;
  const dim = pick(naive.shape.length);
  const [size, step] = [1 + pick(naive.shape[dim]), 1 + pick(2)];
  const shape = [...naive.shape.with(dim, Math.floor((naive.shape[dim] - size) / step) + 1), size];
  const at = (index: readonly number[]): number => naive.at(index.slice(0, -1).with(dim, index[dim] * step + index[shape.length - 1]));
  return { real: unfold(real, dim, size, step), naive: { shape, at } };
};

const flipDim: Step = ({ real, naive }, pick) => {
  if (naive.shape.length === 0) return null;
  const dim = pick(naive.shape.length);
  return { real: flip(real, dim), naive: { shape: naive.shape, at: (index) => naive.at(index.with(dim, naive.shape[dim] - 1 - index[dim])) } };
};

const squeeze: Step = ({ real, naive }) => {
  const kept = naive.shape.flatMap((size, d) => (size === 1 ? [] : [d]));
  const at = (index: readonly number[]): number => naive.at(naive.shape.map((size, d) => (size === 1 ? 0 : index[kept.indexOf(d)])));
  return { real: real.squeeze(), naive: { shape: kept.map((d) => naive.shape[d]), at } };
};

const unsqueeze: Step = ({ real, naive }, pick) => {
  const dim = pick(naive.shape.length + 1);
  return { real: real.unsqueeze(dim), naive: { shape: naive.shape.toSpliced(dim, 0, 1), at: (index) => naive.at(index.toSpliced(dim, 1)) } };
};

const copyFree: readonly Step[] = [permute, transpose, slice, select, expand, unfoldDim, squeeze, unsqueeze];
const all: readonly Step[] = [...copyFree, reshape, flipDim];

/** More than this and a chain of expands and unfolds only costs time. */
const largest = 500;

function chain(start: Pair, steps: readonly Step[], choices: readonly number[]): Pair {
  const left = [...choices];
  const pick: Pick = (n) => (left.pop() ?? 0) % n;
  let pair = start;
  while (left.length > 0) {
    const next = steps[pick(steps.length)](pair, pick);
    if (next !== null && sizeOf(next.naive.shape) <= largest && next.naive.shape.length <= 6) pair = next;
  }
  return pair;
}

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const fullShapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
const choices = fc.array(fc.nat(1000), { maxLength: 24 });
const settings = { seed: 1, numRuns: 500 };

describe("chains of views against a model without strides (OPT-01)", () => {
  test("read the same elements", () => {
    fc.assert(fc.property(fc.oneof(shapes, fullShapes), choices, (shape, chosen) => {
      const { real, naive } = chain(pairOf(shape), all, chosen);
      expect(real.shape).toEqual(naive.shape);
      expect([...real.dataSync()]).toEqual(valuesOf(naive));
    }), settings);
  });

  test("feed ops the same elements", () => {
    fc.assert(fc.property(fullShapes, choices, (shape, chosen) => {
      const { real, naive } = chain(pairOf(shape), all, chosen);
      const values = valuesOf(naive);
      expect([...real.mul(2).dataSync()]).toEqual(values.map((x) => 2 * x));
      expect([...real.add(real).dataSync()]).toEqual(values.map((x) => x + x));
      expect([...real.contiguous().dataSync()]).toEqual(values);
    }), settings);
  });

  test("share the memory of the first tensor", () => {
    fc.assert(fc.property(fullShapes, choices, (shape, chosen) => {
      const start = pairOf(shape);
      expect(chain(start, copyFree, chosen).real.buffer).toBe(start.real.buffer);
    }), settings);
  });
});

/** NumPy's rule, spelled out: `null` when the shapes do not broadcast. */
function broadcast(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const align = (shape: readonly number[]): number[] => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const [m, n] = [align(a), align(b)];
  return m.every((size, d) => size === n[d] || size === 1 || n[d] === 1) ? m.map((size, d) => (size === 1 ? n[d] : size)) : null;
}

const stretchedAt = ({ naive }: Pair, index: readonly number[]): number =>
  naive.at(index.slice(index.length - naive.shape.length).map((i, d) => (naive.shape[d] === 1 ? 0 : i)));

describe("broadcasting against a model (OPT-01)", () => {
  const small = fc.array(fc.constantFrom(0, 1, 1, 2, 2, 3), { maxLength: 4 });

  test("any two shapes broadcast as NumPy's rule says, or are refused", () => {
    fc.assert(fc.property(small, small, (a, b) => {
      const shape = broadcast(a, b);
      const add = () => pairOf(a).real.add(pairOf(b).real);
      if (shape === null) expect(add).toThrow("do not broadcast");
      else expect(add().shape).toEqual(shape);
    }), settings);
  });

  test("operands of any layout meet element by element", () => {
    const masks = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
    fc.assert(fc.property(fullShapes, masks, masks, fc.nat(4), choices, (shape, ones, otherOnes, lead, chosen) => {
      const shrink = (mask: readonly boolean[]): number[] => shape.map((size, d) => (mask[d] ? 1 : size));
      const a = laidOut(shrink(ones), chosen);
      const b = laidOut(shrink(otherOnes).slice(Math.min(lead, shape.length)), chosen);
      const out = broadcast(a.naive.shape, b.naive.shape) ?? [];
      const real = a.real.sub(b.real.mul(10));
      expect(real.shape).toEqual(out);
      expect([...real.dataSync()]).toEqual(positions(out).map((index) => stretchedAt(a, index) - 10 * stretchedAt(b, index)));
    }), settings);
  });
});

/** A pair of this shape whose elements lie in memory in another order of dims. */
function laidOut(shape: readonly number[], chosen: readonly number[]): Pair {
  const order = shuffled(shape.length, (n) => (chosen[n] ?? 0) % n);
  return permuted(pairOf(order.map((d) => shape[d])), shape.map((_, d) => order.indexOf(d)));
}

test("the model counts positions row by row", () => {
  expect(positions([2, 0])).toEqual([]);
  expect(positions([2, 2])).toEqual([[0, 0], [0, 1], [1, 0], [1, 1]]);
  expect(positions([2, 3]).map((index) => rank([2, 3], index))).toEqual([0, 1, 2, 3, 4, 5]);
});
