import { checkOptions, checkWhole, DTypeError, ShapeError, ValueError } from "@dl/registry";
import type { Backend } from "./backend/contract.js";
import { currentBackend } from "./default-backend.js";
import { checkDType, dtypeOfArray, isFloat, newArray } from "./dtype.js";
import type { DType, TypedArray } from "./dtype.js";
import type { Nested } from "./op/example.js";
import { checkShape, contiguousStrides, showShape, sizeOf } from "./shape.js";
import type { Shape } from "./shape.js";
import { Storage } from "./storage.js";
import { Tensor, fromArray } from "./tensor.js";

export interface TensorOptions {
  readonly dtype?: DType;
  /** Whether `backward` collects a gradient here. Float dtypes only. */
  readonly requiresGrad?: boolean;
  /** Where to make it; by default the backend in use. */
  readonly backend?: Backend;
}

const optionKeys = ["dtype", "requiresGrad", "backend"];

function finish(where: string, x: Tensor, options: TensorOptions): Tensor {
  if (options.requiresGrad === true) {
    if (!isFloat(x.dtype)) throw new DTypeError(where, `a ${x.dtype} tensor cannot require a gradient`, 'Use dtype "float32" or "float64"');
    x.requiresGrad = true;
  }
  return x;
}

/** @throws DTypeError when the backend does not have the dtype */
function placeFor(where: string, dtype: DType, backend = currentBackend()): Backend {
  checkDType(where, dtype);
  if (!backend.capabilities.dtypes.includes(dtype)) {
    throw new DTypeError(where, `backend "${backend.name}" has no ${dtype}`, `It has ${backend.capabilities.dtypes.join(", ")}`);
  }
  return backend;
}

/** A leaf whose elements `fill` writes. */
export function build(where: string, shape: Shape, options: TensorOptions | undefined, fill: (data: TypedArray) => void, dtype: DType = "float32"): Tensor {
  checkOptions(where, options, optionKeys);
  checkShape(where, shape);
  const chosen = options?.dtype ?? dtype;
  const backend = placeFor(where, chosen, options?.backend);
  const data = newArray(chosen, sizeOf(shape));
  fill(data);
  return finish(where, fromArray(backend, data, chosen, shape), options ?? {});
}

function shapeOf(values: Nested): number[] {
  const shape: number[] = [];
  let level: Nested | undefined = values;
  while (Array.isArray(level)) {
    shape.push(level.length);
    level = level[0] as Nested | undefined;
  }
  return shape;
}

/** Writes the leaves of `values` one after the other. @throws ShapeError where a row has another length than its neighbours */
function flattenInto(leaves: (number | boolean)[], values: Nested, shape: Shape, path: readonly number[]): void {
  const depth = path.length;
  const found = typeof values === "number" || typeof values === "boolean" ? "a number" : Array.isArray(values) ? `${values.length} elements` : typeof values;
  const wanted = depth === shape.length ? "a number" : `${shape[depth]} elements`;
  if (found !== wanted) {
    throw new ShapeError("tensor", `ragged array: expected ${wanted} at [${path.join("][")}], got ${found}`, "Rows of one depth must have equal lengths");
  }
  if (typeof values === "number" || typeof values === "boolean") leaves.push(values);
  else values.forEach((value, i) => { flattenInto(leaves, value, shape, [...path, i]); });
}

function fromNested(values: Nested, options: TensorOptions): Tensor {
  const shape = shapeOf(values);
  const leaves: (number | boolean)[] = [];
  flattenInto(leaves, values, shape, []);
  const dtype = options.dtype ?? (leaves.length > 0 && leaves.every((leaf) => typeof leaf === "boolean") ? "bool" : "float32");
  return build("tensor", shape, options, (data) => {
    for (let i = 0; i < leaves.length; i++) data[i] = dtype === "bool" ? Number(Boolean(leaves[i])) : Number(leaves[i]);
  }, dtype);
}

