import { FormatError } from "@dl/registry";

const FETCH_AGAIN = "The file is damaged: fetch it again";

/** The error for bytes that are not what their format says at byte `offset`. */
export function broken(where: string, offset: number, fact: string, fix = FETCH_AGAIN, cause?: unknown): FormatError {
  const error = new FormatError(where, `byte ${offset}: ${fact}`, fix, { offset });
  if (cause !== undefined) error.cause = cause;
  return error;
}

/** The error for a file of `kind` that was cut off. */
export const truncated = (where: string, kind: string, bytes: Uint8Array): FormatError =>
  new FormatError(where, `the ${kind} file ends too early, at byte ${bytes.length}`, "Fetch the file again", { offset: bytes.length });

export const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);
