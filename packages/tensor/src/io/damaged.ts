import { FormatError } from "@dl/registry";

/** The error for a file that breaks its format's rules, with the byte at which it does. */
export const damaged = (where: string, offset: number, fact: string, fix = "The file is damaged, or not of this format"): FormatError =>
  new FormatError(where, `byte ${offset}: ${fact}`, fix, { offset });
