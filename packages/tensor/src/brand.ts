import type { Tensor } from "./tensor.js";

/** Marks tensors of every copy of this package; `instanceof` would not recognise another copy's. */
export const tensorBrand: unique symbol = Symbol.for("dl/tensor");

export const isTensor = (value: unknown): value is Tensor => typeof value === "object" && value !== null && tensorBrand in value;
