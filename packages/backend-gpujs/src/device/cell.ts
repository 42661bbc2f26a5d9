import type { DeviceValue } from "../library.js";

/** Numbers that a kernel left on the device. They never change: who writes makes new ones. */
export class Cell {
  /** Null until the kernel before it in the queue has run, and after it is released. */
  value: DeviceValue | null = null;
  released = false;

  constructor(readonly size: number) {}
}
