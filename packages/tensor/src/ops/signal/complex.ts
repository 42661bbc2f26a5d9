import { ShapeError } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { elementwise } from "../../op/elementwise.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { select } from "../../expr/expr.js";
import { showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { stack } from "../joining.js";
import { hypot } from "../special/elementary.js";
import { asFloat } from "../special/formula-op.js";

/** The complex tensor z, see `complexMul`; integers are taken as float32. @throws ShapeError unless its last dim has size 2 */
export function asComplex(where: string, z: Tensor): Tensor {
  if (z.shape.at(-1) !== 2) {
    throw new ShapeError(where, `a tensor of shape ${showShape(z.shape)} holds no complex numbers`, "Its last dim must be [real, imaginary]: stack([re, im], -1)", { shape: z.shape });
  }
  return asFloat(z);
}

const realPart = (z: Tensor): Tensor => z.select(-1, 0);
const imaginaryPart = (z: Tensor): Tensor => z.select(-1, 1);

const productReal = elementwise("productReal", (a, b, c, d) => a.mul(c).sub(b.mul(d)));
const productImaginary = elementwise("productImaginary", (a, b, c, d) => a.mul(d).add(b.mul(c)));

/**
 * a·b of complex tensors. Complex numbers are real tensors with a last dim of size 2, [real, imaginary], the layout of
 * torch.view_as_real: `stack([re, im], -1)` makes one, `z.select(-1, 0)` is its real part. All ops that take them count dims without
 * that one, so dim −1 is the last dim of what z holds. Shapes: [.., 2] × [.., 2] → [.., 2], the other dims broadcast.
 * @throws ShapeError unless both are complex
 */
export const complexMul = /* @__PURE__ */ defineComposite("complexMul", (a: Tensor, b: Tensor): Tensor => {
  const parts = [asComplex("complexMul", a), asComplex("complexMul", b)].flatMap((z) => [realPart(z), imaginaryPart(z)]);
  const [p, q, r, s] = parts;
  return stack([productReal(p, q, r, s), productImaginary(p, q, r, s)], -1);
});

/** The complex conjugate re − i·im. Shapes: [.., 2] → same. @throws ShapeError unless z is complex */
export const complexConj = /* @__PURE__ */ defineComposite("complexConj", (z: Tensor): Tensor => {
  const own = asComplex("complexConj", z);
  return own.mul(own.makeFrom(Float32Array.of(1, -1), "float32", [2]));
});

/**
 * |z| = √(re² + im²), without overflow; the gradient at 0 is 0, as in PyTorch. Shapes: [.., 2] → [..].
 * @throws ShapeError unless z is complex
 */
export const complexAbs = /* @__PURE__ */ defineComposite("complexAbs", (z: Tensor): Tensor => {
  const own = asComplex("complexAbs", z);
  return hypot(realPart(own), imaginaryPart(own));
});

// atan2 alone would give 0/0 as the gradient at the origin.
const angleOf = elementwise("angleOf", (re, im) => select(re.eq(0).and(im.eq(0)), 0, im.atan2(re)));

/** The angle of z in (−π, π]; at 0 it and its gradient are 0. Shapes: [.., 2] → [..]. @throws ShapeError unless z is complex */
export const complexAngle = /* @__PURE__ */ defineComposite("complexAngle", (z: Tensor): Tensor => {
  const own = asComplex("complexAngle", z);
  return angleOf(realPart(own), imaginaryPart(own));
});

const polarReal = elementwise("polarReal", (abs, angle) => abs.mul(angle.cos()));
const polarImaginary = elementwise("polarImaginary", (abs, angle) => abs.mul(angle.sin()));

/** abs·(cos angle + i·sin angle). Shapes: [..] and [..] → [.., 2]; both broadcast. */
export const polar = /* @__PURE__ */ defineComposite("polar", (abs: Tensor, angle: Tensor): Tensor =>
  stack([polarReal(abs, angle), polarImaginary(abs, angle)], -1),
);

export const examples = (): Example[] => [
  example(complexMul, { inputs: [[[1, 2], [0, 1]], [3, 4]], expect: [[-5, 10], [-4, 3]] }),
  example(complexMul, { shapes: [[3, 1, 2], [2, 2]] }),
  example(complexMul, { shapes: [[2, 3], [2, 2]], throws: "a tensor of shape [2, 3] holds no complex numbers" }),
  example(complexConj, { inputs: [[[1, 2], [3, -4]]], expect: [[1, -2], [3, 4]] }),
  example(complexAbs, { inputs: [[[3, 4], [0, 0], [-1e30, 0]]], expect: [5, 0, 1e30], gradient: false }),
  example(complexAbs, { inputs: [[[1e30, 1e30], [-Infinity, 1]]], expect: [Math.SQRT2 * 1e30, Infinity], gradient: false }),
  example(complexAbs, { shapes: [[2, 3, 2]] }),
  example(complexAngle, { inputs: [[[1, 1], [-1, 0], [0, -2], [0, 0]]], expect: [Math.PI / 4, Math.PI, -Math.PI / 2, 0], gradient: false }),
  example(complexAngle, { shapes: [[3, 2]], range: [0.5, 2] }),
  example(polar, { inputs: [[2, 1], [0, Math.PI / 2]], expect: [[2, 0], [0, 1]] }),
  example(polar, { shapes: [[2, 1], [3]] }),
];
