import type { DatasetEntry } from "@dl/data";
import { dataDir, findFile, loadDataset, type Progress } from "@dl/data/node";
import type { Io } from "./io.js";
import { downloadLine } from "./terminal/progress.js";

/** Whether a data set can be used without a download. */
export async function isPresent(entry: DatasetEntry<unknown>, { env }: Io): Promise<boolean> {
  if (entry.kind === "generated") return true;
  const found = await Promise.all(entry.files.map(({ path }) => findFile(dataDir(env), path)));
  return found.every((path) => path !== undefined);
}

/** Loads a data set; what is missing is downloaded first. Generated ones are the same for every seed of a training. */
export function loadData<Data>(entry: DatasetEntry<Data>, io: Io, onProgress: (progress: Progress) => void): Promise<Data> {
  return loadDataset(entry, { dir: dataDir(io.env), download: true, onProgress, signal: io.interrupted });
}

/** The same with a line that shows a download. */
export function loadWithLine<Data>(entry: DatasetEntry<Data>, io: Io, json = false): Promise<Data> {
  const line = downloadLine(io, json);
  return loadData(entry, io, line.update).finally(line.clear);
}
