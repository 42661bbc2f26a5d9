import { loadFromWeb, type DatasetEntry } from "@dl/data";

/** The page's own server has what is in its data directory; see server/data-folder.ts. */
const MIRROR = "/data/";

/** A data set from there, or from its publishers where they answer other pages. */
export const download = <Data>(entry: DatasetEntry<Data>, signal?: AbortSignal): Promise<Data> => loadFromWeb(entry, { mirror: MIRROR, signal });
