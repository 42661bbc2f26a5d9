import { createReferenceBackend } from "@dl/tensor";
import type { Backend, DType, TypedArray } from "@dl/tensor";
import type { Check } from "../check.js";
import { overriding } from "./tracked.js";

/** What a computation asks of a backend. */
export interface Needs {
  readonly dtypes: ReadonlySet<DType>;
  /** The largest int32 that it writes, in size. */
  readonly largestInteger: number;
}

function largest(data: TypedArray): number {
  let most = 0;
  for (const x of data) most = Math.max(most, Math.abs(x));
  return most;
}

export function needsOf(compute: (backend: Backend) => void): Needs {
  const inner = createReferenceBackend();
  const dtypes = new Set<DType>();
  let largestInteger = 0;
  compute(
    overriding(inner, {
      alloc: (dtype, size) => {
        dtypes.add(dtype);
        return inner.alloc(dtype, size);
      },
      write: (dtype, data) => {
        dtypes.add(dtype);
        if (dtype === "int32") largestInteger = Math.max(largestInteger, largest(data));
        return inner.write(dtype, data);
      },
    }),
  );
  return { dtypes, largestInteger };
}

const exactIntegers = ({ capabilities }: Backend): number => capabilities.exactIntegers ?? 2 ** 31;

/** Whether a backend keeps all whole numbers that are needed. */
export const keepsIntegers = ({ largestInteger }: Needs, backend: Backend): boolean => largestInteger <= exactIntegers(backend);

/** The check, left out where it needs larger whole numbers than the backend keeps. */
export const withinIntegers = (check: Check, needs: Needs, backend: Backend): Check =>
  keepsIntegers(needs, backend) ? check : { ...check, skip: `int32 is exact up to ${exactIntegers(backend)} only` };
