import { openBackend } from "@dl/registry";
import type { Backend, BackendFactory } from "./backend/contract.js";
import { createReferenceBackend } from "./backend/reference/backend.js";
import { state } from "./state.js";

/** The backend that new tensors are made on: the reference backend until `useBackend` says otherwise. */
export const currentBackend = (): Backend => (state.backend ??= createReferenceBackend());

/**
 * Makes `backend` the one that new tensors are made on. Existing tensors stay where they are.
 * @throws BackendError when the factory is not available here: why not
 */
export async function useBackend(backend: Backend | BackendFactory): Promise<Backend> {
  state.backend = "create" in backend ? await openBackend("useBackend", backend.name, backend) : backend;
  return state.backend;
}
