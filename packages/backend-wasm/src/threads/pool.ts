import { BackendError } from "@dl/registry";
import type { Heap } from "../heap/heap.js";
import type { Kernel } from "../kernel.js";
import { Control, closed } from "./control.js";
import { spawnThread } from "./spawn.js";
import type { Thread } from "./spawn.js";

/** Pieces per thread: some more than one, so that a thread that was held up does not hold up all. */
const piecesPerThread = 4;
const mostPieces = closed - 1;
/** A piece takes milliseconds; a thread that has not returned one by then is lost. */
const patienceMilliseconds = 30_000;
const spinsPerLook = 1 << 20;

/** Helpers beside the calling thread. A task is cut into pieces that whoever is free takes; results do not depend on who. */
export class Pool {
  private helpers: Thread[] = [];
  private task = 0;
  private broken = false;

  constructor(
    private readonly heap: Heap,
    readonly threads: number,
    private readonly patience = patienceMilliseconds,
  ) {
    this.start();
  }

  private get control(): Int32Array {
    return this.heap.i32;
  }

  private start(): void {
    this.broken = false;
    const { control } = this;
    Atomics.store(control, Control.ticket, (this.task << 16) | closed);
    Atomics.store(control, Control.ready, 0);
    Atomics.store(control, Control.sleeping, 0);
    this.helpers = Array.from({ length: this.threads - 1 }, (_, k) => spawnThread({ memory: this.heap.memory, thread: k + 1 }, () => { this.lost(); }));
  }

  /** How many helpers are up. */
  get ready(): number {
    return Atomics.load(this.control, Control.ready);
  }

  private lost(): void {
    this.broken = true;
  }

  stop(): void {
    for (const helper of this.helpers) helper.stop();
    this.helpers = [];
  }

  restart(): void {
    this.stop();
    this.start();
  }

  /**
   * Runs `kernel` over 0 … `total` in pieces that are multiples of `grain`.
   * @throws BackendError when a thread fails; the next call finds new ones
   */
  run(kernel: Kernel, args: number, total: number, grain: number): void {
    if (this.broken) this.restart();
    const { control } = this;
    const units = Math.ceil(total / grain);
    const pieces = Math.min(units, this.threads * piecesPerThread, mostPieces);
    const size = Math.ceil(units / pieces) * grain;
    const count = Math.ceil(total / size);
    control[Control.kernel] = kernel.id;
    control[Control.code] = kernel.pointer;
    control[Control.codeLength] = kernel.length;
    control[Control.args] = args;
    control[Control.total] = total;
    control[Control.grain] = size;
    control[Control.pieces] = count;
    Atomics.store(control, Control.done, 0);
    this.task = (this.task + 1) & 0x7fff;
    Atomics.store(control, Control.ticket, this.task << 16);
    if (Atomics.load(control, Control.sleeping) > 0) Atomics.notify(control, Control.ticket);
    try {
      this.takePieces(kernel, args, total, size, count);
    } finally {
      this.join(count);
    }
  }

  private takePieces(kernel: Kernel, args: number, total: number, size: number, count: number): void {
    const { control } = this;
    const scratch = control[Control.scratch];
    for (;;) {
      const ticket = Atomics.load(control, Control.ticket);
      const piece = ticket & 0xffff;
      if (piece >= count) return;
      if (Atomics.compareExchange(control, Control.ticket, ticket, ticket + 1) !== ticket) continue;
      try {
        kernel.run(args, piece * size, Math.min(total, (piece + 1) * size), scratch);
      } finally {
        Atomics.add(control, Control.done, 1);
      }
    }
  }

  /** Waits for pieces that others took, then closes the ticket, so that the next task can be written. */
  private join(count: number): void {
    const { control } = this;
    let until = 0;
    for (let spins = 1; Atomics.load(control, Control.done) < count; spins++) {
      if (spins % spinsPerLook !== 0) continue;
      const now = performance.now();
      if (until === 0) until = now + this.patience;
      else if (now > until) this.fail("a thread did not come back");
    }
    Atomics.store(control, Control.ticket, (this.task << 16) | closed);
    if (Atomics.exchange(control, Control.failed, 0) !== 0) this.fail("a thread failed");
  }

  private fail(fact: string): never {
    this.restart();
    throw new BackendError("wasm", `${fact} in the middle of a kernel`, "Repeat the step: new threads were started. If it happens again, use { threads: 1 }");
  }
}
