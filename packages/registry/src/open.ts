import { BackendError } from "./errors.js";

interface Opener<Options extends readonly unknown[], T> {
  isAvailable?(): boolean | Promise<boolean>;
  create(...options: Options): T | Promise<T>;
}

/**
 * Opens a backend where it is available.
 * @throws BackendError otherwise: what its own `create` says, which knows why
 */
export async function openBackend<Options extends readonly unknown[], T>(where: string, name: string, opener: Opener<Options, T>, ...options: Options): Promise<T> {
  const isAvailable = (await opener.isAvailable?.()) ?? true;
  const backend = await opener.create(...options);
  if (isAvailable) return backend;
  throw new BackendError(where, `backend "${name}" is not available here`, "Use another one; the reference backend is always there", { backend: name });
}
