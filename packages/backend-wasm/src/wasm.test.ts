import { DTypeError } from "@dl/registry";
import { randn, tensor, useBackend } from "@dl/tensor";
import { afterEach, describe, expect, test, vi } from "vitest";
import { wasm } from "./wasm.js";

afterEach(() => { vi.unstubAllGlobals(); });

/** WebAssembly with some members replaced. */
function withWebAssembly(members: Partial<typeof WebAssembly>): void {
  vi.stubGlobal("WebAssembly", Object.create(WebAssembly, Object.getOwnPropertyDescriptors(members)));
}

describe("where it cannot run", () => {
  test("without SIMD it is not available, and says what to use instead", async () => {
    withWebAssembly({ validate: () => false });
    expect(await wasm().isAvailable()).toBe(false);
    await expect(wasm().create()).rejects.toThrow("this engine's WebAssembly has no SIMD. Use the reference backend: useBackend(reference)");
    await expect(useBackend(wasm())).rejects.toThrow("this engine's WebAssembly has no SIMD");
  });

  test("under a content security policy that forbids compiling it names the directive", async () => {
    class Forbidden extends WebAssembly.Module {
      constructor(bytes: BufferSource) {
        super(bytes);
        throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
      }
    }
    withWebAssembly({ Module: Forbidden });
    await expect(wasm().create()).rejects.toThrow("Wasm code generation disallowed by embedder): it needs 'wasm-unsafe-eval'");
  });

  test("without WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    await expect(wasm().create()).rejects.toThrow("there is no WebAssembly");
  });

  test("without shared memory it has one thread, and says so", async () => {
    vi.stubGlobal("crossOriginIsolated", false);
    const { info } = await wasm({ threads: 4 }).create();
    expect(info.threads).toBe(1);
    expect(info.notes.join()).toContain("Cross-Origin-Opener-Policy: same-origin");
  });
});

describe("bad input", () => {
  test.each([0, -1, 1.5, 1000, NaN])("threads: %s", async (threads) => {
    await expect(wasm({ threads }).create()).rejects.toThrow(`threads is ${threads}`);
  });

  test("an option it does not know", async () => {
    await expect(wasm({ thread: 2 } as never).create()).rejects.toThrow("thread");
  });

  test("a dtype it does not have", async () => {
    const backend = await wasm({ threads: 1 }).create();
    expect(() => tensor([1], { backend, dtype: "float64" })).toThrow(DTypeError);
    expect(() => backend.alloc("float64", 1)).toThrow("float64 lives on the reference backend");
  });

  test("memory of another instance, or of another thread's, which arrives as a plain copy", async () => {
    const [one, other] = [await wasm({ threads: 1 }).create(), await wasm({ threads: 1 }).create()];
    const x = tensor([1, 2, 3], { backend: one });
    expect(() => x.add(tensor([1, 2, 3], { backend: other }))).toThrow('operands live on backends "wasm" and "wasm"');
    const sent = { buffer: structuredClone(x.buffer), dtype: x.dtype, shape: x.shape, strides: x.strides, offset: 0 };
    expect(() => one.readSync(sent)).toThrow("another thread's. Move the tensor first: x.to(backend). Between threads send x.data()");
  });
});

test("any number of threads gives the same bits", async () => {
  const results = [];
  for (const threads of [1, 2, 3]) {
    const backend = await wasm({ threads, relaxedSimd: false }).create();
    const [a, b] = [301, 257].map((rows, k) => tensor(Float32Array.from({ length: rows * 257 }, (_, i) => Math.sin(i * (k + 1))), { shape: [rows, 257], backend }));
    const product = a.matmul(b);
    results.push([product, product.exp().sum(1), product.sum(), product.mul(2).tanh().sum(0)].map((x) => [...x.dataSync()]));
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

test("moving a tensor there and back keeps every bit", async () => {
  const backend = await wasm({ threads: 1 }).create();
  const x = randn([33, 65]);
  expect([...x.to(backend).to(x.backend).dataSync()]).toEqual([...x.dataSync()]);
});
