import { describe, expect, test } from "vitest";
import { edges } from "./edges.js";
import { smoothing } from "./smoothing.js";
import { discs as photos } from "./test-photos.js";

describe("edges", () => {
  test("CNV-01 the 4×4 ramp: −8 by cross-correlation, 8 by convolution; a kernel of half-turn symmetry gives the same", async () => {
    const { numbers, text } = await edges.calculate({ data: photos });
    expect(numbers).toMatchObject({ xcorr: -8, conv: 8, turned: 0 });
    expect(text.join("\n")).toMatch(/cross-correlation\): \[\[-8,-8\],\[-8,-8\]\]\n.*convolution\): {3}\[\[8,8\],\[8,8\]\]/);
  });

  test("CNV-02 on a step only the columns beside it answer; on a disc only its rim does", async () => {
    const { numbers, text, pictures } = await edges.calculate({ data: photos });
    expect(numbers.stepColumns).toBe(2);
    for (const name of ["sobel", "prewitt", "laplacian"]) expect(text).toContain(`  ${name.padEnd(9)} 3 and 4`);
    // A rim of 2π·20 pixels, between one and four pixels wide.
    expect(numbers.strongCamera).toBeGreaterThan((2 * Math.PI * 20) / 4096);
    expect(numbers.strongCamera).toBeLessThan((8 * Math.PI * 20) / 4096);
    // Two rows of three pictures, two pixels between them.
    for (const name of ["camera", "astronaut"]) expect(pictures?.[name].shape).toStrictEqual([1, 134, 200]);
  });

  test("the grid shows the photograph first, grey where differences along x are 0, and black where nothing is steep", async () => {
    const { pictures } = await edges.calculate({ data: photos });
    const { data } = pictures?.camera ?? { data: [] };
    const at = (row: number, column: number): number => data[row * 200 + column];
    const middle = 2 + 31;
    expect(at(middle, middle)).toBeCloseTo(0.8, 6);
    expect(at(middle, 66 + middle)).toBeCloseTo(0.5, 6);
    expect(at(66 + middle, middle)).toBeCloseTo(0, 6);
    // The left rim is a rise: bright; the right one a fall.
    const row = Array.from({ length: 64 }, (_, column) => at(middle, 66 + 2 + column));
    expect(row.indexOf(Math.max(...row))).toBeLessThan(20);
    expect(row.indexOf(Math.min(...row))).toBeGreaterThan(43);
  });
});

describe("smoothing", () => {
  test("CNV-06 the kernel of 5 × 5 and σ = 1, and a row and a column give what the square gives", async () => {
    const { numbers } = await smoothing.calculate({ data: photos });
    expect(numbers.centre).toBeCloseTo(0.1621028, 7);
    expect(numbers.corner).toBeCloseTo(0.002969, 6);
    expect(numbers.apart).toBeLessThan(2e-6);
  });

  test("CNV-07 step by step; noise falls by 3 dB and more, edges get less steep, and steeper again when sharpened", async () => {
    const { numbers, text, figures, pictures } = await smoothing.calculate({ data: photos, seed: 1 });
    expect(text.slice(0, 3)).toStrictEqual([
      "1. Distances from the middle: -2, -1, 0, 1, 2",
      "2. Weights exp(−(x² + y²)/2), the middle row: 0.1353  0.6065  1.0000  0.6065  0.1353",
      "3. Divided by their sum, 6.1689:     0.0219  0.0983  0.1621  0.0983  0.0219",
    ]);
    expect(numbers.noisy).toBeCloseTo(20, 0);
    expect(numbers.restored - numbers.noisy).toBeGreaterThanOrEqual(3);
    expect(numbers.smoothSteep).toBeLessThan(0.95 * numbers.steep);
    expect(numbers.sharpSteep).toBeGreaterThan(numbers.smoothSteep);
    expect(figures["noise-over-sigma"].match(/<circle /g)).toHaveLength(10);
    expect(pictures?.sizes.shape).toStrictEqual([1, 70, 70]);
    expect(pictures?.noise.shape).toStrictEqual([1, 70, 104]);
  });

  test("medians take salt and pepper away, means smear it; another seed gives other noise", async () => {
    const [first, second] = [await smoothing.calculate({ data: photos, seed: 1 }), await smoothing.calculate({ data: photos, seed: 2 })];
    expect(first.numbers.cleaned).toBeGreaterThan(first.numbers.blurred + 3);
    expect(first.numbers.noisy).not.toBe(second.numbers.noisy);
    expect(first.numbers.centre).toBe(second.numbers.centre);
  });
});
