import { checkOptions, DLError, FormatError, sha256 } from "@dl/registry";
import { decodeFiles, type DatasetEntry, type DatasetFile } from "./catalogue/entry.js";
import { unpackIfGzip } from "./codecs/gzip.js";

export interface LoadFromWebOptions {
  /** An address that has copies of the files under their paths, such as "/data/"; asked first. Default: only the publishers are asked. */
  readonly mirror?: string;
  readonly signal?: AbortSignal;
}

/** The bytes at an address; undefined where there are none. */
async function bytesAt(url: string, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  try {
    const response = await fetch(url, { signal });
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** @throws FormatError when the bytes are not those that were published */
async function checkDigest({ path, sha256: published }: DatasetFile, bytes: Uint8Array, url: string): Promise<void> {
  if (published === undefined || (await sha256(bytes)) === published) return;
  throw new FormatError("loadFromWeb", `${url} is not the published ${path}: its SHA-256 is another one`, "Ask another mirror", { url, path });
}

async function fetchAny(file: DatasetFile, { mirror, signal }: LoadFromWebOptions): Promise<Uint8Array> {
  const urls = [...(mirror === undefined ? [] : [`${mirror}${file.path}`]), ...file.urls];
  for (const url of urls) {
    const bytes = await bytesAt(url, signal);
    if (bytes === undefined) continue;
    // What is kept packed beside its name is unpacked; its digest is of what was published.
    const published = file.path.endsWith(".gz") ? bytes : unpackIfGzip(bytes, url);
    await checkDigest(file, published, url);
    return published;
  }
  throw new DLError("loadFromWeb", `${file.path} cannot be fetched from here`, `Many servers do not answer pages of others: put the file on your own and pass { mirror }. Asked: ${urls.join(", ") || "nobody"}`, {
    path: file.path,
    urls,
  });
}

/**
 * Loads a data set in a page, or computes it. Nothing is kept but what the browser caches; `loadDataset` of @dl/data/node keeps files.
 *
 *     const { data } = await loadFromWeb(datasets.iris, { mirror: "/data/" });
 *
 * @throws DLError for a file that no address gives, FormatError when a file is corrupt; the signal's reason when it is aborted
 */
export async function loadFromWeb<Data>(entry: DatasetEntry<Data>, options: LoadFromWebOptions = {}): Promise<Data> {
  checkOptions("loadFromWeb", options, ["mirror", "signal"]);
  if (entry.kind === "generated") return entry.generate();
  const files = new Map(await Promise.all(entry.files.map(async (file) => [file.path, await fetchAny(file, options)] as const)));
  return decodeFiles("loadFromWeb", entry, files);
}
