import type { HostArray, Tensor, TypedArray } from "@dl/tensor";

/** What `collate` makes of samples of type `Sample`. */
export type Collated<Sample> = Sample extends number | boolean | Tensor | TypedArray | HostArray | readonly number[]
  ? Tensor
  : Sample extends string
    ? string[]
    : Sample extends object
      ? { -readonly [Key in keyof Sample]: Collated<Sample[Key]> }
      : never;