/**
 * A tensor with given values: nested arrays of numbers or truth values, or a typed array with an optional `shape` (1-d otherwise).
 * Numbers become float32 and truth values bool unless `dtype` says otherwise. Values are copied.
 * @throws ShapeError on ragged arrays, or when a typed array does not fit `shape`
 */
export function tensor(values: Nested | TypedArray, options: TensorOptions & { readonly shape?: Shape } = {}): Tensor {
  const { shape, ...rest } = options;
  checkOptions("tensor", rest, optionKeys);
  if (!ArrayBuffer.isView(values)) {
    const made = fromNested(values, shape === undefined ? rest : { ...rest, requiresGrad: false });
    return shape === undefined ? made : finish("tensor", made.reshape(shape).detach(), rest);
  }
  const target = shape ?? [values.length];
  checkShape("tensor", target);
  if (sizeOf(target) !== values.length) {
    throw new ShapeError("tensor", `${values.length} elements do not fill shape ${showShape(target)}`, `The sizes must multiply to ${values.length}`, { shape: target });
  }
  return build("tensor", target, rest, (data) => {
    if (rest.dtype === "bool") values.forEach((value, i) => { data[i] = value === 0 ? 0 : 1; });
    else data.set(values);
  }, dtypeOfArray(values));
}

/** A tensor of one value. */
export const full = (shape: Shape, value: number, options?: TensorOptions): Tensor => build("full", shape, options, (data) => data.fill(value));

export function zeros(shape: Shape, options?: TensorOptions): Tensor {
  checkOptions("zeros", options, optionKeys);
  checkShape("zeros", shape);
  const dtype = options?.dtype ?? "float32";
  const backend = placeFor("zeros", dtype, options?.backend);
  const size = sizeOf(shape);
  return finish("zeros", new Tensor(new Storage(backend, backend.alloc(dtype, size), dtype, size), shape, contiguousStrides(shape), 0), options ?? {});
}

export const ones = (shape: Shape, options?: TensorOptions): Tensor => build("ones", shape, options, (data) => data.fill(1));

/** Zeros of x's shape, dtype and backend. */
export const zerosLike = (x: Tensor): Tensor => x.makeEmpty(x.shape, x.dtype);

/** Ones of x's shape, dtype and backend. */
export const onesLike = (x: Tensor): Tensor => ones(x.shape, { dtype: x.dtype, backend: x.backend });

/**
 * start, start + step, … before end; one argument counts from 0. int32 when all three are whole numbers, otherwise float32.
 * @throws ValueError when step is 0, not finite or leads away from end
 */
export function arange(start: number, end?: number, step = 1, options?: TensorOptions): Tensor {
  const [from, to] = end === undefined ? [0, start] : [start, end];
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (!Number.isFinite(count) || (to - from) * step < 0) {
    throw new ValueError("arange", `cannot go from ${from} to ${to} in steps of ${step}`, "Use finite bounds and a step towards the end");
  }
  const whole = [from, to, step].every(Number.isInteger);
  return build("arange", [count], options, (data) => { for (let i = 0; i < count; i++) data[i] = from + i * step; }, whole ? "int32" : "float32");
}

/** `count` evenly spaced values from start to end, both included. */
export function linspace(start: number, end: number, count: number, options?: TensorOptions): Tensor {
  checkWhole("linspace", "count", count);
  if (!Number.isFinite(start) || !Number.isFinite(end)) throw new ValueError("linspace", `bounds are ${start} and ${end}`, "Use finite numbers");
  return build("linspace", [count], options, (data) => {
    for (let i = 0; i < count; i++) data[i] = i === count - 1 && count > 1 ? end : start + (i * (end - start)) / Math.max(1, count - 1);
  });
}

/** The identity matrix, or a [rows, cols] matrix with ones on its diagonal. */
export function eye(rows: number, cols = rows, options?: TensorOptions): Tensor {
  return build("eye", [rows, cols], options, (data) => { for (let i = 0; i < Math.min(rows, cols); i++) data[i * cols + i] = 1; });
}
