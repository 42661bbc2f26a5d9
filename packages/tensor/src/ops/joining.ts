import { checkWhole, ShapeError, ValueError } from "@dl/registry";
import { defineComposite, defineOp } from "../op/define.js";
import type { Parsed } from "../op/define.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { checkShape, normalizeDim, sameShape, showShape } from "../shape.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { reshaped } from "../view.js";
import { promote } from "../dtype.js";

interface Join {
  readonly dim: number;
  /** Where each input begins along `dim`. */
  readonly starts: readonly number[];
  readonly total: number;
}

function parseCat(tensors: readonly Tensor[], dim = 0): Parsed<Join> {
  if (tensors.length === 0) throw new ValueError("cat", "got no tensors", "Give at least one");
  const first = tensors[0];
  const d = normalizeDim("cat", dim, first.ndim);
  const starts: number[] = [];
  let total = 0;
  for (const x of tensors) {
    if (x.ndim === 0 || !sameShape(x.shape.toSpliced(d, 1), first.shape.toSpliced(d, 1))) {
      throw new ShapeError(
        "cat",
        `shapes ${tensors.map((t) => showShape(t.shape)).join(" and ")} differ outside of dim ${d}`,
        "All sizes but the one along dim must agree; use stack for a new dim",
        { shapes: tensors.map((t) => t.shape), dim: d },
      );
    }
    starts.push(total);
    total += x.shape[d];
  }
  const dtype = tensors.map((x) => x.dtype).reduce(promote);
  return [tensors.map((x) => x.to(dtype)), { dim: d, starts, total }];
}

/** Joins tensors along an existing dim. dtypes are promoted. @throws ShapeError when another dim differs */
export const cat = defineOp({
  name: "cat",
  parse: parseCat,
  shape: ([first], { dim, total }) => first.shape.with(dim, total),
  forward: (backend, inputs, out, { dim, starts }) => {
    inputs.forEach((x, i) => { backend.copy(x, reshaped(out, x.shape, out.strides, out.offset + starts[i] * out.strides[dim])); });
  },
  backward: ({ grad, inputs, options: { dim, starts } }) => inputs.map((x, i) => grad.slice(dim, starts[i], starts[i] + x.shape[dim])),
});

/** Joins tensors of one shape along a new dim. */
export const stack = defineComposite("stack", (tensors: readonly Tensor[], dim: number = 0): Tensor => {
  if (tensors.length === 0) throw new ValueError("stack", "got no tensors", "Give at least one");
  const d = normalizeDim("stack", dim, tensors[0].ndim + 1);
  return cat(tensors.map((x) => x.unsqueeze(d)), d);
});

/**
 * Pieces of `sizes[i]` along `dim`, as views; one number cuts pieces of that size, the last one smaller.
 * @throws ShapeError when the sizes do not add up to the dim
 */
export function split(x: Tensor, sizes: number | readonly number[], dim = 0): Tensor[] {
  const d = normalizeDim("split", dim, x.ndim);
  const length = x.shape[d];
  if (typeof sizes === "number") {
    checkWhole("split", "size", sizes, 1);
    const count = Math.max(1, Math.ceil(length / sizes));
    return Array.from({ length: count }, (_, i) => x.slice(d, i * sizes, Math.min(length, (i + 1) * sizes)));
  }
  checkShape("split", sizes);
  if (sizes.reduce((a, b) => a + b, 0) !== length) {
    throw new ShapeError("split", `sizes ${showShape(sizes)} do not add up to ${length}, dim ${d} of ${showShape(x.shape)}`, "Give sizes that do", { sizes });
  }
  let start = 0;
  return sizes.map((size) => x.slice(d, start, (start += size)));
}

/** At most `count` pieces of equal size along `dim`, the last one smaller. */
export function chunk(x: Tensor, count: number, dim = 0): Tensor[] {
  checkWhole("chunk", "count", count, 1);
  return split(x, Math.max(1, Math.ceil(x.shape[normalizeDim("chunk", dim, x.ndim)] / count)), dim);
}

/** Moves elements by `shift` along `dim`; those pushed out come in again at the other end. */
export const roll = defineComposite("roll", (x: Tensor, shift: number, dim: number): Tensor => {
  const length = x.shape[normalizeDim("roll", dim, x.ndim)];
  if (!Number.isInteger(shift)) throw new ValueError("roll", `the shift is ${shift}`, "Give a whole number");
  const cut = length === 0 ? 0 : (((-shift % length) + length) % length);
  return cat([x.slice(dim, cut), x.slice(dim, 0, cut)], dim);
});

/** Lays copies of x side by side, repeats[i] times along dim i; missing leading dims are added, as torch.Tensor.repeat. */
export const repeat = defineComposite("repeat", (x: Tensor, repeats: Shape): Tensor => {
  checkShape("repeat", repeats);
  const lead = repeats.length - x.ndim;
  if (lead < 0) {
    throw new ShapeError("repeat", `${repeats.length} counts for the ${x.ndim} dims of ${showShape(x.shape)}`, "Give one count per dim", { repeats, shape: x.shape });
  }
  const shape = [...new Array<number>(lead).fill(1), ...x.shape];
  const interleaved = shape.flatMap((size) => [1, size]);
  const stretched = shape.flatMap((size, d) => [repeats[d], size]);
  return x.reshape(interleaved).expand(stretched).reshape(shape.map((size, d) => size * repeats[d]));
});

/** Like `repeat`, but missing counts are 1, as torch.tile. */
export const tile = defineComposite("tile", (x: Tensor, repeats: Shape): Tensor =>
  repeat(x, [...new Array<number>(Math.max(0, x.ndim - repeats.length)).fill(1), ...repeats]),
);

export const examples = (): Example[] => [
  example(cat, { inputs: [[[1, 2]], [[3, 4], [5, 6]]], call: ([a, b]) => cat([a, b]), expect: [[1, 2], [3, 4], [5, 6]] }),
  example(cat, { shapes: [[2, 3], [2, 1]], call: ([a, b]) => cat([a, b], 1) }),
  example(cat, { inputs: [[1], [2.5]], dtypes: ["int32", "float32"], call: ([a, b]) => cat([a, b]), expect: [1, 2.5] }),
  example(cat, { shapes: [[2, 3], [3, 2]], call: ([a, b]) => cat([a, b]), throws: "shapes [2, 3] and [3, 2] differ outside of dim 0" }),
  example(stack, { inputs: [[1, 2], [3, 4]], call: ([a, b]) => stack([a, b], 1), expect: [[1, 3], [2, 4]] }),
  example(roll, { inputs: [[1, 2, 3, 4]], call: ([x]) => roll(x, 1, 0), expect: [4, 1, 2, 3] }),
  example(roll, { shapes: [[2, 3]], call: ([x]) => roll(x, -2, 1) }),
  example(repeat, { inputs: [[1, 2]], call: ([x]) => repeat(x, [2, 2]), expect: [[1, 2, 1, 2], [1, 2, 1, 2]] }),
  example(repeat, { shapes: [[2, 1]], call: ([x]) => repeat(x, [2, 3]) }),
  example(tile, { inputs: [[[1, 2], [3, 4]]], call: ([x]) => tile(x, [2]), expect: [[1, 2, 1, 2], [3, 4, 3, 4]] }),
];
