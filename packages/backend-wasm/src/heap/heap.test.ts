import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { Heap } from "./heap.js";

const megabyte = 2 ** 20;

/** A heap that ends after `limit` megabytes. */
const small = (limit: number): Heap => new Heap(false, limit * megabyte);

function filled(heap: Heap, value: number, size = megabyte / 4): ReturnType<Heap["alloc"]> {
  const buffer = heap.alloc("float32", size);
  heap.call++;
  const pointer = heap.overwriting(buffer.cell);
  heap.f32.fill(value, pointer / 4, pointer / 4 + size);
  return buffer;
}

function valuesOf(heap: Heap, { cell, size }: ReturnType<Heap["alloc"]>): Set<number> {
  heap.call++;
  const pointer = heap.reading(cell);
  return new Set(heap.f32.subarray(pointer / 4, pointer / 4 + size));
}

describe("memory that nobody frees (SYS-06)", () => {
  test("ten times what fits: what was moved out reads right, in any order", () => {
    const heap = small(8);
    const buffers = Array.from({ length: 80 }, (_, i) => filled(heap, i + 1));
    expect(heap.use().heapBytes).toBeLessThanOrEqual(8 * megabyte);
    expect(heap.use().movedBytes).toBeGreaterThan(70 * megabyte);
    for (const i of [0, 79, 40, 1, 40, 78, 0]) expect(valuesOf(heap, buffers[i])).toEqual(new Set([i + 1]));
  });

  test("what is fresh is zero, wherever older data lay", () => {
    const heap = small(8);
    for (let i = 0; i < 20; i++) filled(heap, 7);
    expect(valuesOf(heap, heap.alloc("float32", 1000))).toEqual(new Set([0]));
  });

  test("what a kernel uses stays where it is while others come back", () => {
    const heap = small(8);
    const buffers = Array.from({ length: 40 }, (_, i) => filled(heap, i + 1));
    heap.call++;
    const first = heap.reading(buffers[0].cell);
    heap.reading(buffers[1].cell);
    heap.overwriting(heap.alloc("float32", megabyte / 4).cell);
    expect(heap.reading(buffers[0].cell)).toBe(first);
    expect(heap.f32[first / 4]).toBe(1);
  });

  test("one kernel that needs more than there is: an error with what was asked and what is in use", () => {
    const heap = small(8);
    heap.call++;
    const hold = Array.from({ length: 5 }, () => heap.alloc("float32", megabyte / 4));
    for (const { cell } of hold) heap.reading(cell);
    expect(() => heap.alloc("float32", megabyte)).toThrow("no room for 4.0 MB: 5.0 MB are in use by the kernel that runs");
    // Nothing is lost: the next kernel runs.
    heap.call++;
    expect(valuesOf(heap, hold[0])).toEqual(new Set([0]));
  });

  test("freed memory is taken again, and reading it is an error", () => {
    const heap = small(64);
    const before = heap.use();
    const buffer = filled(heap, 1);
    heap.free(buffer.cell);
    heap.free(buffer.cell);
    expect(heap.use()).toEqual(before);
    expect(() => valuesOf(heap, buffer)).toThrow("freed before it was used again");
  });

  test("large buffers that no one holds are given back when the garbage collector has found them", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const heap = small(64);
    const kept = filled(heap, 3);
    for (let i = 0; i < 10; i++) filled(heap, 1);
    const until = performance.now() + 5000;
    while (heap.use().buffers > 1 && performance.now() < until) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(heap.use()).toMatchObject({ buffers: 1, bytes: megabyte, movedBytes: 0 });
    expect(valuesOf(heap, kept)).toEqual(new Set([3]));
  });

  test("an endless stream of changing shapes neither grows the heap nor wears it down", () => {
    const heap = small(32);
    let state = 1;
    for (let i = 0; i < 3000; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      filled(heap, 1, 1 + (state % 200_000));
    }
    expect(heap.use().heapBytes).toBeLessThanOrEqual(32 * megabyte);
  });
});
