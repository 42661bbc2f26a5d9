import { showShape, sizeOf } from "@dl/tensor";
import type { Backend, CumulativeKind, DType, DeviceBuffer, View } from "@dl/tensor";
import { CheckError } from "./check.js";

type Shape = readonly number[];

const mend = "Mend the op's shape rule, or how its forward calls the backend";

function require(holds: boolean, where: string, fact: string): void {
  if (!holds) throw new CheckError(where, fact, mend);
}

const same = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, d) => size === b[d]);

function requireShape(where: string, what: string, view: View, wanted: Shape): void {
  require(same(view.shape, wanted), where, `${what} has shape ${showShape(view.shape)}, the kernel fits ${showShape(wanted)}`);
}

function requireDType(where: string, what: string, view: View, wanted: DType): void {
  require(view.dtype === wanted, where, `${what} is ${view.dtype}, the kernel gives ${wanted}`);
}

/** First and last element of the buffer that a view reaches. */
function reach({ shape, strides, offset }: View): readonly [first: number, last: number] {
  let [first, last] = [offset, offset];
  shape.forEach((size, d) => {
    const span = (size - 1) * strides[d];
    if (span < 0) first += span;
    else last += span;
  });
  return [first, last];
}

function isRowMajor({ shape, strides }: View): boolean {
  let expected = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] !== 1 && strides[d] !== expected) return false;
    expected *= shape[d];
  }
  return true;
}

/** Knows the size of every buffer it has given out, and so which views are honest. */
class Ledger {
  private readonly sizes = new WeakMap<DeviceBuffer, number>();

  enter(buffer: DeviceBuffer, size: number): DeviceBuffer {
    this.sizes.set(buffer, size);
    return buffer;
  }

  requireView(where: string, what: string, view: View): void {
    const size = this.sizes.get(view.buffer);
    if (size === undefined) throw new CheckError(where, `${what} is no buffer of this backend`, "Make helper tensors on the backend of the inputs");
    require(view.shape.length === view.strides.length, where, `${what} has ${view.shape.length} dims but ${view.strides.length} strides`);
    if (sizeOf(view.shape) === 0) return;
    const [first, last] = reach(view);
    require(first >= 0 && last < size, where, `${what} of shape ${showShape(view.shape)} reaches elements ${first} to ${last} of a buffer of ${size}`);
  }

  requireInputs(where: string, views: readonly View[]): void {
    views.forEach((view, i) => { this.requireView(where, `input ${i}`, view); });
  }

  /** Outputs are row-major and share no memory with inputs. */
  requireOutputs(where: string, outs: readonly View[], inputs: readonly View[]): void {
    outs.forEach((out, k) => {
      this.requireView(where, `output ${k}`, out);
      if (sizeOf(out.shape) === 0) return;
      require(isRowMajor(out), where, `output ${k} of shape ${showShape(out.shape)} is not contiguous`);
      const [from, to] = reach(out);
      const clash = inputs.findIndex((input) => {
        if (input.buffer !== out.buffer || sizeOf(input.shape) === 0) return false;
        const [first, last] = reach(input);
        return first <= to && from <= last;
      });
      require(clash === -1, where, `output ${k} overlaps input ${clash}`);
    });
  }
}

/**
 * A backend that checks what the contract promises to backends: shapes that fit the kernel, views inside of their buffers,
 * outputs that are contiguous and disjoint from inputs. It shows up a shape rule that disagrees with its kernel.
 */
