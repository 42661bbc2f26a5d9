export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** A failure of a batch that nobody takes any more must not become an unhandled rejection, so it waits as a value. */
export async function outcomeOf<T>(make: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await make() };
  } catch (error) {
    return { ok: false, error };
  }
}
