import { readFile } from "node:fs/promises";
import { unzip } from "@dl/data";
import { loadCheckpoint, unpackCheckpoint, type Checkpoint } from "@dl/nn";
import { FormatError } from "@dl/registry";

const ZIP = /\.zip$/i;

/** A folder's name for what a zip holds. */
export const withoutZip = (path: string): string => path.replace(ZIP, "");

/**
 * Reads a checkpoint: its folder, or a zip of the folder's files, as the web page saves it.
 * @throws FormatError when it is missing, truncated or damaged
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  if (!ZIP.test(path)) return loadCheckpoint(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw new FormatError(path, "there is no such file", "Give the zip of a checkpoint", { path });
    throw error;
  });
  return unpackCheckpoint(unzip(new Uint8Array(bytes), path), path);
}
