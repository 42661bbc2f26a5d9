import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions, DLError, StateError } from "@dl/registry";
import { decodeFiles, type DataOf, type DatasetEntry, type DatasetFile, type DownloadedDataset } from "../catalogue/entry.js";
import { datasetNamed, datasets } from "../catalogue/index.js";
import { gunzip } from "../codecs/gzip.js";
import type { DigitsOptions, Splits } from "../digits/digits.js";
import { dataDir } from "./data-dir.js";
import { fetchFile, type FetchFileOptions, type Progress } from "./fetch-file.js";
import { findFile } from "./find-file.js";

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

async function missingFiles(entry: DownloadedDataset<unknown>, dir: string): Promise<DatasetFile[]> {
  const found = await Promise.all(entry.files.map(({ path }) => findFile(dir, path)));
  return entry.files.filter((_, i) => found[i] === undefined);
}

/** Tries one address after the other; the last failure is the one reported. A full disk is full at every address. */
async function fetchFromAny(file: DatasetFile, options: Omit<FetchFileOptions, "url" | "sha256" | "bytes">): Promise<void> {
  for (const [i, url] of file.urls.entries()) {
    try {
      await fetchFile({ ...options, url, sha256: file.sha256, bytes: file.bytes });
      return;
    } catch (error) {
      if (!(error instanceof DLError) || error instanceof StateError || i + 1 === file.urls.length) throw error;
    }
  }
}

/** @throws StateError that says where to get files which no address has */
function refuseUnaddressed(where: string, files: readonly DatasetFile[], dir: string): void {
  if (files.length === 0) return;
  const sources = [...new Set(files.map(({ from = "a copy of the data set" }) => from))];
  const paths = files.map(({ path }) => path);
  throw new StateError(where, `no address is known for ${paths.join(", ")}`, `Put them below ${dir}. They are: ${sources.join("; ")}`, { dir, missing: paths });
}

/**
 * Downloads the files of a data set that are not in the data directory yet, one after the other.
 * @throws what `fetchFile` throws; StateError, when all others are there, for files that no address has
 */
export async function fetchDataset(entry: DownloadedDataset<unknown>, options: FetchOptions = {}): Promise<void> {
  checkOptions("fetchDataset", options, FETCH_OPTIONS);
  const { dir = dataDir(), ...rest } = options;
  const missing = await missingFiles(entry, dir);
  for (const file of missing) if (file.urls.length > 0) await fetchFromAny(file, { ...rest, to: join(dir, file.path) });
  refuseUnaddressed("fetchDataset", missing.filter(({ urls }) => urls.length === 0), dir);
}

async function readDataset<Data>(entry: DownloadedDataset<Data>, dir: string): Promise<Data> {
  const where = "loadDataset";
  const missing = await missingFiles(entry, dir);
  if (missing.length > 0) {
    const names = missing.map(({ path }) => path);
    throw new StateError(where, `${names.join(", ")} not found in ${dir}`, "Set DL_DATA_DIR to a folder that has them, or pass { download: true }", { dir, missing: names });
  }
  const read = async ({ path }: DatasetFile): Promise<readonly [string, Uint8Array]> => {
    const found = (await findFile(dir, path)) ?? join(dir, path);
    const bytes = await readFile(found);
    return [path, found === join(dir, path) ? bytes : gunzip(bytes, `${path}.gz`)];
  };
  const files = new Map(await Promise.all(entry.files.map(read)));
  return decodeFiles(where, entry, files);
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
export function loadDataset<Name extends keyof typeof datasets>(dataset: Name, options?: LoadOptions & DigitsOptions): Promise<DataOf<(typeof datasets)[Name]>>;
export function loadDataset<Data>(dataset: DatasetEntry<Data>, options?: LoadOptions & DigitsOptions): Promise<Data>;
export function loadDataset(dataset: string, options?: LoadOptions & DigitsOptions): Promise<unknown>;
export async function loadDataset(dataset: string | DatasetEntry<unknown>, options: LoadOptions & DigitsOptions = {}): Promise<unknown> {
  const entry = typeof dataset === "string" ? datasetNamed(dataset) : dataset;
  if (entry.kind === "generated") {
    checkOptions("loadDataset", options, [...FETCH_OPTIONS, "download", "seed", "train", "test"]);
    const { seed, train, test } = options;
    return entry.generate({ seed, train, test });
  }
  checkOptions("loadDataset", options, [...FETCH_OPTIONS, "download"]);
  const { dir = dataDir(), download = false, ...rest } = options;
  if (download) await fetchDataset(entry, { dir, ...rest });
  return readDataset(entry, dir);
}

/** MNIST, 60,000 training and 10,000 test images: x float32 [N, 1, 28, 28] in 0..1, y int32 [N]. See `loadDataset`. */
export const loadMnist = (options: LoadOptions = {}): Promise<Splits> => loadDataset(datasets.mnist, options);
