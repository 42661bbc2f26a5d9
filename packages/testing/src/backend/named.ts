import type { Check } from "../check.js";

/** A check, with the op or kernel that a skip names to leave it out. */
export type Named = readonly [subject: string, check: Check];
