import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { ModuleBuilder, code, i32, loopFrom, repeatWhile, when } from "../assembler/index.js";
import type { Code, Local } from "../assembler/index.js";
import { Heap } from "../heap/heap.js";
import { compileKernel } from "../kernel.js";
import type { Kernel } from "../kernel.js";
import { argumentsAt } from "./control.js";
import { Pool } from "./pool.js";

interface Bench {
  readonly heap: Heap;
  readonly pool: Pool;
  readonly output: number;
}

async function open(threads: number, patience?: number): Promise<Bench> {
  const heap = new Heap(true);
  const pool = new Pool(heap, threads, patience);
  const output = heap.takeForever(4 * 4096);
  heap.i32[argumentsAt] = output;
  while (pool.ready < threads - 1) await new Promise((resolve) => setTimeout(resolve, 1));
  return { heap, pool, output };
}

/**
 * Adds 1 to every word of its range; before that, threads other than the calling one, which have scratch elsewhere, run `inHelpers`, and the
 * calling one waits, so that they get to take something.
 */
function counting(heap: Heap, inHelpers: Code | null = null): Kernel {
  const module = new ModuleBuilder(true);
  module.function("run", ["i32", "i32", "i32", "i32"], [], (f) => {
    const [args, from, to, scratch] = [0, 1, 2, 3].map((k) => f.param("i32", k));
    const [i, at] = f.localsOf("i32", 2);
    const add = (address: Local<"i32">): Code => i32.store(address.get, i32.add(i32.load(address.get), i32.const(1)));
    f.push(
      inHelpers === null ? [] : when(i32.ne(scratch.get, i32.const(0)), [inHelpers], [loopFrom(i, i32.const(0), i32.const(5_000_000), 1, [])]),
      loopFrom(i, from.get, to.get, 1, [at.set(i32.add(i32.load(args.get), i32.mul(i.get, i32.const(4)))), add(at)]),
    );
  });
  return compileKernel(heap, module);
}

const counts = ({ heap, output }: Bench, total: number): Set<number> => new Set(heap.i32.subarray(output / 4, output / 4 + total));

/** Scratch of helpers begins elsewhere than that of the calling thread. */
function giveScratch(heap: Heap): void {
  heap.i32[88] = 64;
}

describe("threads", () => {
  test("every element is done once, call after call, whatever the grain", async () => {
    const bench = await open(3);
    const kernel = counting(bench.heap);
    let calls = 0;
    for (const grain of [1, 7, 64, 5000]) {
      for (let i = 0; i < 200; i++) bench.pool.run(kernel, 4 * argumentsAt, 4096, grain);
      calls += 200;
      expect(counts(bench, 4096)).toEqual(new Set([calls]));
    }
    bench.pool.stop();
  });

  test("a thread that fails: the call throws a BackendError, the next one works", async () => {
    const bench = await open(2);
    giveScratch(bench.heap);
    const failing = counting(bench.heap, code(0x00));
    let failures = 0;
    for (let i = 0; i < 200 && failures === 0; i++) {
      try {
        bench.pool.run(failing, 4 * argumentsAt, 4096, 1);
      } catch (error) {
        expect(String(error)).toContain("a thread failed in the middle of a kernel");
        failures++;
      }
    }
    expect(failures).toBe(1);
    bench.heap.i32.fill(0, bench.output / 4, bench.output / 4 + 4096);
    bench.pool.run(counting(bench.heap), 4 * argumentsAt, 4096, 1);
    expect(counts(bench, 4096)).toEqual(new Set([1]));
    bench.pool.stop();
  });

  test("a thread that dies or hangs with work in hand: the call throws instead of waiting for ever, the next one works", async () => {
    const bench = await open(2, 100);
    giveScratch(bench.heap);
    const hanging = counting(bench.heap, repeatWhile([], i32.const(1)));
    let failures = 0;
    for (let i = 0; i < 200 && failures === 0; i++) {
      try {
        bench.pool.run(hanging, 4 * argumentsAt, 4096, 1);
      } catch (error) {
        expect(String(error)).toContain("a thread did not come back");
        failures++;
      }
    }
    expect(failures).toBe(1);
    bench.heap.i32.fill(0, bench.output / 4, bench.output / 4 + 4096);
    bench.pool.run(counting(bench.heap), 4 * argumentsAt, 4096, 1);
    expect(counts(bench, 4096)).toEqual(new Set([1]));
    bench.pool.stop();
  });

  test("a finished program ends although threads wait for work", async () => {
    const index = fileURLToPath(new URL("../index.ts", import.meta.url));
    const program = `
      import { wasm } from ${JSON.stringify(index)};
      import { tensor } from "@dl/tensor";
      const backend = await wasm({ threads: 2 }).create();
      console.log(tensor([1, 2], { backend }).add(1).toArray().join());`;
    const node = ["--conditions=@dl/source", "--import", "tsx", "--input-type=module", "-e", program];
    const { stdout } = await promisify(execFile)(process.execPath, node, { timeout: 15_000, cwd: fileURLToPath(new URL("../..", import.meta.url)) });
    expect(stdout.trim()).toBe("2,3");
  });
});
