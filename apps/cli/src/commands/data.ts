import { join } from "node:path";
import type { DatasetEntry, DatasetFile } from "@dl/data";
import { dataDir, fetchDataset, findFile } from "@dl/data/node";
import { isPresent } from "../data.js";
import { EXIT, UsageError } from "../errors.js";
import { print, printJson, widthOf, type Io } from "../io.js";
import { anyDataset, datasetTable } from "../names.js";
import { bytes, grouped } from "../terminal/format.js";
import { downloadLine } from "../terminal/progress.js";
import { renderTable } from "../terminal/table.js";
import { checkFile, type FileState } from "./data-check.js";

export interface DataFlags {
  readonly json?: boolean;
}

const filesOf = (entry: DatasetEntry<unknown>): readonly DatasetFile[] => (entry.kind === "downloaded" ? entry.files : []);

/** Bytes of all files together; `undefined` when one has no known size. */
function sizeOf(entry: DatasetEntry<unknown>): number | undefined {
  const sizes = filesOf(entry).map((file) => file.bytes ?? NaN);
  const sum = sizes.reduce((a, b) => a + b, 0);
  return Number.isNaN(sum) ? undefined : sum;
}

/** How the data set gets here, when it is not: "here", "to download", or "by hand" where a file has no address. */
async function whereabouts(entry: DatasetEntry<unknown>, io: Io): Promise<string> {
  if (await isPresent(entry, io)) return "here";
  return filesOf(entry).every(({ urls }) => urls.length > 0) ? "to download" : "by hand";
}

/** Every data set that is known. */
export async function listData({ json = false }: DataFlags, io: Io): Promise<void> {
  const rows = await Promise.all(Object.entries(datasetTable).map(async ([name, entry]) => ({ name, entry, place: await whereabouts(entry, io) })));
  if (json) {
    for (const { name, entry, place } of rows) {
      const { area, title, samples, licence, reference } = entry;
      const verified = filesOf(entry).every(({ sha256 }) => sha256 !== undefined);
      printJson(io, { name, area, title, samples, bytes: sizeOf(entry), licence, reference, verified, source: entry.kind, present: place === "here", place });
    }
    return;
  }
  const cells = rows.map(({ name, entry, place }) => {
    const samples = Object.values(entry.samples).reduce((sum, count) => sum + count, 0);
    const size = entry.kind === "generated" ? "" : sizeOf(entry);
    return [name, entry.area, samples === 0 ? "" : grouped(samples), size === undefined ? "unknown" : size === "" ? "" : bytes(size), place, entry.licence];
  });
  print(io.stdout, renderTable([["name", "kind", "samples", "size", "", "licence"], ...cells], widthOf(io.stdout)));
}

/** Downloads what is missing of a data set. */
export async function getData(name: string, { json = false }: DataFlags, io: Io): Promise<void> {
  const entry = anyDataset(name);
  const dir = dataDir(io.env);
  const line = downloadLine(io, json);
  if (entry.kind === "downloaded") await fetchDataset(entry, { dir, onProgress: line.update, signal: io.interrupted }).finally(line.clear);
  const files = await Promise.all(filesOf(entry).map(async ({ path }) => (await findFile(dir, path)) ?? join(dir, path)));
  const unverified = filesOf(entry).filter(({ sha256 }) => sha256 === undefined).map(({ path }) => path);
  if (json) {
    printJson(io, { name, dir, files, unverified });
    return;
  }
  print(io.stdout, entry.kind === "generated" ? `${name} is computed, there is nothing to download` : `${name} is in ${dir}`);
  if (unverified.length > 0) print(io.stdout, `not verified, as nobody publishes a SHA-256: ${unverified.join(", ")}`);
}

const STATES: Readonly<Record<FileState, string>> = {
  right: "right",
  missing: "missing",
  wrong: "wrong SHA-256",
  unverified: "here, no SHA-256 to compare with",
};

/** Compares the files of a data set with their SHA-256. The exit code says whether all are right. */
export async function verifyData(name: string, { json = false }: DataFlags, io: Io): Promise<number> {
  const entry = anyDataset(name);
  if (entry.kind === "generated") throw new UsageError(`"${name}" is computed: it has no files to verify.`);
  const dir = dataDir(io.env);
  const files = await Promise.all(entry.files.map(async (file) => ({ path: file.path, state: await checkFile(dir, file) })));
  const right = files.every(({ state }) => state === "right" || state === "unverified");
  if (json) printJson(io, { name, dir, right, files });
  else print(io.stdout, renderTable(files.map(({ path, state }) => [path, STATES[state]]), widthOf(io.stdout)));
  return right ? EXIT.ok : EXIT.failure;
}

/** The folder that data sets are read from and downloaded to. */
export function whereData({ json = false }: DataFlags, io: Io): void {
  const dir = dataDir(io.env);
  if (json) printJson(io, { dir });
  else print(io.stdout, dir);
}
