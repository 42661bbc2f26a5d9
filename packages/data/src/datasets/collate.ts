import { checkOptions, DTypeError, ShapeError, ValueError } from "@dl/registry";
import { newArray, sameShape, showShape, sizeOf, stack, tensor, type DType, type HostArray, type Tensor, type TypedArray } from "@dl/tensor";
import type { Collated } from "./collated.js";
import { describe, partOf, valuesOf, type Part } from "./kinds.js";

export interface CollateOptions {
  /** The dtype of a field by its name, such as `{ label: "int32" }`; the name of a field inside of another is `outer.inner`. */
  readonly dtypes?: Readonly<Record<string, DType>>;
}

/** Where a value stands in the samples: "" is the sample itself. */
interface Place {
  readonly path: string;
  readonly dtypes: Readonly<Record<string, DType>>;
}

const named = ({ path }: Place, sample: number): string => (path === "" ? `sample ${sample}` : `"${path}" of sample ${sample}`);

const inside = ({ path, dtypes }: Place, key: string | number): Place => ({ path: path === "" ? String(key) : `${path}.${key}`, dtypes });

function checkShapes(place: Place, shapes: readonly (readonly number[])[]): void {
  const odd = shapes.findIndex((shape) => !sameShape(shape, shapes[0]));
  if (odd < 0) return;
  throw new ShapeError("collate", `${named(place, odd)} has shape ${showShape(shapes[odd])}, ${named(place, 0)} has ${showShape(shapes[0])}`, "Pad them to one shape, or give a collate function of your own", {
    sample: odd,
    path: place.path,
    shapes: [shapes[0], shapes[odd]],
  });
}

function stackArrays(place: Place, arrays: readonly HostArray[]): Tensor {
  const [{ dtype, shape }] = arrays;
  checkShapes(place, arrays.map((array) => array.shape));
  const other = arrays.findIndex((array) => array.dtype !== dtype);
  if (other >= 0) {
    throw new DTypeError("collate", `${named(place, other)} is ${arrays[other].dtype}, ${named(place, 0)} is ${dtype}`, "Give samples of one dtype", { sample: other, path: place.path });
  }
  const size = sizeOf(shape);
  const data = newArray(dtype, arrays.length * size);
  arrays.forEach((array, i) => data.set(array.data, i * size));
  return tensor(data, { shape: [arrays.length, ...shape], dtype: Object.hasOwn(place.dtypes, place.path) ? place.dtypes[place.path] : dtype });
}

const ofTyped = (data: TypedArray): HostArray => ({ dtype: tensor(data.subarray(0, 0)).dtype, shape: [data.length], data });
const ofNumbers = (values: readonly number[]): HostArray => ({ dtype: "float32", shape: [values.length], data: Float32Array.from(values) });
const ofScalar = (value: number, dtype: "float32" | "bool"): HostArray => ({ dtype, shape: [], data: dtype === "bool" ? Uint8Array.of(value) : Float32Array.of(value) });

/** The parts of one kind, as the first sample has it. */
function partsOf(place: Place, values: readonly unknown[]): readonly Part[] {
  const first = partOf(values[0]);
  return values.map((value, i) => {
    const part = partOf(value);
    if (part !== undefined && part.kind === first?.kind) return part;
    const fact = first === undefined ? `${named(place, 0)} is of type ${describe(values[0])}` : `${named(place, i)} is of type ${describe(value)}, ${named(place, 0)} is of type ${first.kind}`;
    throw new ValueError("collate", fact, "Give numbers, truth values, strings, arrays, tensors, or lists and plain objects of them, the same in every sample", { sample: i, path: place.path });
  });
}

function joinLists(place: Place, lists: readonly (readonly unknown[])[]): unknown[] {
  checkShapes(place, lists.map(({ length }) => [length]));
  return lists[0].map((_, k) => join(inside(place, k), lists.map((list) => list[k])));
}

function joinRecords(place: Place, records: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown> {
  const keys = Object.keys(records[0]);
  const odd = records.findIndex((record) => Object.keys(record).length !== keys.length || keys.some((key) => !Object.hasOwn(record, key)));
  if (odd >= 0) {
    throw new ValueError("collate", `${named(place, odd)} has the fields ${Object.keys(records[odd]).join(", ")}, ${named(place, 0)} has ${keys.join(", ")}`, "Give every sample the same fields", {
      sample: odd,
      path: place.path,
    });
  }
  return Object.fromEntries(keys.map((key) => [key, join(inside(place, key), records.map((record) => record[key]))]));
}

function stackTensors(place: Place, tensors: readonly Tensor[]): Tensor {
  checkShapes(place, tensors.map(({ shape }) => shape));
  const joined = stack([...tensors]);
  return Object.hasOwn(place.dtypes, place.path) ? joined.to(place.dtypes[place.path]) : joined;
}

function join(place: Place, values: readonly unknown[]): unknown {
  const parts = partsOf(place, values);
  switch (parts[0].kind) {
    case "number":
      return stackArrays(place, valuesOf(parts, "number").map((value) => ofScalar(value, "float32")));
    case "boolean":
      return stackArrays(place, valuesOf(parts, "boolean").map((value) => ofScalar(Number(value), "bool")));
    case "string":
      return valuesOf(parts, "string");
    case "tensor":
      return stackTensors(place, valuesOf(parts, "tensor"));
    case "array":
      return stackArrays(place, valuesOf(parts, "array"));
    case "typed array":
      return stackArrays(place, valuesOf(parts, "typed array").map(ofTyped));
    case "list of numbers":
      return stackArrays(place, valuesOf(parts, "list of numbers").map(ofNumbers));
    case "list":
      return joinLists(place, valuesOf(parts, "list"));
    case "object":
      return joinRecords(place, valuesOf(parts, "object"));
  }
}

/** `collate` where the type of the result is the caller's to know. */
export function collateValues(samples: readonly unknown[], { dtypes = {} }: CollateOptions = {}): unknown {
  if (samples.length === 0) throw new ValueError("collate", "there are no samples", "Give at least one");
  return join({ path: "", dtypes }, samples);
}

/**
 * One batch of several samples, as PyTorch's `default_collate` joins them:
 *
 * - numbers → a float32 tensor [N], truth values → bool [N]
 * - typed arrays, lists of numbers, host arrays and tensors → stacked along a new first dim, [N, …]
 * - strings → a list of them
 * - plain objects → an object of what their fields give; other lists likewise, by position
 *
 * @throws ShapeError for unequal shapes, DTypeError for unequal dtypes and ValueError for anything else that cannot be joined, naming the sample
 */
export const collate = <Sample>(samples: readonly Sample[]): Collated<Sample> => collateValues(samples) as Collated<Sample>;

/**
 * `collate` with dtypes of its own for some fields: `createCollate({ dtypes: { label: "int32" } })`.
 * Numbers become float32 otherwise, whatever their values, so that every batch has the same dtypes.
 */
export function createCollate(options: CollateOptions): typeof collate {
  checkOptions("createCollate", options, ["dtypes"]);
  return <Sample>(samples: readonly Sample[]) => collateValues(samples, options) as Collated<Sample>;
}