export function guarded(inner: Backend): Backend {
  const ledger = new Ledger();
  const readSync = inner.readSync?.bind(inner);
  const sort = inner.sort?.bind(inner);
  const cumulative = inner.cumulative?.bind(inner);
  return {
    name: `guarded ${inner.name}`,
    capabilities: inner.capabilities,
    alloc: (dtype, size) => {
      require(Number.isSafeInteger(size) && size >= 0, "alloc", `the size is ${size}`);
      return ledger.enter(inner.alloc(dtype, size), size);
    },
    write: (dtype, data) => ledger.enter(inner.write(dtype, data), data.length),
    read: (view) => {
      ledger.requireInputs("read", [view]);
      return inner.read(view);
    },
    ...(readSync && {
      readSync: (view: View) => {
        ledger.requireInputs("readSync", [view]);
        return readSync(view);
      },
    }),
    free: (buffer) => { inner.free(buffer); },

    map: (program, inputs, outs, scalars) => {
      ledger.requireInputs("map", inputs);
      ledger.requireOutputs("map", outs, inputs);
      require(inputs.length === program.numInputs, "map", `got ${inputs.length} inputs for a program of ${program.numInputs}`);
      require(scalars.length === program.numScalars, "map", `got ${scalars.length} scalars for a program of ${program.numScalars}`);
      require(outs.length === program.outputs.length, "map", `got ${outs.length} outputs for a program of ${program.outputs.length}`);
      inputs.forEach((input, i) => { requireShape("map", `input ${i}`, input, outs[0].shape); });
      const { outputs } = program.typing(inputs, scalars.every(Number.isInteger));
      outs.forEach((out, k) => {
        requireShape("map", `output ${k}`, out, outs[0].shape);
        requireDType("map", `output ${k}`, out, outputs[k]);
      });
      inner.map(program, inputs, outs, scalars);
    },
    reduce: (kind, program, inputs, scalars, dims, out) => {
      ledger.requireInputs("reduce", inputs);
      ledger.requireOutputs("reduce", [out], inputs);
      const { shape } = inputs[0];
      inputs.forEach((input, i) => { requireShape("reduce", `input ${i}`, input, shape); });
      requireShape("reduce", "the output", out, shape.filter((_, d) => !dims.includes(d)));
      if (kind === "argmax" || kind === "argmin") requireDType("reduce", "the output", out, "int32");
      inner.reduce(kind, program, inputs, scalars, dims, out);
    },
    matmul: (a, b, out, offset) => {
      const inputs = offset === undefined ? [a, b] : [a, b, offset];
      ledger.requireInputs("matmul", inputs);
      ledger.requireOutputs("matmul", [out], inputs);
      if (offset !== undefined) requireShape("matmul", "the offset", offset, out.shape);
      require(a.shape.length >= 2 && b.shape.length >= 2, "matmul", `operands of shapes ${showShape(a.shape)} and ${showShape(b.shape)} are no matrices`);
      const [rows, inner1] = a.shape.slice(-2);
      const [inner2, columns] = b.shape.slice(-2);
      require(inner1 === inner2, "matmul", `${showShape(a.shape)} times ${showShape(b.shape)}: inner sizes differ`);
      requireShape("matmul", "operand b", b, [...a.shape.slice(0, -2), inner2, columns]);
      requireShape("matmul", "the output", out, [...a.shape.slice(0, -2), rows, columns]);
      inner.matmul(a, b, out, offset);
    },
    gather: (x, index, dim, out) => {
      ledger.requireInputs("gather", [x, index]);
      ledger.requireOutputs("gather", [out], [x, index]);
      requireShape("gather", "the output", out, index.shape);
      requireDType("gather", "the output", out, x.dtype);
      inner.gather(x, index, dim, out);
    },
    scatterAdd: (index, src, dim, out) => {
      ledger.requireInputs("scatterAdd", [index, src]);
      ledger.requireOutputs("scatterAdd", [out], [index, src]);
      requireShape("scatterAdd", "src", src, index.shape);
      inner.scatterAdd(index, src, dim, out);
    },
    copy: (source, target) => {
      ledger.requireInputs("copy", [source, target]);
      requireShape("copy", "the target", target, source.shape);
      requireDType("copy", "the target", target, source.dtype);
      inner.copy(source, target);
    },
    ...(sort && {
      sort: (x: View, dim: number, descending: boolean, values: View, indices: View) => {
        ledger.requireInputs("sort", [x]);
        ledger.requireOutputs("sort", [values, indices], [x]);
        requireShape("sort", "the values", values, x.shape);
        requireDType("sort", "the values", values, x.dtype);
        requireShape("sort", "the indices", indices, x.shape);
        requireDType("sort", "the indices", indices, "int32");
        sort(x, dim, descending, values, indices);
      },
    }),
    ...(cumulative && {
      cumulative: (kind: CumulativeKind, x: View, dim: number, out: View) => {
        ledger.requireInputs("cumulative", [x]);
        ledger.requireOutputs("cumulative", [out], [x]);
        requireShape("cumulative", "the output", out, x.shape);
        requireDType("cumulative", "the output", out, x.dtype);
        cumulative(kind, x, dim, out);
      },
    }),
  };
}
