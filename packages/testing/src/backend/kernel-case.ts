import { Expr, Program, tensor, zeros } from "@dl/tensor";
import type { Backend, DType, Tensor, View } from "@dl/tensor";
import { layOut } from "../layout.js";
import type { Layout } from "../layout.js";

/** A call of one kernel. It runs on the backend under test and on the reference backend, and the results are compared. */
export interface KernelCase {
  /** The member of `Backend`, which a skip can name. */
  readonly kernel: string;
  readonly name: string;
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

const product = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/** An input of a kernel. */
export const input = (backend: Backend, shape: readonly number[], { layout = "contiguous", dtype = "float32", data = values(product(shape)) }: Placement = {}): Tensor =>
  layOut(layout, { data, shape, dtype, backend });

/** A fresh output of a kernel. */
export const output = (backend: Backend, shape: readonly number[], dtype: DType = "float32"): Tensor => zeros(shape, { dtype, backend });

export const indices = (backend: Backend, data: readonly number[], shape: readonly number[] = [data.length]): Tensor =>
  tensor(Int32Array.from(data), { shape, backend });

/** The program of a formula of `numInputs` inputs. */
export function program(numInputs: number, formula: (...inputs: Expr[]) => Expr | readonly Expr[]): Program {
  const roots = formula(...Array.from({ length: numInputs }, (_, i) => new Expr("input", [], i)));
  return new Program(roots instanceof Expr ? [roots] : roots, numInputs, 0);
}

export const stridedLayouts: readonly Layout[] = ["contiguous", "transposed", "offset", "spread", "stretched"];
