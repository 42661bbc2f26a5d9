import type { DType, TypedArray } from "../dtype.js";
import type { Program } from "../expr/program.js";

/** Memory that only its backend can look into. */
export type DeviceBuffer = object;

/**
 * A window on a buffer. Strides and offset count elements; a stride of 0 repeats, a negative one walks backwards.
 * A tensor is a view itself, so most kernels are called without allocating one.
 */
export interface View {
  readonly buffer: DeviceBuffer;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

export type ReduceKind = "sum" | "max" | "min" | "argmax" | "argmin";

export type CumulativeKind = "sum" | "max" | "min";

/** How windows lie in an image. Everything is per spatial dim. */
export interface Lattice {
  /** Sizes of a window. */
  readonly kernel: readonly number[];
  /** Steps between windows. */
  readonly stride: readonly number[];
  /** Steps between the elements of a window. */
  readonly dilation: readonly number[];
}

/** Windows that may hang over an image's borders, by what is thought to lie before and after it. */
export interface Pool extends Lattice {
  readonly padding: readonly (readonly [before: number, after: number])[];
}

/** Which elements of an image, with zeros as its padding, belong to which window of a convolution. */
export interface Convolution extends Pool {
  /** Channels are split into this many groups that do not see each other. */
  readonly groups: number;
  /** Windows per dim. Not worked out from the sizes: the gradient of a transposed convolution with outputPadding leaves some out. */
  readonly out: readonly number[];
}

export interface Capabilities {
  readonly dtypes: readonly DType[];
  /** Whether `readSync` exists; value checks run at once where it does. */
  readonly readSync: boolean;
  /** How many outputs one `map` may write. */
  readonly maxOutputs: number;
  /** Whole numbers are exact up to this size: 2²⁴ where they are held as floats. Default 2³¹. */
  readonly exactIntegers?: number;
}

/** How a backend runs on this machine, for people; backends add what they like. */
export interface BackendInfo {
  /** Which of several ways is taken, and on which device. */
  readonly runs?: string;
  /** Why nothing better, in sentences. */
  readonly notes: readonly string[];
}

/** What one call of `map` takes besides its program. */
export interface MapCall {
  readonly inputs: readonly View[];
  readonly outs: readonly View[];
  readonly scalars: readonly number[];
}

/**
 * What a device must do. It knows nothing of gradients, shape rules or layers: views are checked before they arrive.
 * Every output view is contiguous and disjoint from all inputs, except in `copy`, whose target may be any view.
 */
export interface Backend {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** How many threads compute; one where it says nothing. */
  readonly threads?: number;
  readonly info?: BackendInfo;

  /** Memory for `size` elements, all zero. */
  alloc(dtype: DType, size: number): DeviceBuffer;
  /** A new buffer with a copy of `data`; the backend never keeps `data` itself. */
  write(dtype: DType, data: TypedArray): DeviceBuffer;
  /** A copy of the elements that `view` shows, row-major. */
  read(view: View): Promise<TypedArray>;
  readSync?(view: View): TypedArray;
  /** Gives memory back early; calling it is never required. */
  free(buffer: DeviceBuffer): void;
  /** Bytes held on the device, where the backend counts them. */
  memory?(): { readonly bytes: number; readonly buffers: number };

  /** outs[k] = program root k, element by element. Inputs have the outputs' shape, stretched by strides of 0. */
  map(program: Program, inputs: readonly View[], outs: readonly View[], scalars: readonly number[]): void;
  /**
   * Reduces the program's value over `dims` into `out`, which has these dims removed; sums are accumulated so that
   * 16 M floats keep 1e-6 relative. argmax and argmin give the first winning index (int32); NaN wins.
   * Without a program the single input is reduced as it is.
   */
  reduce(kind: ReduceKind, program: Program | null, inputs: readonly View[], scalars: readonly number[], dims: readonly number[], out: View): void;
  /** out[…, i, j] = Σₖ a[…, i, k]·b[…, k, j] (+ offset[…, i, j]); leading dims are equal in all views, the offset has out's shape. Of int8, out is int32. */
  matmul(a: View, b: View, out: View, offset?: View): void;
  /** out[i][j] = x[index[i][j]][j] for dim 0 (and so on); `index` has the shape of `out` and was checked. */
  gather(x: View, index: View, dim: number, out: View): void;
  /** out[index[i][j]][j] += src[i][j] for dim 0; `out` already holds the values to add to. */
  scatterAdd(index: View, src: View, dim: number, out: View): void;
  /** target = source, same dtype and shape, any strides. */
  copy(source: View, target: View): void;

