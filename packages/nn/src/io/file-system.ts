/** Node's file system; loaded when called, so that browsers can load the modules that use it. */
export const fileSystem = async () => ({ ...(await import("node:fs/promises")), path: await import("node:path") });

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** What `read` gives, `null` where there is no such file or folder. */
export async function ifPresent<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Names in a folder, `null` where there is none. */
export async function listFolder(dir: string): Promise<string[] | null> {
  const { readdir } = await fileSystem();
  return ifPresent(() => readdir(dir));
}

/** Writes a file beside and renames it into place, so that there is a whole one at any time. Node only. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const { rename, writeFile } = await fileSystem();
  await writeFile(`${file}.tmp`, content, { flush: true });
  await rename(`${file}.tmp`, file);
}
