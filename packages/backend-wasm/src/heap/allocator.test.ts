import fc from "fast-check";
import { expect, test } from "vitest";
import { Allocator, alignment } from "./allocator.js";
import type { Block } from "./allocator.js";

const end = 4096 * alignment;

function fresh(): Allocator {
  const allocator = new Allocator();
  allocator.extend(0, end / 2);
  allocator.extend(end / 2, end / 2);
  return allocator;
}

test("any sequence of takes and releases: blocks lie in the range, never overlap, and melt into one in the end", () => {
  const step = fc.record({ units: fc.integer({ min: 1, max: 300 }), releases: fc.boolean(), which: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const allocator = fresh();
      const held: Block[] = [];
      for (const { units, releases, which } of steps) {
        if (releases && held.length > 0) {
          allocator.release(held.splice(which % held.length, 1)[0]);
          continue;
        }
        const block = allocator.take(units * alignment);
        if (block === null) continue;
        expect(block.size).toBe(units * alignment);
        expect(block.pointer >= 0 && block.pointer + block.size <= end).toBe(true);
        for (const other of held) expect(block.pointer >= other.pointer + other.size || other.pointer >= block.pointer + block.size).toBe(true);
        held.push(block);
      }
      for (const block of held) allocator.release(block);
      expect(allocator.take(end)?.pointer).toBe(0);
    }),
  );
});

test("gives null when no stretch is long enough, although there is room in all", () => {
  const allocator = fresh();
  const blocks = Array.from({ length: 8 }, () => allocator.take(end / 8));
  expect(blocks).not.toContain(null);
  blocks.forEach((block, i) => { if (block !== null && i % 2 === 0) allocator.release(block); });
  expect(allocator.take(end / 4)).toBeNull();
  expect(allocator.take(end / 8)).not.toBeNull();
});

test("finds the last block of a bin whose others are too small", () => {
  const allocator = fresh();
  // Sizes 1001 to 1020 units share a bin; the fitting one is put in first and so comes last.
  const sizes = [1020, 1001, 1002];
  const blocks = sizes.map((units) => [allocator.take(units * alignment), allocator.take(alignment)] as const);
  for (const [block] of blocks) if (block !== null) allocator.release(block);
  expect(allocator.take(1015 * alignment)?.pointer).toBe(0);
});
