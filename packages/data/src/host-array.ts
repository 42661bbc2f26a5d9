import type { DType, TypedArray } from "@dl/tensor";

/** Decoded numbers that no backend owns yet: what files are read into and data sets keep. */
export interface HostArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: TypedArray;
}
