import { contiguousView, createReferenceBackend, reshaped, sizeOf } from "@dl/tensor";
import type { Backend, View } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { counted, failures, messages, narrowed, pooled, queued } from "./faulty.js";
import { naiveBackend } from "./naive.js";

const reference = createReferenceBackend();

const floatsOf = ({ buffer }: View): Float32Array => (buffer instanceof Float32Array ? buffer : new Float32Array(0));

/** A float32 view as a contiguous copy in which NaN of every fourth column is lost. */
const withLostLane = (view: View): View => {
  const columns = view.shape[view.shape.length - 1];
  const isLost = (value: number, at: number): boolean => Number.isNaN(value) && (at % columns) % 4 === 3;
  return contiguousView(Float32Array.from(reference.readSync?.(view) ?? [], (value, at) => (isLost(value, at) ? -Infinity : value)), "float32", view.shape);
};

type Fault = readonly [backend: Backend, check: string, message: string | RegExp];

const faults: Readonly<Record<string, Fault>> = {
  "wrong results only for sizes that four does not divide": [
    {
      ...reference,
      map: (program, inputs, outs, scalars) => {
        reference.map(program, inputs, outs, scalars);
        for (const out of outs) floatsOf(out).fill(0, sizeOf(out.shape) - (sizeOf(out.shape) % 4));
      },
    },
    "map: odd shapes",
    /map: odd shapes: \[1\], one input .* the element at \[0\] is 0/,
  ],
  "a product without terms is not written": [
    { ...reference, matmul: (a, b, out, offset) => { if (sizeOf(a.shape) > 0) reference.matmul(a, b, out, offset); } },
    "matmul: [3, 0] times [0, 4]",
    "the element at [0, 0] is NaN, not 0",
  ],
  "NaN swallowed in max": [naiveBackend({ primitives: { max: (a, b) => (a > b ? a : b) } }), "map: max of NaN", "not NaN"],
  "NaN leaks out of the branch that is not taken": [
    naiveBackend({ primitives: { select: (condition, yes, no) => (condition === 0 ? 0 : 1) * yes + (condition === 0 ? 1 : 0) * no } }),
    "map: select of NaN",
    "is NaN, not",
  ],
  "NaN swallowed in one lane of a maximum": [
    {
      ...reference,
      reduce: (kind, program, inputs, scalars, dims, out) => {
        reference.reduce(kind, program, kind === "max" && program === null ? inputs.map(withLostLane) : inputs, scalars, dims, out);
      },
    },
    "reduce: max of lines along dim 1",
    "not NaN",
  ],
  "sums of long lines drift": [
    {
      ...reference,
      reduce: (kind, program, inputs, scalars, dims, out) => {
        if (kind !== "sum" || sizeOf(inputs[0].shape) < 2 ** 22) reference.reduce(kind, program, inputs, scalars, dims, out);
        else floatsOf(out)[out.offset] = floatsOf(inputs[0]).reduce((a, b) => Math.fround(a + b), 0);
      },
    },
    "reduce: sum of 16 M floats",
    "the element at [] is",
  ],
  "wrong gradients only where an input is stretched": [
    {
      ...reference,
      reduce: (kind, program, [x, ...others], scalars, dims, out) => {
        const isBatch = kind === "sum" && program === null && dims.length === 1 && dims[0] === 0 && x.shape.length > 1;
        reference.reduce(kind, program, [isBatch ? reshaped(x, x.shape.with(0, Math.min(1, x.shape[0])), x.strides) : x, ...others], scalars, dims, out);
      },
    },
    "add (example",
    /^gradient \d of add/,
  ],
  "reads that wait until somebody awaits them": [
    {
      ...reference,
      read: async (view) => {
        await Promise.resolve();
        return reference.read(view);
      },
    },
    "read: gives the values of its moment, though kernels write on",
    /read \d+: the element at \[\d\] is/,
  ],
  "a freed buffer whose read is still under way": [
    {
      ...reference,
      read: async (view) => {
        await Promise.resolve();
        return reference.read(view);
      },
      free: (buffer) => { if (buffer instanceof Float32Array) buffer.fill(-1); },
    },
    "read: gives the values of its moment, though the buffer is freed",
    "is -1, not",
  ],
  "memory freed under a kernel that is still queued": [queued(), "free: kernels called before have their input", "is NaN, not"],
  "memory freed twice has two owners": [pooled(), "free: a second time does nothing", "the buffer of"],
  "a freed buffer shows the values of another": [pooled(), "read: a freed buffer shows nobody else's values", "the element at [0] is 2, not 1"],
  "memory that is never counted down": [{ ...counted(), free: () => undefined }, "memory: counts", "after they are freed"],
  "an allocation that fails with an error of the engine": [
    { ...reference, alloc: (dtype, size) => (dtype === "float32" ? new Float32Array(size) : reference.alloc(dtype, size)) },
    "alloc: what no memory holds",
    "RangeError: Invalid typed array length: 35184372088832, which is no BackendError",
  ],
  "sizes in bytes that wrap around in 32 bits": [
    { ...reference, alloc: (dtype, size) => reference.alloc(dtype, ((size * 4) % 2 ** 32) / 4) },
    "alloc: what no memory holds",
    "it does not throw a BackendError",
  ],
  "an undeclared dtype that is taken all the same": [
    { ...narrowed(["float32", "int32"]), alloc: (dtype, size) => reference.alloc(dtype, size) },
    "alloc: refuses float64",
    "it does not throw a BackendError or DTypeError",
  ],
};

