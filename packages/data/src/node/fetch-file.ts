import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { checkOptions, DLError, FormatError } from "@dl/registry";
import { sizeIfPresent } from "./files.js";

/** How far a download is. */
export interface Progress {
  readonly url: string;
  /** Bytes on disk, those of an earlier attempt included. */
  readonly bytes: number;
  readonly total: number;
  /** Bytes per second since this attempt began. */
  readonly rate: number;
}

export interface FetchFileOptions {
  readonly url: string;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
  /** Size of the whole file. */
  readonly bytes: number;
  /** The file to make. Its folder is made, too. */
  readonly to: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

const WHERE = "fetchFile";

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

function withCause<E extends Error>(error: E, cause: unknown): E {
  error.cause = cause;
  return error;
}

async function request({ url, signal }: FetchFileOptions, start: number): Promise<Response> {
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (start > 0) headers.range = `bytes=${start}-`;
  try {
    return await fetch(url, { headers, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw withCause(new DLError(WHERE, `${url} cannot be reached (${String(cause)})`, "Check the network and the address", { url }), cause);
  }
}

/** Whether the server continues at byte `start`, as it was asked to; it may also send the whole file instead. */
function continues(response: Response, start: number): boolean {
  return response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${start}-`) === true;
}

/** Appends what the server sends to `part`, which has `start` bytes, or writes it anew if the server begins at the beginning. */
async function receive(options: FetchFileOptions, part: string, start: number): Promise<void> {
  const { url, bytes: total, onProgress, signal } = options;
  let response = await request(options, start);
  if (start > 0 && response.status !== 200 && !continues(response, start)) {
    await response.body?.cancel();
    response = await request(options, 0);
  }
  const resumed = continues(response, start);
  if (!resumed && response.status !== 200) {
    await response.body?.cancel();
    throw new DLError(WHERE, `${url} answered ${response.status} ${response.statusText}`, "Try again later or from another address", { url, status: response.status });
  }

  const file = await open(part, resumed ? "a" : "w");
  const began = performance.now();
  const first = resumed ? start : 0;
  let bytes = first;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > total) break;
      await file.writeFile(chunk);
      onProgress?.({ url, bytes, total, rate: ((bytes - first) * 1000) / Math.max(performance.now() - began, 1) });
    }
    await file.sync();
  } catch (cause) {
    signal?.throwIfAborted();
    throw withCause(brokenOff(options, bytes), cause);
  } finally {
    await file.close();
  }
  if (bytes > total) {
    await rm(part);
    throw new FormatError(WHERE, `${url} sends more than the ${total} bytes expected`, "Check the address and the size", { url, offset: total });
  }
}

const brokenOff = ({ url, bytes: total }: FetchFileOptions, bytes: number): FormatError =>
  new FormatError(WHERE, `${url} broke off at byte ${bytes} of ${total}`, "Run it again: it continues there", { url, offset: bytes, expected: total });

/**
 * Downloads a file, checks its size and SHA-256, and only then moves it into place: `to` is whole or not there.
 * What arrived before a failure or an abort stays in `<to>.part`, and the next call continues behind it.
 *
 * @throws FormatError when the download broke off, is too long, or has another SHA-256 (both are named)
 * @throws DLError when the server cannot be reached or refuses
 * @throws the signal's reason when aborted
 */
export async function fetchFile(options: FetchFileOptions): Promise<void> {
  checkOptions(WHERE, options, ["url", "sha256", "bytes", "to", "onProgress", "signal"]);
  const { url, sha256, bytes, to, signal } = options;
  signal?.throwIfAborted();
  const part = `${to}.part`;
  await mkdir(dirname(to), { recursive: true });
  const start = (await sizeIfPresent(part)) ?? 0;
  if (start !== bytes) await receive(options, part, start < bytes ? start : 0);

  const received = (await sizeIfPresent(part)) ?? 0;
  if (received < bytes) throw brokenOff(options, received);
  const got = await sha256Of(part);
  if (got !== sha256.toLowerCase()) {
    await rm(part);
    throw new FormatError(WHERE, `${url} has SHA-256 ${got}, expected ${sha256}`, "The file was changed or damaged; it was not kept", { url, got, expected: sha256 });
  }
  await rename(part, to);
}
