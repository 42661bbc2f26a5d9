import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { checkOptions } from "@dl/registry";
import { ImageFolder, type ImageFolderOptions } from "../image-folder.js";

/**
 * An `ImageFolder` of the pictures below `folder`: only names are read at first, a batch reads its files.
 * @throws ValueError when there is no picture; what the file system throws
 */
export async function openImageFolder(folder: string, options: ImageFolderOptions = {}): Promise<ImageFolder> {
  checkOptions("openImageFolder", options, ["transform"]);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => {
    const full = join(entry.parentPath, entry.name);
    return { path: relative(folder, full).replaceAll(sep, "/"), read: () => readFile(full) };
  });
  return new ImageFolder(files, options.transform);
}