  /** Optional. `map` for each of several calls of one program, which do not read what others of them write: an optimizer's step over all parameters. */
  mapEach?(program: Program, calls: readonly MapCall[]): void;

  // Optional: without them the host computes them, or where it cannot read at once, the ops compose them from the members above.
  // x has at least one dim and one element.

  /**
   * Each line of x along `dim` in order, and the int32 positions its elements come from. Stable in both directions: equal
   * elements keep their order. NaN counts as the largest value.
   */
  sort?(x: View, dim: number, descending: boolean, values: View, indices: View): void;
  /** out[i] = the sum, maximum or minimum of x[0 … i] along `dim`; NaN wins from where it occurs on. `out` has x's dtype. */
  cumulative?(kind: CumulativeKind, x: View, dim: number, out: View): void;
  // Float32 or whatever float type the views share; no view is empty.
  /** Cross-correlation: x [N, C, ...S], w [O, C/groups, ...K] → out [N, O, ...out]; of int8, too: then out is int32. */
  convolve?(x: View, w: View, out: View, geometry: Convolution): void;
  /** The gradient of `convolve` for x: y [N, O, ...out], w → out [N, C, ...S]. */
  convolveInput?(y: View, w: View, out: View, geometry: Convolution): void;
  /** The gradient of `convolve` for w: x, y → out [O, C/groups, ...K]. */
  convolveWeight?(x: View, y: View, out: View, geometry: Convolution): void;
  // Pools: contiguous float32; planes [N, C, ...S], windows [N, C, ...out]. Padding has no elements.
  /**
   * The largest element of each window, and where in its flattened plane it lies, int32. The first of equals wins, NaN wins over
   * numbers. Every window has an element.
   */
  maxPool?(x: View, pool: Pool, values: View, positions: View): void;
  /** The gradient of `maxPool`: each element's sum over the windows whose position it is; windows y and positions → planes. */
  maxPoolGradient?(y: View, positions: View, pool: Pool, out: View): void;
  /** The sum of each window of x. */
  sumPool?(x: View, pool: Pool, out: View): void;
  /** The gradient of `sumPool`: each element's sum over the windows that see it; windows y → planes. */
  sumPoolGradient?(y: View, pool: Pool, out: View): void;
  // The views of the following are contiguous float32.
  /** eˣ/Σeˣ along the last dim, shifted by the maximum, or its logarithm. */
  softmax?(x: View, logarithm: boolean, out: View): void;
  /** The gradient of `softmax` from its output and the gradient of that. */
  softmaxGradient?(output: View, grad: View, logarithm: boolean, out: View): void;
  /** y = (x − mean)/√(variance + eps) for x [outer, rows, inner], with one mean and population variance for each row over the rest: [rows]. */
  standardize?(x: View, eps: number, y: View, mean: View, variance: View): void;
  /** (g − mean(g) − y·mean(g·y))/√(variance + eps): the gradient of `standardize` from its y and variance, and the gradient of y. */
  standardizeGradient?(grad: View, y: View, variance: View, eps: number, out: View): void;
  /**
   * softmax(query·keyᵀ·scale)·value, without all of the weights at once: query [.., L, E], key [.., S, E], value [.., S, Ev] of any strides
   * and equal leading dims → out [.., L, Ev], and log Σ exp(score) of each query, [.., L, 1]. Causal: query i sees keys 0 … i.
   */
  attend?(query: View, key: View, value: View, scale: number, isCausal: boolean, out: View, logTotals: View): void;
}

/** What a backend does not do, and why: its conformance suite leaves it out and says so. */
export interface Gap {
  /** An op, a kernel of the contract such as "scatterAdd", or "training". */
  readonly op: string;
  readonly reason: string;
}

/** A way to open a backend: what `useBackend` and registries take. */
export interface BackendFactory<Options = undefined> {
  readonly name: string;
  /** Known ones; none where it says nothing. */
  readonly gaps?: readonly Gap[];
  isAvailable(): boolean | Promise<boolean>;
  create(options?: Options): Backend | Promise<Backend>;
}
