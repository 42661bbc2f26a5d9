import { Expr, Generator, Program, full, isFloat, sizeOf, tensor } from "@dl/tensor";
import type { Backend, DType, Tensor, View } from "@dl/tensor";
import { layOut } from "../layout.js";
import type { Layout } from "../layout.js";

/** A call of one kernel. It runs on the backend under test and on the reference backend, and the results are compared. */
export interface KernelCase {
  /** The member of `Backend`, which a skip can name. */
  readonly kernel: string;
  readonly name: string;
  /** Cases of one kernel and group are looked at in one check, which names the one that fails. */
  readonly group?: string;
  /** What the backend must declare for the case to concern it; float32 by default. */
  readonly dtypes?: readonly DType[];
  /** Allowed difference, absolute plus relative; 0 (default) for the very same numbers. */
  readonly tolerance?: number;
  readonly run: (backend: Backend) => View;
}

/** Fixed, irregular values in (−2, 2), none of them twice. */
export const values = (count: number, from = 0): Float64Array => Float64Array.from({ length: count }, (_, i) => 2 * Math.sin(1.7 * (from + i) + 0.3));

export interface Placement {
  readonly layout?: Layout;
  readonly dtype?: DType;
  /** Row-major; `values` by default. */
  readonly data?: ArrayLike<number>;
}

/** An input of a kernel. */
export const input = (backend: Backend, shape: readonly number[], { layout = "contiguous", dtype = "float32", data = values(sizeOf(shape)) }: Placement = {}): Tensor =>
  layOut(layout, { data, shape, dtype, backend });

/** An output of a kernel, full of what must be overwritten. */
export const output = (backend: Backend, shape: readonly number[], dtype: DType = "float32"): Tensor =>
  full(shape, isFloat(dtype) ? NaN : dtype === "bool" ? 1 : 99, { dtype, backend });

export const indices = (backend: Backend, data: readonly number[], shape: readonly number[] = [data.length]): Tensor =>
  tensor(Int32Array.from(data), { shape, backend });

/** The program of a formula of `numInputs` inputs. */
export function program(numInputs: number, formula: (...inputs: Expr[]) => Expr | readonly Expr[]): Program {
  const roots = formula(...Array.from({ length: numInputs }, (_, i) => new Expr("input", [], i)));
  return new Program(roots instanceof Expr ? [roots] : roots, numInputs, 0);
}

export const stridedLayouts: readonly Layout[] = ["contiguous", "transposed", "offset", "spread", "stretched"];

/** Picks from lists in a fixed, irregular order, so that shapes, layouts and dims meet in all combinations. */
export function picker(seed: number): <T>(list: readonly T[]) => T {
  const generator = new Generator(seed);
  return (list) => list[generator.int(list.length)];
}
