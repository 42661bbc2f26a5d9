import { Program, contiguousView, createReferenceBackend, inputExpr, reshaped, sizeOf } from "@dl/tensor";
import type { Backend } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { runChecks } from "../check.js";
import type { Check } from "../check.js";
import { bindSuite } from "../vitest.js";
import { testBackend } from "./backend.js";
import { asynchronous, failures, messages, narrowed, suite } from "./faulty.js";
import { naiveBackend } from "./naive.js";
import type { Address } from "./naive.js";

// The reference backend is the oracle of all others; its own oracle is the contract, spelled out index by index.
// Index by index a training takes long and tells nothing that its kernels do not.
const againstNaive = (await testBackend(createReferenceBackend, { oracle: naiveBackend() })).filter(({ name }) => !name.startsWith("training"));
bindSuite("the reference backend against the naive one (SYS-03)", againstNaive);

const naive = naiveBackend();
/** The reference backend leaves the optional kernels to the host; this one has them. Buffers of both are typed arrays. */
const equipped: Backend = {
  ...createReferenceBackend(),
  sort: (...args) => naive.sort?.(...args),
  cumulative: (...args) => naive.cumulative?.(...args),
  convolve: (...args) => naive.convolve?.(...args),
  convolveInput: (...args) => naive.convolveInput?.(...args),
  convolveWeight: (...args) => naive.convolveWeight?.(...args),
  maxPool: (...args) => naive.maxPool?.(...args),
  maxPoolGradient: (...args) => naive.maxPoolGradient?.(...args),
  sumPool: (...args) => naive.sumPool?.(...args),
  sumPoolGradient: (...args) => naive.sumPoolGradient?.(...args),
  softmax: (...args) => naive.softmax?.(...args),
  softmaxGradient: (...args) => naive.softmaxGradient?.(...args),
  standardize: (...args) => naive.standardize?.(...args),
  standardizeGradient: (...args) => naive.standardizeGradient?.(...args),
  attend: (...args) => naive.attend?.(...args),
};
/** Ops that call an optional kernel where there is one. */
const usesOptional = /^(conv\w*|sort|argsort|cumsum|\w*[mM]axPool\dd|avgPool\dd|lpPool\dd|softmax|logSoftmax|\w+Norm|scaledDotProductAttention) \(/;
bindSuite("the optional kernels in their plainest form, called by ops", (await testBackend(() => equipped)).filter(({ name }) => usesOptional.test(name)));

bindSuite("a backend that is read asynchronously, without optional kernels, one output at a time (SYS-03)", await testBackend(asynchronous));

describe("planted faults in backends (SYS-03)", () => {
  test("a backend that ignores strides", async () => {
    const rowMajor: Address = ({ shape, offset }, index) => index.reduce((at, i, d) => at * shape[d] + i, 0) + offset;
    const backend = naiveBackend({ address: rowMajor });
    expect(messages(await failures(backend, "map: adds a transposed input"))).toEqual([expect.stringContaining("the element at [0, 0, 1] is NaN")]);
    expect(messages(await failures(backend, "map: adds a stretched input"))).toEqual([expect.stringContaining("the element at [1, 0, 0] is")]);
    expect(await failures(backend, "map: adds a contiguous input")).toEqual([]);
    expect(await failures(backend, "copy: a transposed source")).toHaveLength(2);
    expect((await failures(backend, "matmul: a transposed matrix")).length).toBeGreaterThan(0);
  });

  test("a backend that ignores offsets", async () => {
    const fromStart: Address = ({ strides }, index) => index.reduce((at, i, d) => at + i * strides[d], 0);
    expect(await failures(naiveBackend({ address: fromStart }), "map: adds a offset input")).toHaveLength(1);
  });

  test("a backend that mis-sums, adding up in float32", async () => {
    const sum = (values: readonly number[]): number => values.reduce((a, b) => Math.fround(a + b), 0);
    expect(messages(await failures(naiveBackend({ sum }), "reduce: sum of 1 M floats in a line"))).toEqual([expect.stringMatching(/element at \[\] is 100958\.\d+, not 100000/)]);
  });

  test("a backend that mis-sums, leaving out the last element", async () => {
    const sum = (values: readonly number[]): number => values.slice(0, -1).reduce((a, b) => a + b, 0);
    expect((await failures(naiveBackend({ sum }), "reduce: sum over dims [0]")).length).toBeGreaterThan(0);
    expect((await failures(naiveBackend({ sum }), "matmul: a contiguous matrix")).length).toBeGreaterThan(0);
  });

  const reference = createReferenceBackend();
  const faults: Record<string, [part: Partial<Backend>, check: string]> = {
    "keeps the caller's array": [{ write: (_, data) => data }, "write: copies its argument"],
    "alloc hands out used memory": [{ alloc: (dtype, size) => (dtype === "float32" ? new Float32Array(size).fill(7) : reference.alloc(dtype, size)) }, "alloc: gives zeros"],
    "scatterAdd drops repeated indices": [
      {
        scatterAdd: (index, src, dim, out) => {
          const view = { buffer: reference.alloc(out.dtype, out.shape.reduce((a, b) => a * b, 1)), dtype: out.dtype, shape: out.shape, strides: out.strides, offset: 0 };
          reference.scatterAdd(index, src, dim, view);
          reference.copy(src, { ...out, shape: src.shape });
        },
      },
      "scatterAdd: repeated indices along dim 0",
    ],
    "max loses NaN": [
      { reduce: (kind, program, inputs, scalars, dims, out) => { reference.reduce(kind === "max" ? "min" : kind, program, inputs, scalars, dims, out); } },
      "reduce: max of rows with NaN",
    ],
    "sort only ascends": [{ sort: (x, dim, _, values, indices) => equipped.sort?.(x, dim, false, values, indices) }, "sort: values of rows with NaN"],
    "sort turns equal elements around": [
      {
        sort: (x, dim, descending, values, indices) => {
          const [length, step] = [x.shape[dim], x.strides[dim]];
          const { buffer, dtype, shape, strides, offset } = x;
          equipped.sort?.({ buffer, dtype, shape, strides: strides.with(dim, -step), offset: offset + (length - 1) * step }, dim, descending, values, indices);
          if (indices.buffer instanceof Int32Array) indices.buffer.forEach((position, i, all) => { all[i] = length - 1 - position; });
        },
      },
      "sort: indices of 300 elements of 5 values keep their order",
    ],
    "cumulative runs along the last dim only": [
      { cumulative: (kind, x, _, out) => equipped.cumulative?.(kind, x, x.shape.length - 1, out) },
      "cumulative: sum along dim 0",
    ],
    "a convolution without borders": [
      { convolve: (x, w, out, geometry) => equipped.convolve?.(x, w, out, { ...geometry, padding: geometry.padding.map(() => [0, 0]) }) },
      "convolve: images with a border of zeros",
    ],
    "a convolution's weight gradient that reads inputs as they lie": [
      { convolveWeight: (x, y, out, geometry) => equipped.convolveWeight?.({ ...contiguousView(x.buffer, x.dtype, x.shape), offset: x.offset }, y, out, geometry) },
      "convolveWeight: transposed with contiguous operands",
    ],
    "a convolution's input gradient that adds to what was there": [
      {
        convolveInput: (y, w, out, geometry) => {
          const fresh = contiguousView(reference.alloc("float32", sizeOf(out.shape)), "float32", out.shape);
          equipped.convolveInput?.(y, w, fresh, geometry);
          reference.map(new Program([inputExpr(0).add(inputExpr(1))], 2, 0), [fresh, contiguousView(reference.readSync?.(out) ?? fresh.buffer, "float32", out.shape)], [out], []);
        },
      },
      "convolveInput: lines",
    ],
    "several maps at once that all take the scalars of the first": [
      { mapEach: (program, calls) => { for (const { inputs, outs } of calls) reference.map(program, inputs, outs, calls[0].scalars); } },
      "mapEach: call 2 of several, output 0",
    ],
    "causal attention that sees all keys": [
      {
        attend: (query, key, value, scale, _, out, logTotals) => {
          equipped.attend?.(query, key, value, scale, false, out, logTotals);
        },
      },
      "attend: output of 17 queries and 17 keys",
    ],
    "a pool takes the last of equal elements": [
      {
        maxPool: (x, lattice, values, positions) => {
          equipped.maxPool?.(x, lattice, values, positions);
          const plane = sizeOf(x.shape.slice(2));
          const [elements, best] = [reference.readSync?.(x) ?? [], reference.readSync?.(values) ?? []];
          if (positions.buffer instanceof Int32Array) positions.buffer.forEach((at, k, all) => { if (at + 1 < plane && elements[at + 1] === best[k]) all[k] = at + 1; });
        },
      },
      "maxPool: positions of equal elements",
    ],
    "softmax forgets the last element of a line": [
      {
        softmax: (x, logarithm, out) => {
          const short = x.shape[x.shape.length - 1] - 1;
          if (short > 0) equipped.softmax?.(reshaped(x, x.shape.with(-1, short), x.strides), logarithm, reshaped(out, out.shape.with(-1, short), out.strides));
        },
      },
      "softmax: lines of 17",
    ],
    "standardize divides the variance by one element less": [
      {
        standardize: (x, eps, y, mean, variance) => {
          equipped.standardize?.(x, eps, y, mean, variance);
          const count = sizeOf(x.shape) / x.shape[1];
          if (variance.buffer instanceof Float32Array) variance.buffer.forEach((value, i, all) => { all[i] = (value * count) / (count - 1); });
        },
      },
      "standardize: variance of [1, 5, 4]",
    ],
    "cumulative max loses NaN": [
      { cumulative: (kind, x, dim, out) => equipped.cumulative?.(kind === "max" ? "min" : kind, x, dim, out) },
      "cumulative: max of rows with NaN",
    ],
  };

  test.each(Object.entries(faults))("%s", async (_, [part, check]) => {
    expect(await failures(equipped, check)).toEqual([]);
    expect((await failures({ ...equipped, ...part }, check)).length).toBeGreaterThan(0);
  });

  test("kernels that give other bits every time", async () => {
    let calls = 0;
    const shaky: Backend = {
      ...reference,
      matmul: (a, b, out, offset) => {
        reference.matmul(a, b, out, offset);
        if (ArrayBuffer.isView(out.buffer)) new DataView(out.buffer.buffer).setInt8(0, calls++ % 2);
      },
    };
    const found = await failures(shaky, "matmul: [9, 1] times [1, 9]");
    expect(messages(found)).toEqual([expect.stringContaining("The same call must give the same bits")]);
  });
});

describe("what concerns a backend", () => {
  const narrow = narrowed(["float32", "int32", "bool"]);

  test("checks of undeclared dtypes are outside of its suite", async () => {
    const names = (await suite(narrow)).map(({ name }) => name);
    expect(names).toContain("write and read: every bit of float32");
    expect(names).not.toContain("write and read: every bit of float64");
    expect(await failures(narrow)).toEqual([]);
  });

  test("optional kernels that it lacks are outside of its suite", async () => {
    const kernels = (checks: readonly Check[]): Set<string> => new Set(checks.map(({ name }) => name.split(":")[0]));
    expect([...kernels(await suite(equipped))]).toEqual(expect.arrayContaining(["sort", "cumulative"]));
    expect([...kernels(await suite(createReferenceBackend()))]).not.toContain("sort");
    expect([...kernels(await suite(createReferenceBackend()))]).not.toContain("cumulative");
  });

  test("refusals that look at values are outside of its suite where it cannot be read at once", async () => {
    const refusals = async (backend: Backend): Promise<number> => (await suite(backend)).filter(({ name }) => name.startsWith("gather (") && name.endsWith("refuses bad input")).length;
    expect(await refusals(createReferenceBackend())).toBe((await refusals(asynchronous())) + 1);
  });

  test("float32 must be declared", async () => {
    const wide: Backend = { ...createReferenceBackend(), capabilities: { dtypes: ["float64"], readSync: true, maxOutputs: 1 } };
    await expect(suite(wide)).rejects.toThrow('backend "reference" does not declare float32');
  });

  test("a factory that is not available is refused", async () => {
    const factory = { name: "gone", isAvailable: () => false, create: createReferenceBackend };
    await expect(testBackend(() => factory)).rejects.toThrow('backend "gone" is not available here');
  });
});

describe("skips", () => {
  test("are reported with their reason", async () => {
    const checks = await suite(createReferenceBackend(), { skip: [{ op: "scatterAdd", reason: "no atomics" }] });
    const skipped = (await runChecks(checks.filter(({ name }) => name.startsWith("scatterAdd")))).filter(({ outcome }) => outcome === "skipped");
    expect(skipped.length).toBeGreaterThan(5);
    expect(new Set(skipped.map(({ message }) => message))).toEqual(new Set(["no atomics"]));
  });

  test("need a reason", async () => {
    await expect(suite(createReferenceBackend(), { skip: [{ op: "gather", reason: " " }] })).rejects.toThrow('the skip of "gather" has no reason');
  });

  test("must leave something out", async () => {
    await expect(suite(createReferenceBackend(), { skip: [{ op: "gathr", reason: "typo" }] })).rejects.toThrow('unknown op to skip "gathr". Did you mean "gather"?');
  });
});
