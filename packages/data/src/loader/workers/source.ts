/**
 * What runs in the threads, as text, so that no bundler has to find it and a build needs no second file.
 *
 * `serve(start, post)` imports the module, says `{ length }` or `{ failure }`, and returns the function that answers
 * `{ id, indices }` by `{ id, batch }` or `{ id, failure }`. The memory of a batch's arrays is handed over, not copied; an array that
 * is a piece of a larger one is copied first, so that the rest stays. Tensors travel as host arrays under the key "dl/tensor".
 */
export const workerSource = `
const failureOf = (error) => error instanceof Error
  ? { name: error.name, message: error.message, stack: error.stack }
  : { name: "Error", message: String(error), stack: undefined };

const handOver = (view, memory) => {
  if (!(view.buffer instanceof ArrayBuffer)) return view;
  const { buffer, byteOffset, byteLength } = view;
  const whole = byteLength === buffer.byteLength;
  const own = whole ? view : new globalThis[view[Symbol.toStringTag]](buffer.slice(byteOffset, byteOffset + byteLength));
  memory.add(own.buffer);
  return own;
};

const pack = async (value, memory) => {
  if (typeof value !== "object" || value === null) return value;
  if (Symbol.for("dl/tensor") in value) {
    return { "dl/tensor": { dtype: value.dtype, shape: [...value.shape], data: handOver(await value.data(), memory) } };
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return handOver(value, memory);
  if (Array.isArray(value)) return Promise.all(value.map((item) => pack(item, memory)));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await pack(item, memory)]);
  return Object.fromEntries(await Promise.all(entries));
};

const open = async ({ module, options }) => {
  const { default: create } = await import(module);
  if (typeof create !== "function") throw new TypeError(module + " has no function as its default export");
  const dataset = await create(options);
  if (typeof dataset?.batch !== "function" || !Number.isInteger(dataset.length)) throw new TypeError("the data set of " + module + " has no length or no batch function");
  return dataset;
};

const serve = (start, post) => {
  const opened = open(start);
  opened.then(({ length }) => post({ length }, []), (error) => post({ failure: failureOf(error) }, []));
  return async ({ id, indices }) => {
    try {
      const dataset = await opened;
      const memory = new Set();
      const batch = await pack(await dataset.batch(indices), memory);
      post({ id, batch }, [...memory]);
    } catch (error) {
      post({ id, failure: failureOf(error) }, []);
    }
  };
};
`;
