import { BackendError } from "@dl/registry";
import type { DType, View } from "@dl/tensor";
import type { Cell } from "./device/cell.js";
import type { Device } from "./device/device.js";

/** What the collector says is gone: the cell that a buffer held last. */
export interface Holder {
  readonly size: number;
  /** Null while all is zero and nothing was computed, though it counts already, and after it was given back. */
  cell: Cell | null;
  gone: boolean;
}

/** Gives back what a buffer held. */
function dropped(device: Device, holder: Holder): void {
  if (holder.cell === null) device.count(holder.size, -1);
  else device.release(holder.cell);
  holder.cell = null;
}

/** Gives back what a buffer held that nobody can ask for any more. */
export function collected(device: Device, holder: Holder): void {
  if (!holder.gone) dropped(device, holder);
  holder.gone = true;
}

/** What a tensor holds. Cells never change, so writing gives it another one. */
export class GpuBuffer {
  readonly holder: Holder;
  /** Never touched: the collector counts its size, and so learns that there is something to collect. */
  readonly ballast: ArrayBuffer;

  constructor(
    readonly device: Device,
    readonly dtype: DType,
    readonly size: number,
  ) {
    this.holder = { size, cell: null, gone: false };
    this.ballast = new ArrayBuffer(4 * size);
    device.count(size, 1);
  }

  /** Its numbers; zeros are uploaded when they are first read. */
  get cell(): Cell {
    if (this.holder.gone) throw new BackendError("gpujs", "the tensor's memory was given back", "Do not free what is still used");
    if (this.holder.cell === null) this.cell = this.device.upload(new Float32Array(this.size));
    return this.holder.cell as Cell;
  }

  set cell(cell: Cell) {
    dropped(this.device, this.holder);
    this.holder.cell = cell;
  }

  /** Gives its memory back; a second time nothing happens. */
  free(): void {
    collected(this.device, this.holder);
  }
}

export function bufferOf({ buffer }: Pick<View, "buffer">, device: Device): GpuBuffer {
  if (buffer instanceof GpuBuffer && buffer.device === device) return buffer;
  throw new BackendError("gpujs", "got a buffer of another backend", "Move the tensor first: x.to(backend), from a backend that can only be read later tensor(await x.data(), { backend })");
}
