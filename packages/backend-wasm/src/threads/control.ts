/** Words of 32 bits at the bottom of the heap through which threads speak; each group on a cache line of its own. */
export const Control = {
  /** Number of the task in the upper half, next piece in the lower: changed only by compare-and-swap. */
  ticket: 16,
  /** Pieces that are done. */
  done: 32,
  /** Threads that sleep and want to be woken. */
  sleeping: 48,
  /** Threads that are up. */
  ready: 64,
  /** 1 once a thread failed in the present task. */
  failed: 65,
  // What the task is; written while the ticket is closed.
  kernel: 80,
  code: 81,
  codeLength: 82,
  args: 83,
  total: 84,
  grain: 85,
  pieces: 86,
  // Where each thread's scratch begins: scratch + thread · scratchSize.
  scratch: 87,
  scratchSize: 88,
} as const;

/** The lower half of a ticket between two tasks: nothing may be taken. */
export const closed = 0xffff;

/** Where arguments of kernels are written, in words. */
export const argumentsAt = 1024;
