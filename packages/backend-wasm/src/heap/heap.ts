import { BackendError } from "@dl/registry";
import { bytesOf } from "@dl/tensor";
import type { DType } from "@dl/tensor";
import { mostPages } from "../assembler/index.js";
import { Allocator, alignment } from "./allocator.js";
import type { Block } from "./allocator.js";
import { Cell, WasmBuffer } from "./buffer.js";

const pageSize = 65_536;
const wordBytes = 4;
/** What the engine keeps for itself at the bottom: control words and arguments of kernels. */
export const reservedBytes = 65_536;
/** Kernels read whole vectors: the last one may reach this far beyond a buffer. */
const overread = 256;
/** Buffers of at least this many bytes are given back when the garbage collector finds them; registering smaller ones costs more than it brings. */
const registered = 65_536;
/** Buffers of at least this many bytes make the garbage collector run in time, by untouched memory that it sees. */
const heavy = 2 ** 20;
const firstLimit = 128 * 2 ** 20;
const growth = 16 * 2 ** 20;
/** More small tensors than this make the garbage collector's work, which looks at all of them, cost more than moving the oldest out. */
const mostCells = 4096;
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

export interface HeapUse {
  /** Bytes of buffers that are in the heap. */
  readonly bytes: number;
  readonly buffers: number;
  /** Bytes moved out to ordinary arrays, of buffers that may be garbage by now. */
  readonly movedBytes: number;
  readonly heapBytes: number;
}

