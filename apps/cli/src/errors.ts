import { DLError } from "@dl/registry";
import { CommanderError } from "commander";

export const EXIT = { ok: 0, failure: 1, misuse: 2, interrupted: 130 } as const;

/** Something the command line asks for that cannot be: an unknown name, a value out of range. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs what checks the command line's own words: a `DLError` from it is the caller's mistake, not a failure. */
export function asUsage<T>(check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof DLError)) throw cause;
    const error = new UsageError(cause.message.slice(`${cause.where}: `.length));
    error.cause = cause;
    throw error;
  }
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, " ");

/** Thrown when Ctrl-C ended a command that leaves nothing to continue from. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** How a command ended that threw `error`: the exit code, and the line for people. */
export function explain(error: unknown): { readonly code: number; readonly line: string } {
  // Asking for help also ends with this error.
  if (error instanceof CommanderError && error.exitCode === 0) return { code: EXIT.ok, line: "" };
  if (error instanceof CommanderError) return { code: EXIT.misuse, line: oneLine(error.message.replace(/^error: /, "")) };
  if (error instanceof InterruptedError) return { code: EXIT.interrupted, line: error.message };
  if (error instanceof UsageError) return { code: EXIT.misuse, line: oneLine(error.message) };
  return { code: EXIT.failure, line: oneLine(error instanceof Error ? error.message : String(error)) };
}
