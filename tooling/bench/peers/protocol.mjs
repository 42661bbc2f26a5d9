// The same protocol as ../protocol.ts, for contestants in plain JavaScript.
import { createInterface } from "node:readline";

export async function serve(prepare) {
  let run = null;
  for await (const line of createInterface({ input: process.stdin })) {
    let answer;
    try {
      const request = JSON.parse(line);
      if (request.op === "prepare") {
        run = await prepare(request.workload);
        answer = { checks: [await run(), await run(), await run()] };
      } else {
        const ms = [];
        for (let i = 0; i < request.repeat; i++) {
          const began = performance.now();
          await run();
          ms.push(performance.now() - began);
          // As in any program with an event loop: finalizers and timers get their turn.
          await new Promise((resolve) => setImmediate(resolve));
        }
        answer = { ms };
      }
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);

function valueAt({ scale, seed }, i) {
  let h = Math.imul((i + Math.imul(seed, 0x9e3779b1)) | 0, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return ((h >>> 0) / 2 ** 31 - 1) * scale;
}

export const valuesOf = (spec) => Float32Array.from({ length: sizeOf(spec.shape) }, (_, i) => valueAt(spec, i));
export const tokensOf = ({ shape, classes }, shift) => Int32Array.from({ length: sizeOf(shape) }, (_, i) => ((i + shift) * 7 + 3) % classes);
