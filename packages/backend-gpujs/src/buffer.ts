import { BackendError } from "@dl/registry";
import type { DType, View } from "@dl/tensor";
import type { Cell } from "./device/cell.js";
import type { Device } from "./device/device.js";
import type { Nursery } from "./nursery.js";

/** What the collector says is gone: the cell that a buffer held last. */
export interface Holder {
  readonly size: number;
  cell: Cell | null;
  /** Whether it counts though it has no cell: all is zero, and nothing was computed yet. */
  isReserved: boolean;
  gone: boolean;
}

/** Gives back what a buffer held. */
function drop(device: Device, holder: Holder): void {
  if (holder.cell !== null) device.release(holder.cell);
  else if (holder.isReserved) device.count(holder.size, -1);
  holder.cell = null;
  holder.isReserved = false;
}

/** Gives back what a buffer held that nobody can ask for any more. */
export function collected(device: Device, holder: Holder): void {
  if (!holder.gone) drop(device, holder);
  holder.gone = true;
}

/** What a tensor holds. Cells never change, so writing gives it another one. */
export class GpuBuffer {
  readonly holder: Holder;
  /** Never touched: the collector counts its size, and so learns that there is something to collect. */
  readonly ballast: ArrayBuffer;
  /** Its numbers while they are not on the device. */
  private host: Float32Array | null = null;

  constructor(
    readonly device: Device,
    private readonly nursery: Nursery | null,
    readonly dtype: DType,
    readonly size: number,
  ) {
    this.holder = { size, cell: null, isReserved: true, gone: false };
    this.ballast = new ArrayBuffer(4 * size);
    device.count(size, 1);
    nursery?.add(this);
  }

  /** Its numbers; zeros are uploaded when they are first read, and so is what was moved away. */
  get cell(): Cell {
    if (this.holder.gone) throw new BackendError("gpujs", "the tensor's memory was given back", "Do not free what is still used");
    if (this.holder.cell === null) {
      const wasMoved = this.host !== null;
      this.cell = this.device.upload(this.host ?? new Float32Array(this.size));
      if (wasMoved) this.nursery?.add(this);
    }
    return this.holder.cell as Cell;
  }

  set cell(cell: Cell) {
    drop(this.device, this.holder);
    this.host = null;
    this.holder.cell = cell;
  }

  /** Frees the device of it until it is used again. */
  moveToHost(): void {
    const { cell } = this.holder;
    if (cell === null) return;
    this.host = this.device.readSync(cell);
    drop(this.device, this.holder);
  }

  /** Gives its memory back; a second time nothing happens. */
  free(): void {
    collected(this.device, this.holder);
    this.host = null;
    this.nursery?.remove(this);
  }
}

export function bufferOf({ buffer }: Pick<View, "buffer">, device: Device): GpuBuffer {
  if (buffer instanceof GpuBuffer && buffer.device === device) return buffer;
  throw new BackendError("gpujs", "got a buffer of another backend", "Move the tensor first: x.to(backend), from a backend that can only be read later tensor(await x.data(), { backend })");
}
