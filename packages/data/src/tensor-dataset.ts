import { checkOptions, DTypeError, ShapeError } from "@dl/registry";
import { currentBackend, isTensor, sameShape, showShape, sizeOf, tensor, type Backend, type HostArray, type Tensor, type TypedArray } from "@dl/tensor";
import { unitScale } from "./codecs/unit-scale.js";
import { checkIndices, checkTake } from "./dataset.js";
import { MapDataset } from "./datasets/map-dataset.js";

/** Inputs and targets of the same samples; the first dim of each is the batch. */
export interface Batch {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** One sample on the host, without the batch dim; its numbers are the data set's own: read them only. */
export interface TensorSample {
  readonly x: HostArray;
  readonly y: HostArray;
}

export interface TensorDatasetOptions {
  /**
   * Keep inputs as bytes, a quarter of the memory, and give them as float32 in 0..1 (divided by 255) when they are asked for.
   * Default false: they are given as they are.
   */
  readonly bytesAsUnit?: boolean;
}

const hostArray = (field: HostArray | Tensor): HostArray =>
  isTensor(field) ? { dtype: field.dtype, shape: field.shape, data: field.dataSync() } : field;

function checkField(name: string, { shape, data }: HostArray): void {
  if (shape.length === 0) throw new ShapeError("TensorDataset", `${name} is a single number`, "Its first dim must count the samples", { name });
  if (sizeOf(shape) !== data.length) {
    throw new ShapeError("TensorDataset", `${name} has ${data.length} elements for shape ${showShape(shape)}`, "Give the shape of the data", { name, shape });
  }
}

const sameKind = (data: TypedArray, size: number): TypedArray => new (data.constructor as new (size: number) => TypedArray)(size);

function copyRows({ dtype, shape, data }: HostArray, rows: ArrayLike<number>): HostArray {
  const rest = shape.slice(1);
  const size = sizeOf(rest);
  const out = sameKind(data, rows.length * size);
  for (let i = 0; i < rows.length; i++) out.set(data.subarray(rows[i] * size, (rows[i] + 1) * size), i * size);
  return { dtype, shape: [rows.length, ...rest], data: out };
}

/** Rows from `start` to `end`, sharing memory. */
function rowsOf({ dtype, shape, data }: HostArray, start: number, end: number): HostArray {
  const rest = shape.slice(1);
  const size = sizeOf(rest);
  return { dtype, shape: [end - start, ...rest], data: data.subarray(start * size, end * size) };
}

const rowOf = (array: HostArray, index: number): HostArray => ({ ...rowsOf(array, index, index + 1), shape: array.shape.slice(1) });

function joinRows(name: string, arrays: readonly HostArray[]): HostArray {
  const [{ dtype, shape: [, ...rest], data: first }] = arrays;
  const odd = arrays.findIndex((array) => array.dtype !== dtype || !sameShape(array.shape.slice(1), rest));
  if (odd > 0) {
    const { dtype: other, shape } = arrays[odd];
    throw new ShapeError("TensorDataset.concat", `samples of ${name} are ${dtype} ${showShape(rest)} here and ${other} ${showShape(shape.slice(1))} in data set ${odd}`, "Give data sets of the same shape and dtype", {
      name,
    });
  }
  const data = sameKind(first, arrays.reduce((sum, array) => sum + array.data.length, 0));
  let start = 0;
  for (const array of arrays) {
    data.set(array.data, start);
    start += array.data.length;
  }
  return { dtype, shape: [arrays.reduce((sum, { shape: [count] }) => sum + count, 0), ...rest], data };
}

const inUnit = ({ shape, data }: HostArray): HostArray => ({ dtype: "float32", shape, data: unitScale(data, new Float32Array(data.length)) });

const toTensor = ({ dtype, shape, data }: HostArray): Tensor => tensor(data, { shape, dtype });

/**
 * Samples in memory: x of shape [N, …] and y of shape [N, …]. Batches are tensors on the backend in use when they are made.
 *
 *     const data = new TensorDataset({ x: tensor(inputs), y: tensor(labels, { dtype: "int32" }) });
 *
 * Host arrays are kept as they are, not copied; tensors are read once.
 * @throws ShapeError when x and y differ in their number of samples, or a shape does not fit its data
 * @throws DTypeError when `bytesAsUnit` is asked for and x is not of bytes
 */
export class TensorDataset extends MapDataset<TensorSample, Batch> {
  readonly length: number;
  readonly #x: HostArray;
  readonly #y: HostArray;
  readonly #options: TensorDatasetOptions;
  #whole: { readonly backend: Backend; readonly batch: Batch } | undefined;

