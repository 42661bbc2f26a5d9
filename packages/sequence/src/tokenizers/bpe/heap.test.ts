import fc from "fast-check";
import { expect, test } from "vitest";
import { Heap } from "./heap.js";

test("items come out in their order, whenever they were put in", () => {
  fc.assert(fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), (steps) => {
    const heap = new Heap<number>((a, b) => a < b);
    const sorted: number[] = [];
    for (const step of steps) {
      if (step === undefined) {
        expect(heap.pop()).toBe(sorted.shift());
      } else {
        heap.push(step);
        sorted.push(step);
        sorted.sort((a, b) => a - b);
      }
    }
    for (const item of sorted) expect(heap.pop()).toBe(item);
    expect(heap.pop()).toBeUndefined();
  }));
});
