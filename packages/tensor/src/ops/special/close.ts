import { checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { elementwise } from "../../op/elementwise.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import type { Tensor } from "../../tensor.js";
import { all } from "../reduction.js";

export interface CloseOptions {
  /** Allowed difference relative to |b|. Default 1e-5. */
  readonly rtol?: number;
  /** Allowed absolute difference, added. Default 1e-8. */
  readonly atol?: number;
  /** Whether NaN equals NaN. Default false. */
  readonly equalNan?: boolean;
}

// A difference of infinities is NaN or ∞, and ∞ ≤ ∞ would be true: only finite differences are measured.
const close = elementwise("close", (a, b, rtol, atol) => {
  const distance = a.sub(b).abs();
  return a.eq(b).or(distance.lt(Infinity).and(distance.le(b.abs().mul(rtol).add(atol))));
});
const bothNaN = elementwise("bothNaN", (a, b) => a.isNaN().and(b.isNaN()));
const either = elementwise("either", (a, b) => a.or(b));

/** Whether |a − b| ≤ atol + rtol·|b|, element by element; equal infinities are close. Shapes: broadcast; bool. */
export const isClose = /* @__PURE__ */ defineComposite(
  "isClose",
  (a: Tensor, b: Tensor | number, options: CloseOptions = {}): Tensor => {
    checkOptions("isClose", options, ["rtol", "atol", "equalNan"]);
    const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
    const result = close(a, b, rtol, atol);
    return equalNan ? either(result, bothNaN(a, b)) : result;
  },
  { differentiable: false },
);

/** Whether all elements of a and b are close, as `isClose` has it; true for no elements. Shapes must broadcast. */
export async function allClose(a: Tensor, b: Tensor | number, options: CloseOptions = {}): Promise<boolean> {
  const [answer] = await all(isClose(a, b, options)).data();
  return answer === 1;
}

export const examples = (): Example[] => [
  example(isClose, { inputs: [[1, 1, 1000], [1.000001, 1.1, 1000.001]], expect: [true, false, true] }),
  example(isClose, { inputs: [[Infinity, Infinity, NaN], [Infinity, -Infinity, NaN]], expect: [true, false, false] }),
  example(isClose, { inputs: [[NaN, 1], [NaN, 2]], call: ([a, b]) => isClose(a, b, { equalNan: true, atol: 1 }), expect: [true, true] }),
  example(isClose, { inputs: [[Infinity, 3]], call: ([a]) => isClose(a, 3), expect: [false, true] }),
];