  constructor({ x, y }: { readonly x: HostArray | Tensor; readonly y: HostArray | Tensor }, options: TensorDatasetOptions = {}) {
    super();
    checkOptions("TensorDataset", options, ["bytesAsUnit"]);
    this.#options = options;
    this.#x = hostArray(x);
    this.#y = hostArray(y);
    checkField("x", this.#x);
    checkField("y", this.#y);
    if (this.#scaled && this.#x.dtype !== "uint8") throw new DTypeError("TensorDataset", `x is ${this.#x.dtype}`, "bytesAsUnit is for uint8; leave it out", { dtype: this.#x.dtype });
    this.length = this.#x.shape[0];
    if (this.#y.shape[0] !== this.length) {
      throw new ShapeError("TensorDataset", `x has ${this.length} samples, y has ${this.#y.shape[0]}`, "Give both the same first dim", {
        x: this.#x.shape,
        y: this.#y.shape,
      });
    }
  }

  /** All inputs, shape [N, …]. */
  get x(): Tensor {
    return this.#all().x;
  }

  /** All targets, shape [N, …]. */
  get y(): Tensor {
    return this.#all().y;
  }

  /** The arrays behind `x` and `y`, inputs perhaps still as bytes. They are the data set's own: read them only. */
  get host(): { readonly x: HostArray; readonly y: HostArray } {
    return { x: this.#x, y: this.#y };
  }

  /** @throws ValueError for an index out of range */
  override batch(indices: ArrayLike<number>): Batch {
    checkIndices("TensorDataset.batch", indices, this.length);
    return { x: toTensor(this.#given(copyRows(this.#x, indices))), y: toTensor(copyRows(this.#y, indices)) };
  }

  /** @throws ValueError for an index out of range */
  sample(index: number): TensorSample {
    checkIndices("TensorDataset.sample", [index], this.length);
    return { x: this.#given(rowOf(this.#x, index)), y: rowOf(this.#y, index) };
  }

  /** A data set of copies of the samples at `indices`. @throws ValueError for an index out of range */
  override subset(indices: ArrayLike<number>): TensorDataset {
    checkIndices("TensorDataset.subset", indices, this.length);
    return this.#like({ x: copyRows(this.#x, indices), y: copyRows(this.#y, indices) });
  }

  /** A data set of copies of the samples for which `predicate` holds. */
  override filter(predicate: (sample: TensorSample, index: number) => boolean): TensorDataset {
    return this.subset(this.indicesWhere(predicate));
  }

  /** A data set of copies of these samples, then those of the others. @throws ShapeError when shapes or dtypes differ */
  override concat(...others: readonly TensorDataset[]): TensorDataset {
    const parts = [this, ...others];
    // Bytes and float32 in 0..1 go together only as float32.
    const alike = parts.every((part) => part.#scaled === this.#scaled);
    const x = joinRows("x", parts.map((part) => (alike ? part.#x : part.#given(part.#x))));
    return new TensorDataset({ x, y: joinRows("y", parts.map((part) => part.#y)) }, alike ? this.#options : {});
  }

  /** The first `count` samples; they share memory with this data set. @throws ValueError unless 0 ≤ count ≤ length */
  override take(count: number): TensorDataset {
    checkTake("TensorDataset.take", count, this.length);
    return this.#like({ x: rowsOf(this.#x, 0, count), y: rowsOf(this.#y, 0, count) });
  }

  get #scaled(): boolean {
    return this.#options.bytesAsUnit === true;
  }

  #given(x: HostArray): HostArray {
    return this.#scaled ? inUnit(x) : x;
  }

  #like(arrays: { readonly x: HostArray; readonly y: HostArray }): TensorDataset {
    return new TensorDataset(arrays, this.#options);
  }

  #all(): Batch {
    const backend = currentBackend();
    if (this.#whole?.backend !== backend) this.#whole = { backend, batch: { x: toTensor(this.#given(this.#x)), y: toTensor(this.#y) } };
    return this.#whole.batch;
  }
}
