import { zeros } from "@dl/tensor";
import type { Backend, DType, TypedArray, View } from "@dl/tensor";
import { CheckError } from "../check.js";
import type { Check } from "../check.js";
import { expectEqual, identical } from "../compare.js";
import { freeChecks } from "./free-checks.js";
import { input, output, program } from "./kernel-case.js";
import { line } from "./tracked.js";

const samples: Readonly<Record<DType, TypedArray>> = {
  float32: Float32Array.of(0, -0, 1.5, NaN, Infinity, -Infinity, 3.4e38, 1e-45),
  float64: Float64Array.of(0, -0, 1.1, NaN, Infinity, -Infinity, 1.7e308, 5e-324),
  int32: Int32Array.of(0, 1, -1, 2147483647, -2147483648, 16777217),
  bool: Uint8Array.of(0, 1, 1, 0, 1),
  uint8: Uint8Array.of(0, 1, 127, 128, 255),
  int8: Int8Array.of(0, 1, -1, 127, -128),
};

async function expectRead(where: string, backend: Backend, view: View, data: ArrayLike<number>, fix: string): Promise<void> {
  const value = { shape: view.shape, dtype: view.dtype };
  expectEqual(where, { ...value, data: await backend.read(view) }, { ...value, data }, identical, fix);
}

const dtypeCheck = (backend: Backend, dtype: DType): Check => ({
  name: `write and read: every bit of ${dtype}`,
  run: async () => {
    const { exactIntegers = 2 ** 31 } = backend.capabilities;
    const data = dtype === "int32" ? samples[dtype].filter((x) => Math.abs(x) <= exactIntegers) : samples[dtype];
    const found = await backend.read(line(backend.write(dtype, data), dtype, data.length));
    if (found.constructor !== data.constructor) throw new CheckError("read", `${dtype} comes back as ${found.constructor.name}`, `Return a ${data.constructor.name}`);
    await expectRead("read after write", backend, line(backend.write(dtype, data), dtype, data.length), data, "Keep all bits on the way in and out");
  },
});

/** What the contract says about memory. */
export const memoryChecks = (backend: Backend): Check[] => [
  ...backend.capabilities.dtypes.map((dtype) => dtypeCheck(backend, dtype)),
  {
    name: "write: copies its argument",
    run: async () => {
      const data = Float32Array.of(1, 2, 3);
      const buffer = backend.write("float32", data);
      data.fill(9);
      await expectRead("read after the caller changed its array", backend, line(buffer, "float32", 3), [1, 2, 3], "Copy the data in write");
    },
  },
  {
    name: "read: gives a copy",
    run: async () => {
      const view = line(backend.write("float32", Float32Array.of(1, 2, 3)), "float32", 3);
      (await backend.read(view)).fill(9);
      await expectRead("read after the caller changed what it had read", backend, view, [1, 2, 3], "Copy the data in read");
    },
  },
  {
    name: "read: shows a strided view row-major",
    run: async () => {
      const x = input(backend, [2, 3], { data: [1, 2, 3, 4, 5, 6], layout: "transposed" });
      await expectRead("read of a transposed view", backend, x, [1, 2, 3, 4, 5, 6], "Follow strides and offset");
      await expectRead("read of a stretched view", backend, input(backend, [2, 2], { data: [1, 2, 0, 0], layout: "stretched" }), [1, 2, 1, 2], "Follow strides of 0");
    },
  },
  ...(backend.readSync === undefined ? [] : [readSyncCheck(backend)]),
  {
    name: "alloc: gives zeros, also in memory used before",
    run: async () => {
      for (let round = 0; round < 4; round++) {
        const dirty = backend.write("float32", new Float32Array(1000).fill(7));
        backend.free(dirty);
        await expectRead("read after alloc", backend, zeros([1000], { backend }), new Float32Array(1000), "Clear memory in alloc");
      }
    },
  },
  {
    name: "alloc: buffers do not overlap",
    run: async () => {
      const buffers = Array.from({ length: 20 }, (_, k) => backend.write("float32", new Float32Array(33).fill(k)));
      for (const [k, buffer] of buffers.entries()) await expectRead(`read of buffer ${k}`, backend, line(buffer, "float32", 33), new Float32Array(33).fill(k), "Give each buffer memory of its own");
    },
  },
  {
    name: "kernels run in the order of their calls",
    run: async () => {
      const double = program(1, (x) => x.mul(2));
      let x = input(backend, [3], { data: [1, 2, 3] });
      for (let round = 0; round < 10; round++) {
        const next = output(backend, [3]);
        backend.map(double, [x], [next], []);
        x = next;
      }
      await expectRead("ten doublings", backend, x, [1024, 2048, 3072], "Queue kernels in order");
    },
  },
  ...freeChecks(backend),
];

function readSyncCheck(backend: Backend): Check {
  return {
    name: "readSync: agrees with read and with capabilities",
    run: async () => {
      if (!backend.capabilities.readSync) throw new CheckError("capabilities", "readSync exists but is not declared", "Declare it");
      const x = input(backend, [2, 3], { layout: "transposed" });
      const data = backend.readSync?.(x) ?? [];
      await expectRead("readSync of a transposed view", backend, x, data, "Let both read the same way");
    },
  };
}
