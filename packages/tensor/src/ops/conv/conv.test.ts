import { ShapeError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arange, ones, zeros } from "../../create.js";
import { embed } from "../embed.js";
import { conv1d, conv2d } from "./conv.js";
import type { ConvOptions } from "./conv.js";
import { convTranspose2d } from "./conv-transpose.js";
import { convOutputSize, solvePadding } from "./geometry.js";

describe("output sizes (CNN-02, CNV-04)", () => {
  test("even kernels with same padding get the odd row after: ones 3×3, kernel 2×2", () => {
    const y = conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), { padding: "same" });
    expect(y.toArray()).toEqual([[[[4, 4, 2], [4, 4, 2], [2, 2, 1]]]]);
  });

  test("half a row of padding is refused with the way out", () => {
    expect(() => conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), { padding: 0.5 })).toThrow(ValueError);
    expect(() => convOutputSize(3, 2, { padding: 0.5 })).toThrow(/padding is 0.5. A window of even size .* Use padding: "same"/);
  });

  test("the formula solved for the padding", () => {
    expect(solvePadding({ kernelSize: 2 })).toMatchObject({ padding: 0.5, advice: expect.stringContaining('"same"') as string });
    expect(solvePadding({ kernelSize: 5 })).toEqual({ padding: 2, advice: "Use padding: 2" });
    expect(solvePadding({ kernelSize: 3, stride: 2, size: 8, outputSize: 4 }).padding).toBe(0.5);
    expect(solvePadding({ kernelSize: 3, size: 8, outputSize: 4 }).advice).toContain("Crop");
    expect(() => solvePadding({ kernelSize: 3, stride: 2 })).toThrow("Give the size of the input");
  });

  test("⌊(in + 2p − d(k − 1) − 1)/s⌋ + 1 is what comes out, on 200 configurations", () => {
    const config = fc.record({ size: fc.integer({ min: 1, max: 20 }), k: fc.integer({ min: 1, max: 5 }), s: fc.integer({ min: 1, max: 4 }), p: fc.integer({ min: 0, max: 3 }), d: fc.integer({ min: 1, max: 3 }) });
    fc.assert(fc.property(config, ({ size, k, s, p, d }) => {
      const options = { stride: s, padding: p, dilation: d };
      const room = size + 2 * p - d * (k - 1) - 1;
      if (room < 0) {
        expect(() => convOutputSize(size, k, options)).toThrow(ShapeError);
        expect(() => conv1d(ones([1, 1, size]), ones([1, 1, k]), options)).toThrow(`kernel ${k} does not fit input ${size} with padding ${p}`);
        return;
      }
      const expected = Math.floor(room / s) + 1;
      expect(convOutputSize(size, k, options)).toBe(expected);
      expect(conv1d(ones([1, 1, size]), ones([1, 1, k]), options).shape).toEqual([1, 1, expected]);
    }), { numRuns: 200 });
  });
});

describe("padding (CNV-03)", () => {
  test("a 3×3 kernel with padding 1 keeps the size, in all four modes", () => {
    for (const paddingMode of ["zeros", "reflect", "replicate", "circular"] as const) {
      expect(conv2d(ones([2, 1, 5, 7]), ones([1, 1, 3, 3]), { padding: 1, paddingMode }).shape).toEqual([2, 1, 5, 7]);
    }
  });

  test("what stands beyond the edge", () => {
    const x = arange(1, 5).to("float32").reshape([1, 1, 4]);
    const edge = (paddingMode: "zeros" | "reflect" | "replicate" | "circular") => conv1d(x, ones([1, 1, 2]).mul(1), { padding: [[1, 0]], paddingMode }).select(2, 0).item() - 1;
    expect([edge("zeros"), edge("reflect"), edge("replicate"), edge("circular")]).toEqual([0, 2, 1, 4]);
  });

  test.each<[ConvOptions, string]>([
    [{ padding: -1 }, "padding is -1"],
    [{ padding: [1] }, "padding has 1 entries for 2 spatial dims"],
    [{ stride: 0 }, "stride is 0"],
    [{ dilation: [1, 1.5] }, "dilation is 1.5"],
    [{ padding: "same" as const, stride: 2 }, 'padding "same" with stride 2'],
    [{ groups: 3 }, "groups 3 do not divide 2 input channels"],
    [{ paddingMode: "mirror" as "zeros" }, 'paddingMode "mirror"'],
    [JSON.parse('{ "strides": 2 }') as ConvOptions, '"strides"'],
  ])("%j is refused", (options, message) => {
    expect(() => conv2d(ones([1, 2, 4, 4]), ones([2, 2, 3, 3]), options)).toThrow(message);
  });

  test("wrong shapes and dtypes are refused", () => {
    expect(() => conv2d(ones([4, 4]), ones([1, 1, 3, 3]))).toThrow("x has shape [4, 4]. Give [N, C, H, W] or [C, H, W]");
    expect(() => conv2d(ones([1, 4, 4]), ones([1, 3, 3]))).toThrow("the weight has shape [1, 3, 3]. Give [O, C/groups, KH, KW]");
    expect(() => conv2d(ones([1, 4, 4]).to("int32"), ones([1, 1, 3, 3]))).toThrow("x is int32 and the weight float32");
    expect(() => conv2d(ones([1, 4, 4]), ones([1, 1, 3, 3]), { bias: ones([2]) })).toThrow("bias has shape [2] for 1 output channels");
  });
});

describe("dilation (CNV-05)", () => {
  test("kernel 3 with dilation 2 is kernel 5 with zeros between", () => {
    const x = arange(40).to("float32").reshape([1, 2, 20]);
    const w = arange(1, 7).to("float32").reshape([1, 2, 3]);
    const stuffed = embed(w, [1, 2, 5], 2, 0, 2);
    expect(conv1d(x, w, { dilation: 2, stride: 3 }).toArray()).toEqual(conv1d(x, stuffed, { stride: 3 }).toArray());
  });
});

describe("empty and single inputs", () => {
  test("no samples give no samples", () => {
    expect(conv2d(zeros([0, 1, 4, 4]), ones([2, 1, 3, 3])).shape).toEqual([0, 2, 2, 2]);
    expect(convTranspose2d(zeros([0, 2, 4, 4]), ones([2, 1, 3, 3])).shape).toEqual([0, 1, 6, 6]);
  });

  test("a transposed convolution of stride 2 doubles the size (SEG-03)", () => {
    expect(convTranspose2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), { stride: 2 }).shape).toEqual([1, 1, 6, 6]);
  });
});
