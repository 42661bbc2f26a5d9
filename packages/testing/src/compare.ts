import { showShape } from "@dl/tensor";
import type { DType, Tensor } from "@dl/tensor";
import { CheckError } from "./check.js";

/** A tensor's value on the host. */
export interface Value {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: ArrayLike<number>;
}

export const valueOf = async (x: Tensor): Promise<Value> => ({ shape: x.shape, dtype: x.dtype, data: await x.data() });

type Equal = (actual: number, expected: number) => boolean;

/** The very same number: NaN equals NaN, 0 differs from −0. */
export const identical: Equal = Object.is;

/** Equal up to an absolute plus relative error; NaN equals NaN, infinities equal themselves. */
export const within = (tolerance: number): Equal => (actual, expected) =>
  Object.is(actual, expected) || Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected));

/** Row-major position → index. */
function indexAt(position: number, shape: readonly number[]): string {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let d = shape.length - 1; d >= 0; d--) {
    index[d] = rest % shape[d];
    rest = Math.floor(rest / shape[d]);
  }
  return showShape(index);
}

/** What differs first, shapes before values; `null` when nothing does. */
function difference(actual: Value, expected: Value, equal: Equal): string | null {
  if (showShape(actual.shape) !== showShape(expected.shape)) return `the shape is ${showShape(actual.shape)}, not ${showShape(expected.shape)}`;
  for (let i = 0; i < expected.data.length; i++) {
    if (!equal(actual.data[i], expected.data[i])) {
      return `the element at ${indexAt(i, expected.shape)} is ${actual.data[i]}, not ${expected.data[i]}`;
    }
  }
  return null;
}

/** @throws CheckError that says where the two differ first */
export function expectEqual(where: string, actual: Value, expected: Value, equal: Equal, fix: string): void {
  const fact = difference(actual, expected, equal);
  if (fact !== null) throw new CheckError(where, fact, fix);
}
