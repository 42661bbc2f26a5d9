// Traps of gpu.js that show without a device. The others are in traps.webgl2.browser.test.ts and traps.webgpu.browser.test.ts.
import { BackendError } from "@dl/registry";
import { createReferenceBackend, ones, randn, scatterAdd, tensor, zeros } from "@dl/tensor";
import type { Backend } from "@dl/tensor";
import { describe, expect, test, vi } from "vitest";
import { GpuBackend } from "../backend.js";
import { KernelCache } from "../device/kernel-cache.js";
import { openDevice } from "../device/open.js";
import { gpujs } from "../gpujs.js";
import { loadLibrary } from "../library.js";
import { FakeLibrary } from "./fake-library.js";

const line = (buffer: object, size: number): Parameters<Backend["read"]>[0] => ({ buffer, dtype: "float32", shape: [size], strides: [1], offset: 0 });

describe("traps of gpu.js", () => {
  test("1, 2: kernels and their functions are text, single precision, kept apart from later results, without a limit on loops", async () => {
    const fake = new FakeLibrary();
    const backend = await gpujs({ mode: "webgl2" }, fake.load).create();
    const x = randn([3, 4], { backend });
    x.tanh().pow(2.5).sum(1);
    expect(fake.settings.length).toBeGreaterThan(4);
    for (const [i, settings] of fake.settings.entries()) {
      expect(typeof fake.sources[i]).toBe("string");
      expect(settings).toMatchObject({ precision: "single", tactic: "precision", pipeline: true, immutable: true, loopMaxIterations: 1 << 24 });
      for (const { source } of settings.functions) expect(typeof source).toBe("string");
    }
    expect(fake.settings.flatMap(({ functions }) => functions.map(({ name }) => name))).toEqual(expect.arrayContaining(["dlTanh", "dlPow"]));
  });

  test("3: what is given back is deleted on the device, once", async () => {
    const fake = new FakeLibrary();
    const backend = await gpujs({ mode: "webgl2" }, fake.load).create();
    const before = backend.memory();
    const buffer = backend.write("float32", Float32Array.of(1, 2));
    fake.log.length = 0;
    backend.free(buffer);
    backend.free(buffer);
    expect(fake.log).toEqual([expect.stringMatching(/^delete kernel/)]);
    expect(backend.memory()).toEqual(before);
    expect(() => backend.readSync?.(line(buffer, 2))).toThrow("the tensor's memory was given back");
  });

  test("5: kernels, reads and what frees memory wait in one line, however long each takes", async () => {
    const fake = new FakeLibrary({ runs: "WebGPUKernel", delay: (call) => [8, 1, 5, 0][call % 4] });
    vi.stubGlobal("navigator", { gpu: { requestAdapter: () => Promise.resolve({ limits: { maxStorageBufferBindingSize: 2 ** 27 } }) } });
    const backend = await gpujs({ mode: "webgpu" }, fake.load).create();
    vi.unstubAllGlobals();
    fake.log.length = 0;
    const buffers = [1, 2, 3].map((value) => backend.write("float32", Float32Array.of(value, value)));
    const reads = buffers.map((buffer) => backend.read(line(buffer, 2)));
    // Given back before anything has run: reads that were asked for before still have their numbers.
    for (const buffer of buffers) backend.free(buffer);
    expect(await Promise.all(reads)).toEqual([1, 2, 3].map((value) => Float32Array.of(value, value)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(fake.log.map((entry) => entry.replace(/ \d+$/, ""))).toEqual(["kernel", "kernel", "kernel", "delete kernel", "delete kernel", "delete kernel"]);
  });

  test("6: a kernel that fell back is an error where a mode was asked for, and a note where not", async () => {
    const degraded = new FakeLibrary({ runs: "CPUKernel", fallbackReason: "no float textures" });
    const creation = gpujs({ mode: "webgl2" }, degraded.load).create();
    await expect(creation).rejects.toThrow(BackendError);
    await expect(creation).rejects.toThrow('mode "webgl2" cannot run here. webgl2 was not taken: it fails here: gpujs: a kernel of mode "webgl2" fell back to CPUKernel: no float textures');
    const automatic = await gpujs({}, degraded.load).create();
    expect(automatic.info.mode).toBe("cpu");
    expect(automatic.info.notes).toEqual([
      "webgpu was not taken: there is no WebGPU here (navigator.gpu).",
      expect.stringContaining("webgl2 was not taken: it fails here: gpujs: a kernel of mode \"webgl2\" fell back to CPUKernel: no float textures"),
      "webgl was not taken: there is no WebGL here.",
      "headlessgl was not taken: the package gl, which compiles on installation, is not there.",
      "webasm was not taken: there is no WebAssembly here.",
    ]);
  });

  test("6: a kernel of another class is one that fell back, though gpu.js gives no reason", async () => {
    const silent = new FakeLibrary({ runs: "CPUKernel" });
    await expect(gpujs({ mode: "webgl2" }, silent.load).create()).rejects.toThrow("fell back to CPUKernel: gpu.js gives no reason");
  });

  test("7: a scatter with too many places to look through is added up on the host, with the same result", async () => {
    const { device, facts } = await openDevice("cpu", await loadLibrary());
    const backend = new GpuBackend(device, { mode: "cpu", runs: "cpu", notes: [], ...facts });
    const onHost = vi.spyOn(device, "runOnHost");
    const places = 40_000;
    const index = Int32Array.from({ length: 3000 }, (_, i) => (i * 7919) % places);
    const run = (on: Backend): ArrayLike<number> => scatterAdd(zeros([places], { backend: on }), 0, tensor(index, { backend: on }), ones([index.length], { backend: on })).dataSync();
    expect(run(backend)).toEqual(run(createReferenceBackend()));
    expect(onHost).toHaveBeenCalledTimes(1);
  });

  test("8: of kernels, the one that was used longest ago is destroyed", async () => {
    const fake = new FakeLibrary();
    const { GPU } = await fake.load();
    const cache = new KernelCache(new GPU({ mode: "webgl2" }), 2);
    const kernelOf = (source: string): unknown => cache.kernel(source, 4, ["Array"], [4]);
    const first = kernelOf("a");
    kernelOf("b");
    expect(kernelOf("a")).toBe(first);
    kernelOf("c");
    expect(fake.log).toEqual(["destroy kernel 2"]);
    expect(cache.size).toBe(2);
    expect(kernelOf("a")).toBe(first);
    expect(kernelOf("b")).not.toBe(first);
    expect(fake.log).toEqual(["destroy kernel 2", "destroy kernel 3"]);
  });

  test("8: sizes of outputs and arguments belong to the kernel, as gpu.js compiles them in", async () => {
    const fake = new FakeLibrary();
    const { GPU } = await fake.load();
    const cache = new KernelCache(new GPU({ mode: "webgl2" }));
    const kernels = [cache.kernel("a", 4, ["Array"], [4]), cache.kernel("a", 5, ["Array"], [4]), cache.kernel("a", 4, ["Array"], [9]), cache.kernel("a", 4, ["ArrayTexture(1)"], [4])];
    expect(new Set(kernels).size).toBe(4);
  });
});
