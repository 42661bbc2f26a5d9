import type { Backend } from "@dl/tensor";

/** Threads that a backend computes on. */
export const threadsOf = ({ threads = 1 }: Backend): number => threads;