/**
 * The memory of all tensors of a backend. Nobody frees anything: what falls out of use is moved out, oldest first, when room is needed,
 * and moved back in if it is used again after all.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  f32: Float32Array;
  i32: Int32Array;
  u8: Uint8Array;
  i8: Int8Array;
  private readonly allocator = new Allocator();
  private end: number;
  private pages: number;
  /** The heap grows freely up to here; beyond, old buffers are moved out first. */
  private limit = firstLimit;
  private bytes = 0;
  private buffers = 0;
  private movedBytes = 0;
  /** Bytes that came back since the limit was last raised: a sign that it is too low. */
  private returned = 0;
  /** Cells that have a block. */
  private cells = 0;
  private oldest: Cell | null = null;
  private newest: Cell | null = null;
  /** Numbers kernel calls, for pinning. */
  call = 1;
  private readonly lost: FinalizationRegistry<Cell>;
  /** What happens to a cell that no tensor holds any more. */
  whenLost = (cell: Cell): void => { this.free(cell); };

  constructor(
    readonly shared: boolean,
    private readonly mostBytes = mostPages * pageSize - pageSize,
  ) {
    const initial = 32;
    this.memory = new WebAssembly.Memory({ initial, maximum: mostPages, shared });
    this.pages = initial;
    this.end = initial * pageSize - overread;
    this.allocator.extend(reservedBytes, this.end - reservedBytes);
    [this.f32, this.i32, this.u8, this.i8] = this.views();
    this.lost = new FinalizationRegistry((cell) => { this.whenLost(cell); });
  }

  use(): HeapUse {
    return { bytes: this.bytes, buffers: this.buffers, movedBytes: this.movedBytes, heapBytes: this.pages * pageSize };
  }

  /** A buffer whose zeros are written when first needed. */
  alloc(dtype: DType, size: number): WasmBuffer {
    const cell = this.cell(size * bytesOf(dtype));
    const buffer = new WasmBuffer(cell, dtype, size);
    if (cell.bytes >= registered) this.lost.register(buffer, cell, cell);
    if (cell.bytes >= heavy) buffer.ballast = new ArrayBuffer(cell.bytes / 4);
    return buffer;
  }

  free(cell: Cell): void {
    if (cell.freed) return;
    cell.freed = true;
    this.buffers--;
    if (cell.moved !== null) {
      this.movedBytes -= cell.bytes;
      cell.moved = null;
    } else if (cell.block !== null) {
      this.leave(cell, cell.block);
    }
  }

  /** Takes the room of a cell whose content is still to come. */
  vacate(cell: Cell): void {
    if (cell.block !== null) this.leave(cell, cell.block);
  }

  private cell(bytes: number): Cell {
    const cell = new Cell(bytes);
    this.place(cell);
    this.buffers++;
    return cell;
  }

  /** Another cell for a buffer, with the same content if that is still needed. */
  replaced({ cell }: WasmBuffer, keepsContent: boolean): Cell {
    const fresh = this.cell(cell.bytes);
    if (keepsContent) {
      this.call++;
      const [from, to] = [this.reading(cell), this.overwriting(fresh)];
      this.u8.copyWithin(to, from, from + cell.bytes);
    }
    return fresh;
  }

  /** Address of a cell that a kernel reads. It stays there until the next `call`. */
  reading(cell: Cell): number {
    const block = this.present(cell);
    if (cell.awaitsZeros) {
      // By words: on shared memory engines fill byte by byte as slowly as word by word.
      this.i32.fill(0, block.pointer / wordBytes, (block.pointer + block.size) / wordBytes);
      cell.awaitsZeros = false;
    }
    return block.pointer;
  }

  /** Address of a cell that a kernel writes as a whole. */
  overwriting(cell: Cell): number {
    const { pointer } = this.present(cell);
    cell.awaitsZeros = false;
    return pointer;
  }

  /** Memory for the engine itself, which is never moved. */
  takeForever(bytes: number): number {
    return this.find(round(bytes)).pointer;
  }

  /** Memory for one kernel call. */
  borrow(bytes: number): Block {
    return this.find(round(bytes));
  }

  giveBack(block: Block): void {
    this.allocator.release(block);
  }

  private present(cell: Cell): Block {
    cell.pinnedBy = this.call;
    if (cell.block !== null) {
      if (cell !== this.newest) this.renew(cell);
      return cell.block;
    }
    if (cell.freed) throw new BackendError("wasm", "a tensor's memory was freed before it was used again", "What a gradient rule makes and does not return is gone afterwards: return it, or clone it");
    const { moved } = cell;
    const block = this.place(cell);
    if (moved !== null) {
      this.u8.set(moved, block.pointer);
      cell.moved = null;
      this.movedBytes -= cell.bytes;
      this.returned += cell.bytes;
      if (this.returned > this.limit / 4) this.raise();
    }
    return block;
  }

  private place(cell: Cell): Block {
    const block = this.find(round(cell.bytes));
    cell.block = block;
    this.bytes += block.size;
    this.append(cell);
    if (++this.cells > mostCells && this.oldest !== null && this.oldest.pinnedBy !== this.call) this.moveOut(this.oldest);
    return block;
  }

  private leave(cell: Cell, block: Block): void {
    this.bytes -= block.size;
    this.cells--;
    cell.block = null;
    this.remove(cell);
    if (cell.bytes >= registered) this.lost.unregister(cell);
    this.allocator.release(block);
  }

  private find(size: number): Block {
    if (size > this.mostBytes) throw this.noRoom(size);
    return this.allocator.take(size) ?? this.makeRoom(size);
  }

  /** Grows up to the limit, then moves out what was not used for longest, then grows as far as addresses reach. */
  private makeRoom(size: number): Block {
    if (this.end + size <= this.limit && this.grow(size)) return this.mustTake(size);
    for (let cell = this.oldest; cell !== null; ) {
      const next: Cell | null = cell.newer;
      if (cell.pinnedBy !== this.call) {
        this.moveOut(cell);
        const block = this.allocator.take(size);
        if (block !== null) return block;
      }
      cell = next;
    }
    if (this.grow(size)) return this.mustTake(size);
    throw this.noRoom(size);
  }

  private noRoom(size: number): BackendError {
    return new BackendError(
      "wasm",
      `no room for ${megabytes(size)}: ${megabytes(this.pinned())} are in use by the kernel that runs, ${megabytes(this.bytes - this.pinned())} can be moved out, and addresses end at ${megabytes(this.mostBytes)}`,
      "Use a smaller batch, or accumulate gradients over several",
      { bytes: size, inUse: this.pinned() },
    );
  }

  /** Bytes that the kernel which runs uses. */
  private pinned(): number {
    let bytes = 0;
    for (let cell = this.oldest; cell !== null; cell = cell.newer) if (cell.pinnedBy === this.call) bytes += cell.block?.size ?? 0;
    return bytes;
  }

  private mustTake(size: number): Block {
    const block = this.allocator.take(size);
    if (block === null) throw new BackendError("wasm", `the heap grew but has no room for ${megabytes(size)}`, "This is a defect of the allocator");
    return block;
  }

  private grow(size: number): boolean {
    const wanted = Math.ceil(Math.max(size, growth) / pageSize);
    const possible = Math.floor(this.mostBytes / pageSize) - this.pages;
    const pages = Math.min(wanted, possible);
    if (pages * pageSize < size) return false;
    try {
      this.memory.grow(pages);
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
    this.pages += pages;
    [this.f32, this.i32, this.u8, this.i8] = this.views();
    this.allocator.extend(this.end, pages * pageSize);
    this.end += pages * pageSize;
    return true;
  }

  private raise(): void {
    this.returned = 0;
    this.limit = Math.min(this.limit * 2, this.mostBytes);
  }

  private moveOut(cell: Cell): void {
    const { block } = cell;
    if (block === null) return;
    // What only awaits its zeros has nothing to keep.
    if (!cell.awaitsZeros) {
      // Not `slice`, which copies shared memory byte by byte.
      cell.moved = new Uint8Array(cell.bytes);
      cell.moved.set(this.u8.subarray(block.pointer, block.pointer + cell.bytes));
      this.movedBytes += cell.bytes;
    }
    this.leave(cell, block);
  }

  private views(): [Float32Array, Int32Array, Uint8Array, Int8Array] {
    const { buffer } = this.memory;
    return [new Float32Array(buffer), new Int32Array(buffer), new Uint8Array(buffer), new Int8Array(buffer)];
  }

  private append(cell: Cell): void {
    cell.older = this.newest;
    cell.newer = null;
    if (this.newest === null) this.oldest = cell;
    else this.newest.newer = cell;
    this.newest = cell;
  }

  private remove(cell: Cell): void {
    const { older, newer } = cell;
    if (older === null) this.oldest = newer;
    else older.newer = newer;
    if (newer === null) this.newest = older;
    else newer.older = older;
    cell.older = cell.newer = null;
  }

  private renew(cell: Cell): void {
    this.remove(cell);
    this.append(cell);
  }
}

const round = (bytes: number): number => Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
