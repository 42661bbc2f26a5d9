import { contiguousView } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { gpujs } from "../gpujs.js";
import { loadLibrary } from "../library.js";
import { trapsOnDevice } from "./on-device.js";

describe("traps of gpu.js on WebGPU", () => {
  trapsOnDevice("webgpu");

  test("5: what is read has the numbers of the moment it was asked for", async () => {
    const backend = await gpujs({ mode: "webgpu" }).create();
    const buffers = [1, 2, 3].map((value) => backend.write("float32", Float32Array.of(value, 2 * value)));
    const reads = buffers.map((buffer) => backend.read(contiguousView(buffer, "float32", [2])));
    for (const buffer of buffers) backend.free(buffer);
    expect((await Promise.all(reads)).map((data) => [...data])).toEqual([[1, 2], [2, 4], [3, 6]]);
  });

  test("a lost device is an error, not zeros, and a new backend works", async () => {
    const backend = await gpujs({ mode: "webgpu" }).create();
    const x = contiguousView(backend.write("float32", Float32Array.of(1, 2, 3)), "float32", [3]);
    expect([...(await backend.read(x))]).toEqual([1, 2, 3]);
    const { WebGPUContext } = await loadLibrary();
    await WebGPUContext.destroy();
    await expect(backend.read(x)).rejects.toThrow('the device of mode "webgpu" was lost, and with it all tensors on it. Load the last checkpoint on a new backend');
    await expect(backend.read(contiguousView(backend.write("float32", Float32Array.of(4)), "float32", [1]))).rejects.toThrow("was lost");
    const fresh = await gpujs({ mode: "webgpu" }).create();
    expect([...(await fresh.read(contiguousView(fresh.write("float32", Float32Array.of(5, 6)), "float32", [2])))]).toEqual([5, 6]);
  });
});
