import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions, DLError, StateError } from "@dl/registry";
import { datasetNamed, datasets, type DatasetEntry, type DatasetFile, type DownloadedDataset } from "../catalogue.js";
import type { DigitsOptions, Splits } from "../digits/digits.js";
import { dataDir } from "./data-dir.js";
import { fetchFile, type FetchFileOptions, type Progress } from "./fetch-file.js";
import { sizeIfPresent } from "./files.js";

export interface FetchOptions {
  /** The data directory. Default `dataDir()`. */
  readonly dir?: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface LoadOptions extends FetchOptions {
  /** Fetch what is missing. Default false. */
  readonly download?: boolean;
}

const FETCH_OPTIONS = ["dir", "onProgress", "signal"];

async function missingFiles(entry: DownloadedDataset, dir: string): Promise<DatasetFile[]> {
  const sizes = await Promise.all(entry.files.map(({ path }) => sizeIfPresent(join(dir, path))));
  return entry.files.filter((_, i) => sizes[i] === undefined);
}

/** Tries one address after the other; the last failure is the one reported. */
async function fetchFromAny(file: DatasetFile, options: Omit<FetchFileOptions, "url" | "sha256" | "bytes">): Promise<void> {
  for (const [i, url] of file.urls.entries()) {
    try {
      await fetchFile({ ...options, url, sha256: file.sha256, bytes: file.bytes });
      return;
    } catch (error) {
      if (!(error instanceof DLError) || i + 1 === file.urls.length) throw error;
    }
  }
}

/**
 * Downloads the files of a data set that are not in the data directory yet, one after the other.
 * @throws what `fetchFile` throws
 */
export async function fetchDataset(entry: DownloadedDataset, options: FetchOptions = {}): Promise<void> {
  checkOptions("fetchDataset", options, FETCH_OPTIONS);
  const { dir = dataDir(), ...rest } = options;
  for (const file of await missingFiles(entry, dir)) await fetchFromAny(file, { ...rest, to: join(dir, file.path) });
}

/**
 * Loads a data set from the data directory, or computes it. `dataset` is a name of `datasets` or any entry.
 * `download: true` fetches what is missing first; generated sets take `seed`, `train` and `test` instead.
 *
 *     const { train, test } = await loadDataset("mnist", { download: true });
 *
 * @throws UnknownNameError with near matches
 * @throws StateError when files are missing and `download` is not set
 * @throws FormatError when a file is corrupt
 */
export async function loadDataset(dataset: string | DatasetEntry, options: LoadOptions & DigitsOptions = {}): Promise<Splits> {
  const entry = typeof dataset === "string" ? datasetNamed(dataset) : dataset;
  const where = "loadDataset";
  if (entry.kind === "generated") {
    checkOptions(where, options, [...FETCH_OPTIONS, "download", "seed", "train", "test"]);
    const { seed, train, test } = options;
    return entry.generate({ seed, train, test });
  }
  checkOptions(where, options, [...FETCH_OPTIONS, "download"]);
  const { dir = dataDir(), download = false, ...rest } = options;
  if (download) await fetchDataset(entry, { dir, ...rest });
  const missing = await missingFiles(entry, dir);
  if (missing.length > 0) {
    const names = missing.map(({ path }) => path);
    throw new StateError(where, `${names.join(", ")} not found in ${dir}`, "Set DL_DATA_DIR to a folder that has them, or pass { download: true }", { dir, missing: names });
  }
  const files = new Map(await Promise.all(entry.files.map(async ({ path }) => [path, await readFile(join(dir, path))] as const)));
  return entry.decode((path) => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new StateError(where, `"${path}" is none of the files of "${entry.title}"`, "List it in files", { path });
    return bytes;
  });
}

/** MNIST, 60,000 training and 10,000 test images: x float32 [N, 1, 28, 28] in 0..1, y int32 [N]. See `loadDataset`. */
export const loadMnist = (options: LoadOptions = {}): Promise<Splits> => loadDataset(datasets.mnist, options);
