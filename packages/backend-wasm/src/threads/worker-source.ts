import { Control, closed } from "./control.js";

/**
 * What a thread runs, as text: bundlers need not find a file, and it works from TypeScript sources as well. It waits for the ticket to
 * change, takes pieces as long as there are any, spins a little for the next task and then sleeps.
 */
export const workerSource = /* @__PURE__ */ (() => `
const C = ${JSON.stringify(Control)};
const CLOSED = ${closed};
const SPINS = 500000;
function start({ memory, thread }) {
  const control = new Int32Array(memory.buffer);
  const kernels = [];
  const compile = (pointer, length) => {
    const code = new Uint8Array(memory.buffer, pointer, length).slice();
    return new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory, sin: Math.sin, cos: Math.cos, rem: (x, y) => x % y } }).exports.run;
  };
  // Waits until the ticket is no longer what it was.
  const change = (ticket) => {
    for (let i = 0; i < SPINS; i++) if (Atomics.load(control, C.ticket) !== ticket) return;
    Atomics.add(control, C.sleeping, 1);
    Atomics.wait(control, C.ticket, ticket);
    Atomics.sub(control, C.sleeping, 1);
  };
  Atomics.add(control, C.ready, 1);
  for (;;) {
    const ticket = Atomics.load(control, C.ticket);
    const piece = ticket & 0xffff;
    const id = control[C.kernel], args = control[C.args], total = control[C.total], grain = control[C.grain];
    if (piece === CLOSED || piece >= control[C.pieces]) { change(ticket); continue; }
    // Whoever swaps the ticket that it read has also read the task that belongs to it.
    if (Atomics.compareExchange(control, C.ticket, ticket, ticket + 1) !== ticket) continue;
    try {
      kernels[id] ??= compile(control[C.code], control[C.codeLength]);
      const scratch = control[C.scratch] + thread * control[C.scratchSize];
      kernels[id](args, piece * grain, Math.min(total, (piece + 1) * grain), scratch);
    } catch {
      Atomics.store(control, C.failed, 1);
    }
    Atomics.add(control, C.done, 1);
  }
}
`)();
