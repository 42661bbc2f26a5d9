import type { Backend, DeviceBuffer } from "./backend/contract.js";
import type { DType } from "./dtype.js";

/** The memory behind one tensor and all its views. */
export class Storage {
  constructor(
    readonly backend: Backend,
    readonly buffer: DeviceBuffer,
    readonly dtype: DType,
    /** In elements. */
    readonly size: number,
  ) {}
}
