import { ValueError } from "@dl/registry";
import { Flatten, LayerNorm, Linear, LSTM, MaxPool2d, Sequential } from "@dl/nn";
import { createReferenceBackend, manualSeed, randn } from "@dl/tensor";
import type { Backend, View } from "@dl/tensor";
import { beforeEach, describe, expect, test } from "vitest";
import { diffBackends } from "./diff-backends.js";

beforeEach(() => { manualSeed(1); });

/** Only its last layer multiplies matrices; gradients of all parameters pass through it. */
const network = (): Sequential => new Sequential(new LayerNorm([8, 8]), new MaxPool2d(2), new Flatten(), new Linear(16, 5));

/** A backend whose products are too large by a factor. */
function scaling(factor: number): Backend {
  const backend = createReferenceBackend();
  const exact = createReferenceBackend();
  return Object.assign(backend, {
    matmul: (a: View, b: View, out: View, offset?: View) => {
      exact.matmul(a, b, out, offset);
      const data = out.buffer as Float32Array;
      for (let i = 0; i < data.length; i++) data[i] *= factor;
    },
  });
}

describe("diffBackends", () => {
  test("says at which layer two backends begin to differ, and by how much", async () => {
    const model = network();
    const difference = await diffBackends(model, createReferenceBackend(), scaling(1.01), randn([2, 1, 8, 8]));
    const { rows, worst } = difference;
    expect(rows.map(({ path, type }) => [path, type])).toEqual([
      ["0", "nn/LayerNorm"], ["1", "nn/MaxPool2d"], ["2", "nn/Flatten"], ["3", "nn/Linear"], ["", "nn/Sequential"],
    ]);
    const wrong = rows.filter(({ relative }) => relative > 1e-6).map(({ path }) => path);
    expect(wrong).toEqual(["3", ""]);
    expect(rows[3].relative).toBeCloseTo(0.01, 4);
    expect(rows[3].absolute).toBeGreaterThan(0);
    expect(rows[0]).toMatchObject({ shape: [2, 1, 8, 8], absolute: 0, relative: 0 });
    // Gradients pass through the product as well.
    expect(rows[0].gradient).toBeCloseTo(0.01, 3);
    expect(rows[1].gradient).toBeNull();
    expect(worst).toBeCloseTo(0.01, 3);
    expect(String(difference)).toMatch(/^layer +type +output +absolute +relative +gradient\n0 +nn\/LayerNorm +\[2, 1, 8, 8\] +0 +0 +1\.0e-2\n/);
    expect(String(difference)).toMatch(/\n\(model\) .*\n\nlargest relative error 1\.0e-2$/);
  });

  test("finds nothing between a backend and itself, leaves the mode and no gradients, and the model on the first", async () => {
    const [a, b] = [createReferenceBackend(), createReferenceBackend()];
    const model = network().train();
    const { worst } = await diffBackends(model, a, b, randn([2, 1, 8, 8]));
    expect(worst).toBe(0);
    expect(model.training).toBe(true);
    expect(model.parameters().every(({ grad, backend }) => grad === null && backend === a)).toBe(true);
  });

  test("a backend that can only be read later may be either of the two", async () => {
    const late = (): Backend => {
      const backend = createReferenceBackend();
      Reflect.deleteProperty(backend, "readSync");
      return Object.assign(backend, { capabilities: { ...backend.capabilities, readSync: false } });
    };
    const x = randn([2, 1, 8, 8]);
    for (const pair of [[late(), createReferenceBackend()], [createReferenceBackend(), late()]] as const) {
      expect((await diffBackends(network(), ...pair, x)).worst).toBe(0);
    }
  });

  test("a layer with several outputs counts each", async () => {
    const { rows } = await diffBackends(new LSTM(3, 4), createReferenceBackend(), scaling(1.5), randn([5, 2, 3]));
    expect(rows[0].relative).toBeGreaterThan(0.01);
  });

  test("NaN on one side only is an infinite error", async () => {
    const { worst } = await diffBackends(new Linear(3, 2), createReferenceBackend(), scaling(NaN), randn([1, 3]));
    expect(worst).toBe(Infinity);
  });

  test("refuses to guess an input", async () => {
    await expect(diffBackends(network(), createReferenceBackend(), createReferenceBackend())).rejects.toThrow(ValueError);
  });
});
