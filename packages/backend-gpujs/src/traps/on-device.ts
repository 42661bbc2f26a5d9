import { contiguousView } from "@dl/tensor";
import type { View } from "@dl/tensor";
import { expect, test } from "vitest";
import { Device } from "../device/device.js";
import { openDevice } from "../device/open.js";
import { gpujs } from "../gpujs.js";
import { loadLibrary } from "../library.js";
import { trialLimits } from "../modes.js";
import type { GpuMode } from "../modes.js";
import { CallBuilder } from "../source/builder.js";

const numbers = (count: number, scale = 1): Float32Array => Float32Array.from({ length: count }, (_, i) => scale * (i + 1));
const view = (buffer: object, size: number): View => contiguousView(buffer, "float32", [size]);

/** Traps of gpu.js that only a device shows, the same for all of them. */
export function trapsOnDevice(mode: GpuMode): void {
  test("2: a loop whose bound is an argument runs to its end", async () => {
    const { device } = await openDevice(mode, await loadLibrary());
    const loop = "function(n) { let s = 0; for (let k = 0; k < n; k++) { s += 1; } return s; }";
    expect([...(await device.read(device.run(loop, 2, [], [3000])))]).toEqual([3000, 3000]);
  });

  test("2: a result stays what it was when its kernel runs again", async () => {
    const { device } = await openDevice(mode, await loadLibrary());
    const double = "function(x) { return x[this.thread.x] * 2; }";
    const results = [1, 10, 100].map((scale) => device.run(double, 3, [device.upload(numbers(3, scale))], []));
    const read = await Promise.all(results.map((result) => device.read(result)));
    expect(read.map((data) => [...data])).toEqual([[2, 4, 6], [20, 40, 60], [200, 400, 600]]);
  });

  test("4: tanh, pow and log are right where those of shader languages are not", async () => {
    const backend = await gpujs({ mode }).create();
    const apply = async (name: string, parameters: string, x: number[]): Promise<number[]> => {
      const { device } = await openDevice(mode, await loadLibrary());
      const builder = new CallBuilder();
      const input = builder.input(device.upload(Float32Array.from(x)));
      const { source, inputs, numbers: own } = builder.build([], `${name}(${input}[i]${parameters})`);
      return [...(await device.read(device.run(source, x.length, inputs, own)))];
    };
    expect(backend.info.mode).toBe(mode);
    expect(await apply("dlTanh", "", [100, -100, 0])).toEqual([1, -1, 0]);
    expect(await apply("dlLog", ", inf, nan", [0, -1, Infinity, 1])).toEqual([-Infinity, NaN, Infinity, 0]);
    const cubes = await apply("dlPow", ", 3, inf, nan", [-2, 2, 0]);
    expect(cubes[0]).toBeCloseTo(-8, 4);
    expect(cubes[1]).toBeCloseTo(8, 4);
    expect(cubes[2]).toBe(0);
    expect(await apply("dlExp", ", inf", [NaN, 1000, -1000])).toEqual([NaN, Infinity, 0]);
  });

  test("8: results of a kernel that was destroyed are still there", async () => {
    const library = await loadLibrary();
    const gpu = new library.GPU({ mode });
    const device = new Device(gpu, await trialLimits(mode, gpu, library), 2);
    const add = (k: number): string => `function(x) { return x[this.thread.x] + ${k}; }`;
    const x = device.upload(numbers(4));
    const first = device.run(add(0.5), 4, [x], []);
    await device.read(first);
    // More than are kept.
    for (let k = 1; k < 6; k++) device.release(device.run(add(k), 4, [x], []));
    expect([...(await device.read(first))]).toEqual([1.5, 2.5, 3.5, 4.5]);
    expect([...(await device.read(device.run(add(0.5), 4, [x], [])))]).toEqual([1.5, 2.5, 3.5, 4.5]);
  });

  test("a tensor that is too large for the device is refused by its size, as are 64 bits", async () => {
    const backend = await gpujs({ mode }).create();
    const { mostElements, limit } = backend.info;
    const before = backend.memory();
    expect(() => backend.alloc("float32", mostElements + 1)).toThrow(`a tensor of ${mostElements + 1} elements does not fit: ${limit} allows ${mostElements}. Use smaller tensors`);
    expect(() => backend.alloc("float64", 4)).toThrow("gpujs: it has no float64. It has float32, int32, bool, uint8; float64 lives on the reference backend");
    expect(() => backend.write("int32", Int32Array.of(1, 2 ** 24 + 1))).toThrow("int32 16777217 cannot be held: whole numbers are exact up to 16777216 there");
    expect(backend.memory()).toEqual(before);
  });

  test("info names the adapter and its limits", async () => {
    const { info } = await gpujs({ mode }).create();
    expect(info).toMatchObject({ mode, notes: [], limit: "counting positions in floats", mostElements: 2 ** 24 });
    expect(info.adapter).toMatch(/\w/);
  });

  test("many zeros are zeros, not a lost device", async () => {
    const backend = await gpujs({ mode }).create();
    expect([...(await backend.read(view(backend.alloc("float32", 5), 5)))]).toEqual([0, 0, 0, 0, 0]);
  });
}
