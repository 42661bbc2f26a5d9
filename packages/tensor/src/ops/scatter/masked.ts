import { DTypeError, ShapeError } from "@dl/registry";
import { isFloat } from "../../dtype.js";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { broadcastShapes, sameShape, showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { where } from "../comparison.js";
import { gather } from "../indexing.js";
import { cumsum } from "../scan/cumulative.js";

/** @throws DTypeError unless the mask is bool, ShapeError unless it stretches to x's shape */
function checkMask(where: string, x: Tensor, mask: Tensor): void {
  if (mask.dtype !== "bool") throw new DTypeError(where, `the mask is ${mask.dtype}`, "Compare first: x.gt(0)", { dtype: mask.dtype });
  if (!sameShape(broadcastShapes(where, x.shape, mask.shape), x.shape)) {
    throw new ShapeError(where, `the mask of shape ${showShape(mask.shape)} is larger than x of shape ${showShape(x.shape)}`, "Expand x first", { shapes: [x.shape, mask.shape] });
  }
}

/**
 * x with `value` where `mask` is true; the mask broadcasts. The gradient of x is 0 there, that of a tensor value is summed up.
 * Shapes: any, mask broadcasting to it, value a number or a tensor with one element → x's.
 * @throws DTypeError unless the mask is bool, or when a whole-number tensor would take a fraction
 */
export const maskedFill = defineComposite("maskedFill", (x: Tensor, mask: Tensor, value: Tensor | number): Tensor => {
  checkMask("maskedFill", x, mask);
  if (typeof value === "number") {
    if (!isFloat(x.dtype) && !Number.isInteger(value)) throw new DTypeError("maskedFill", `${x.dtype} cannot hold ${value}`, 'Convert x first: x.to("float32")', { value });
  } else if (value.size !== 1) {
    throw new ShapeError("maskedFill", `the value has shape ${showShape(value.shape)}`, "Give a number or a tensor with one element; use where for others", { shape: value.shape });
  }
  return where(mask, typeof value === "number" ? value : value.reshape([]).to(x.dtype), x).to(x.dtype);
});

/**
 * x with the elements where `mask` is true replaced by those of src, one after the other, row-major; the mask broadcasts.
 * Shapes: any, mask broadcasting to it, src any with elements enough → x's.
 * @throws DTypeError unless the mask is bool, ShapeError when src has too few elements (where the backend can be read at once)
 */
export const maskedScatter = defineComposite("maskedScatter", (x: Tensor, mask: Tensor, src: Tensor): Tensor => {
  checkMask("maskedScatter", x, mask);
  const full = mask.expand(x.shape).reshape([x.size]);
  const needed = x.backend.readSync === undefined ? src.size : full.sum().item();
  if (needed > src.size) {
    throw new ShapeError("maskedScatter", `the mask takes ${needed} elements, src of shape ${showShape(src.shape)} has ${src.size}`, "Give one for each true", { needed, shape: src.shape });
  }
  if (src.size === 0) return x;
  const turns = cumsum(full, 0).sub(1).clamp(0, src.size - 1);
  const values = gather(src.reshape([src.size]), 0, turns).to(x.dtype);
  return where(full, values, x.reshape([x.size])).reshape(x.shape);
});

const mask = [[true, false, true], [false, false, true]];
const table = [[1, 2, 3], [4, 5, 6]];

export const examples = (): Example[] => [
  example(maskedFill, { inputs: [table, mask], call: ([x, m]) => maskedFill(x, m, -1), expect: [[-1, 2, -1], [4, 5, -1]] }),
  example(maskedFill, { inputs: [table, [true, false, false]], call: ([x, m]) => maskedFill(x, m, -Infinity), expect: [[-Infinity, 2, 3], [-Infinity, 5, 6]], gradient: false }),
  example(maskedFill, { inputs: [table, mask, 0.5], expect: [[0.5, 2, 0.5], [4, 5, 0.5]] }),
  example(maskedFill, { inputs: [[16777217, 2], [false, true]], dtypes: ["int32", "bool"], call: ([x, m]) => maskedFill(x, m, 7), expect: [16777217, 7], tolerance: 0 }),
  example(maskedFill, { inputs: [[1, 2], [false, true]], dtypes: ["int32", "bool"], call: ([x, m]) => maskedFill(x, m, 0.5), throws: "int32 cannot hold 0.5" }),
  example(maskedFill, { inputs: [table, [1, 0, 0]], call: ([x, m]) => maskedFill(x, m, 0), throws: "the mask is float32" }),
  example(maskedFill, { inputs: [[1, 2, 3], mask], call: ([x, m]) => maskedFill(x, m, 0), throws: "the mask of shape [2, 3] is larger than x of shape [3]" }),
  example(maskedScatter, { inputs: [table, mask, [10, 20, 30, 40]], expect: [[10, 2, 20], [4, 5, 30]] }),
  example(maskedScatter, { inputs: [table, [true, false, false], [[10], [20]]], expect: [[10, 2, 3], [20, 5, 6]] }),
  example(maskedScatter, { inputs: [table, mask, [1]], throws: "the mask takes 3 elements, src of shape [1] has 1" }),
];
