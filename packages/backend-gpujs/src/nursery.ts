import type { GpuBuffer } from "./buffer.js";
import { afterTurn } from "./device/macrotask.js";

/**
 * Buffers that were made since the engine last had a turn. Garbage among them cannot be told from what is in use: the collector reports
 * nothing inside of a synchronous loop. So when they take too much, the oldest are moved to ordinary arrays, which it does collect, and
 * moved back when they are used. After a turn the collector's reports do that work, and nothing here holds them any more.
 */
export class Nursery {
  private buffers = new Set<GpuBuffer>();
  private bytes = 0;
  private isWaiting = false;

  /** @param budget bytes from which on the oldest are moved */
  constructor(private readonly budget: number) {}

  add(buffer: GpuBuffer): void {
    this.buffers.add(buffer);
    this.bytes += 4 * buffer.size;
    if (!this.isWaiting) {
      this.isWaiting = true;
      afterTurn(() => { this.clear(); });
    }
    if (this.bytes > this.budget) this.moveOldest(buffer);
  }

  remove(buffer: GpuBuffer): void {
    if (this.buffers.delete(buffer)) this.bytes -= 4 * buffer.size;
  }

  private clear(): void {
    this.isWaiting = false;
    this.buffers = new Set();
    this.bytes = 0;
  }

  /** Down to half of the budget, so that this is not for every new buffer. @param newest stays, as its kernel is about to run */
  private moveOldest(newest: GpuBuffer): void {
    for (const buffer of this.buffers) {
      if (this.bytes <= this.budget / 2) return;
      if (buffer === newest) continue;
      buffer.moveToHost();
      this.remove(buffer);
    }
  }
}
