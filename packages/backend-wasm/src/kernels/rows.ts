import { i32, loopBelow, sequence, when } from "../assembler/index.js";
import type { Code, FunctionBuilder, Local } from "../assembler/index.js";

/** Addresses of one view as rows go by, and how far apart rows lie along each outer dim, in bytes. */
export interface RowPointer {
  readonly at: Local<"i32">;
  readonly strides: readonly Local<"i32">[];
}

/**
 * Walks over rows `from` … `to` of an odometer of outer dims, keeping each view's address up to date.
 * Dims are divided out once, at the start; from there on they are counted.
 */
export function forRows(
  f: FunctionBuilder, from: Local<"i32">, to: Local<"i32">, sizes: readonly Local<"i32">[], views: readonly RowPointer[], body: readonly Code[],
): Code {
  const index = f.localsOf("i32", sizes.length);
  const [row, rest] = f.localsOf("i32", 2);
  const start = sizes.map((_, k) => {
    const d = sizes.length - 1 - k;
    return sequence(
      index[d].set(i32.remUnsigned(rest.get, sizes[d].get)),
      rest.set(i32.divUnsigned(rest.get, sizes[d].get)),
      views.map(({ at, strides }) => at.set(i32.add(at.get, i32.mul(index[d].get, strides[d].get)))),
    );
  });
  const next = (d: number): Code =>
    d < 0
      ? sequence()
      : sequence(
          index[d].set(i32.add(index[d].get, i32.const(1))),
          views.map(({ at, strides }) => at.set(i32.add(at.get, strides[d].get))),
          when(i32.eq(index[d].get, sizes[d].get), [
            index[d].set(i32.const(0)),
            ...views.map(({ at, strides }) => at.set(i32.sub(at.get, i32.mul(sizes[d].get, strides[d].get)))),
            next(d - 1),
          ]),
        );
  return sequence(rest.set(from.get), start, row.set(from.get), loopBelow(row, to.get, 1, [...body, next(sizes.length - 1)]));
}
