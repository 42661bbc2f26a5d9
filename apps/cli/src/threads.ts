import type { Backend } from "@dl/tensor";

/** Threads that a backend computes on: what it says itself, otherwise the one that called it. */
export const threadsOf = (backend: Backend): number => ("threads" in backend && typeof backend.threads === "number" ? backend.threads : 1);
