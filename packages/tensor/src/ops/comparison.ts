import { elementwise } from "../op/elementwise.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { select } from "../expr/expr.js";

/** a = b, element by element; bool. */
export const eq = elementwise("eq", (a, b) => a.eq(b));
/** a ≠ b. */
export const ne = elementwise("ne", (a, b) => a.ne(b));
/** a < b. */
export const lt = elementwise("lt", (a, b) => a.lt(b));
/** a ≤ b. */
export const le = elementwise("le", (a, b) => a.le(b));
/** a > b. */
export const gt = elementwise("gt", (a, b) => a.gt(b));
/** a ≥ b. */
export const ge = elementwise("ge", (a, b) => a.ge(b));
/** Whether x is not a number. */
export const isNaN = elementwise("isNaN", (x) => x.isNaN());
/** Whether x is ∞ or −∞. */
export const isInf = elementwise("isInf", (x) => x.abs().eq(Infinity));
/** Whether x is neither infinite nor NaN. */
export const isFinite = elementwise("isFinite", (x) => x.abs().lt(Infinity));
/** a and b; anything but 0 counts as true. */
export const logicalAnd = elementwise("logicalAnd", (a, b) => a.and(b));
/** a or b. */
export const logicalOr = elementwise("logicalOr", (a, b) => a.or(b));
/** Exactly one of a and b. */
export const logicalXor = elementwise("logicalXor", (a, b) => a.ne(0).ne(b.ne(0)));
/** Not x. */
export const logicalNot = elementwise("logicalNot", (x) => x.not());
/** condition ? yes : no, element by element; all three broadcast. The gradient follows the branch that was taken. */
export const where = elementwise("where", (condition, yes, no) => select(condition, yes, no));

export const examples = (): Example[] => [
  example(eq, { inputs: [[1, 2], [1, 3]], expect: [true, false] }),
  example(eq, { inputs: [[0.1]], call: ([x]) => eq(x, 0.1), expect: [true] }),
  example(ne, { inputs: [[1, 2], [1, 3]], expect: [false, true] }),
  example(lt, { inputs: [[1, 2, 3]], call: ([x]) => lt(x, 2), expect: [true, false, false] }),
  example(le, { inputs: [[1, 2, 3]], call: ([x]) => le(x, 2), expect: [true, true, false] }),
  example(gt, { inputs: [[1, 2, 3]], call: ([x]) => gt(x, 2), expect: [false, false, true] }),
  example(ge, { inputs: [[1, 2, 3]], call: ([x]) => ge(x, 2), expect: [false, true, true] }),
  example(isNaN, { inputs: [[1, NaN, Infinity]], expect: [false, true, false] }),
  example(isInf, { inputs: [[1, NaN, -Infinity]], expect: [false, false, true] }),
  example(isFinite, { inputs: [[1, NaN, Infinity]], expect: [true, false, false] }),
  example(logicalAnd, { inputs: [[true, true, false], [true, false, false]], expect: [true, false, false] }),
  example(logicalOr, { inputs: [[true, true, false], [true, false, false]], expect: [true, true, false] }),
  example(logicalXor, { inputs: [[true, true, false], [true, false, false]], expect: [false, true, false] }),
  example(logicalNot, { inputs: [[true, false]], expect: [false, true] }),
  example(where, { inputs: [[true, false], [1, 2], [3, 4]], expect: [1, 4] }),
  example(where, { inputs: [[[true], [false]], [1, 2], [[3, 4], [5, 6]]], expect: [[1, 2], [5, 6]] }),
];
