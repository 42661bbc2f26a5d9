interface Immediate {
  readonly setImmediate?: (run: () => void) => unknown;
}

/** Runs when the engine has had a turn: only then does it tell which objects are garbage. */
export function afterTurn(run: () => void): void {
  const { setImmediate } = globalThis as Immediate;
  if (setImmediate !== undefined) {
    setImmediate(run);
    return;
  }
  // Timers wait four milliseconds when they are nested; messages do not.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(null);
}

export const turn = (): Promise<void> => new Promise(afterTurn);
