/** Lets a training pass, or holds it between two steps. */
export class Gate {
  #closed = false;
  #permits = 0;
  #waiting: (() => void) | undefined;

  get isOpen(): boolean {
    return !this.#closed;
  }

  close(): void {
    this.#closed = true;
  }

  open(): void {
    this.#closed = false;
    this.#permits = 0;
    this.#release();
  }

  /** Lets one step pass, and holds the next one. */
  allowOne(): void {
    this.#closed = true;
    this.#permits += 1;
    this.#release();
  }

  /** Waits while the gate is closed and nothing was allowed. @param onHold is called when it has to wait */
  async pass(onHold: () => void): Promise<void> {
    while (this.#closed && this.#permits === 0) {
      onHold();
      await new Promise<void>((resolve) => { this.#waiting = resolve; });
    }
    if (this.#permits > 0) this.#permits -= 1;
  }

  #release(): void {
    this.#waiting?.();
    this.#waiting = undefined;
  }
}
