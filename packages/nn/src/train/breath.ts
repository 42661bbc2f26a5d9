const interval = 50;

const macrotask = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 0); });

/** Lets timers, signals and the page have a turn, when the last one was some time ago. */
export class Breath {
  #last = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#last < interval) return;
    await macrotask();
    this.#last = performance.now();
  }
}
