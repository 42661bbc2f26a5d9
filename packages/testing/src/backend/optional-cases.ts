import type { Backend } from "@dl/tensor";
import { attentionCases } from "./attention-cases.js";
import { convCases } from "./conv-cases.js";
import type { KernelCase } from "./kernel-case.js";
import { mapEachCases } from "./map-cases.js";
import { cumulativeCases, sortCases } from "./order-cases.js";
import { poolCases } from "./pool-cases.js";
import { softmaxCases, softmaxGradientCases, standardizeCases, standardizeGradientCases } from "./row-cases.js";

type IsOptionalMethod<T> = undefined extends T ? (NonNullable<T> extends (...args: never) => unknown ? true : false) : false;

/** The kernels that a backend may leave out. */
type OptionalKernel = Exclude<{ [K in keyof Backend]-?: IsOptionalMethod<Backend[K]> extends true ? K : never }[keyof Backend], "readSync" | "memory">;

/** A new optional member of the contract has no cases until it has an entry here, and `tsc` asks for it. */
const tables: Readonly<Record<OptionalKernel, () => KernelCase[]>> = {
  mapEach: mapEachCases,
  sort: sortCases,
  cumulative: cumulativeCases,
  convolve: () => convCases("convolve"),
  convolveInput: () => convCases("convolveInput"),
  convolveWeight: () => convCases("convolveWeight"),
  maxPool: () => poolCases("maxPool"),
  maxPoolGradient: () => poolCases("maxPoolGradient"),
  sumPool: () => poolCases("sumPool"),
  sumPoolGradient: () => poolCases("sumPoolGradient"),
  softmax: softmaxCases,
  softmaxGradient: softmaxGradientCases,
  standardize: standardizeCases,
  standardizeGradient: standardizeGradientCases,
  attend: attentionCases,
};

const kernels = Object.keys(tables) as readonly OptionalKernel[];

/** Cases of the contract's optional members, for those that the backend has. */
export const optionalCases = (backend: Backend): KernelCase[] => kernels.flatMap((kernel) => (backend[kernel] === undefined ? [] : tables[kernel]()));
