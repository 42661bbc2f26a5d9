import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzip, type DatasetFile } from "@dl/data";
import { findFile, sha256Of } from "@dl/data/node";
import { FormatError } from "@dl/registry";

export type FileState = "right" | "missing" | "wrong" | "unverified";

/** SHA-256 of a file that lies packed beside its place; `undefined` when it cannot be unpacked. */
async function sha256OfPacked(path: string): Promise<string | undefined> {
  const packed = await readFile(path);
  try {
    return createHash("sha256").update(gunzip(packed, path)).digest("hex");
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** How a file of a data set compares with what the catalogue says of it. */
export async function checkFile(dir: string, { path, sha256 }: DatasetFile): Promise<FileState> {
  const found = await findFile(dir, path);
  if (found === undefined) return "missing";
  if (sha256 === undefined) return "unverified";
  const got = found === join(dir, path) ? await sha256Of(found) : await sha256OfPacked(found);
  return got === sha256 ? "right" : "wrong";
}
