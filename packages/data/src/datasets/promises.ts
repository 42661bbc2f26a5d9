const isPromise = <T>(value: T | Promise<T>): value is Promise<T> => value instanceof Promise;

/** Applies `then` at once where no value has to be waited for. */
export function whenAll<T, R>(values: readonly (T | Promise<T>)[], then: (values: readonly T[]) => R | Promise<R>): R | Promise<R> {
  const ready: T[] = [];
  for (const value of values) {
    if (isPromise(value)) return Promise.all(values).then(then);
    ready.push(value);
  }
  return then(ready);
}

/** The same for one value. */
export const when = <T, R>(value: T | Promise<T>, then: (value: T) => R | Promise<R>): R | Promise<R> => (isPromise(value) ? value.then(then) : then(value));