describe("planted faults (SYS-03)", () => {
  test.each(Object.entries(faults))("%s", async (_, [backend, check, message]) => {
    const found = messages(await failures(backend, check));
    expect(found.length).toBeGreaterThan(0);
    for (const text of found) expect(text).toMatch(message);
  });

  test("a plain error where a kernel meets another backend's buffer", async () => {
    const careless: Backend = {
      ...reference,
      map: (program, inputs, outs, scalars) => {
        if (inputs.some(({ buffer }) => !ArrayBuffer.isView(buffer))) throw new Error("undefined is not a buffer");
        reference.map(program, inputs, outs, scalars);
      },
      gather: (x, index, dim, out) => { if (ArrayBuffer.isView(x.buffer)) reference.gather(x, index, dim, out); },
    };
    expect(messages(await failures(careless, "map: another"))).toEqual([expect.stringContaining("Error: undefined is not a buffer, which is no BackendError")]);
    expect(messages(await failures(careless, "gather: another"))).toEqual([expect.stringContaining("it does not throw a BackendError")]);
  });

  test("memory left behind by each call", async () => {
    const tidy = counted();
    const leaking: Backend = {
      ...tidy,
      matmul: (a, b, out, offset) => {
        tidy.alloc("float32", 8);
        tidy.matmul(a, b, out, offset);
      },
    };
    expect(await failures(tidy, "matmul: leaves no memory behind")).toEqual([]);
    expect(messages(await failures(leaking, "matmul: leaves no memory behind"))).toEqual([expect.stringContaining("buffers of")]);
    expect(await failures(leaking, "map: leaves no memory behind")).toEqual([]);
  });

  test("memory handed out again while it is in use", async () => {
    const recent = new Map<number, Float32Array[]>();
    const recycling: Backend = {
      ...reference,
      alloc: (dtype, size) => {
        if (dtype !== "float32") return reference.alloc(dtype, size);
        const ring = recent.get(size) ?? [];
        recent.set(size, ring);
        const buffer = ring.length < 100 ? new Float32Array(size) : (ring.shift() ?? new Float32Array(size)).fill(0);
        ring.push(buffer);
        return buffer;
      },
    };
    expect(await failures(recycling, "add (example")).toEqual([]);
    expect((await failures(recycling, "training")).length).toBeGreaterThan(0);
  });

  test("bits of a training that change from run to run", async () => {
    let calls = 0;
    const shaky: Backend = {
      ...reference,
      reduce: (...args) => {
        reference.reduce(...args);
        if (args[0] === "sum" && calls++ % 1000 === 0) floatsOf(args[5])[args[5].offset] *= 1 + 1e-6;
      },
    };
    expect(messages(await failures(shaky, "training: an MLP"))).toEqual([expect.stringContaining("The same calls must give the same bits")]);
  });
});
