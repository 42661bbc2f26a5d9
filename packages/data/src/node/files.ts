import { stat } from "node:fs/promises";

/** Whether an error of the file system has that code, such as "ENOENT". */
export const hasCode = (error: unknown, code: string): boolean => error instanceof Error && "code" in error && error.code === code;

async function statIfPresent(path: string): Promise<{ readonly size: number; readonly mtimeMs: number } | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Size of a file in bytes, `undefined` if it is not there. */
export const sizeIfPresent = async (path: string): Promise<number | undefined> => (await statIfPresent(path))?.size;

/** When a file was changed, in milliseconds, `undefined` if it is not there. */
export const modifiedAt = async (path: string): Promise<number | undefined> => (await statIfPresent(path))?.mtimeMs;
