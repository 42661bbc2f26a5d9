import { BackendError } from "@dl/registry";
import type { Backend, BackendFactory } from "./backend/contract.js";
import { createReferenceBackend } from "./backend/reference/backend.js";
import { state } from "./state.js";

/** The backend that new tensors are made on: the reference backend until `useBackend` says otherwise. */
export const currentBackend = (): Backend => (state.backend ??= createReferenceBackend());

/**
 * Makes `backend` the one that new tensors are made on. Existing tensors stay where they are.
 * @throws BackendError when the factory says it is not available here
 */
export async function useBackend(backend: Backend | BackendFactory): Promise<Backend> {
  if ("create" in backend) {
    if (!(await backend.isAvailable())) {
      throw new BackendError("useBackend", `backend "${backend.name}" is not available here`, "Use another one; the reference backend is always there", { backend: backend.name });
    }
    state.backend = await backend.create();
  } else {
    state.backend = backend;
  }
  return state.backend;
}
