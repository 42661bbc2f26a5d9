import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { checkOptions, DLError, FormatError, StateError } from "@dl/registry";
import { hasCode, modifiedAt, sizeIfPresent } from "./files.js";
import { withLock } from "./lock.js";

/** How far a download is. */
export interface Progress {
  readonly url: string;
  /** Bytes on disk, those of an earlier attempt included. */
  readonly bytes: number;
  /** Of the whole file; what the server says where nobody else does, and 0 where it does not either. */
  readonly total: number;
  /** Bytes per second since this attempt began. */
  readonly rate: number;
}

export interface FetchFileOptions {
  readonly url: string;
  /** Of the whole file, in hexadecimal. Without it the file is taken as it comes. */
  readonly sha256?: string;
  /** Size of the whole file. Without it a broken download begins again. */
  readonly bytes?: number;
  /** The file to make. Its folder is made, too. */
  readonly to: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Writes a chunk behind what `file` has. Default `file.writeFile`. */
  readonly write?: WriteChunk;
}

export type WriteChunk = (file: FileHandle, chunk: Uint8Array) => Promise<void>;

const append: WriteChunk = (file, chunk) => file.writeFile(chunk);

const WHERE = "fetchFile";

/** SHA-256 of a file, in hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
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

/** What the server answers to the request for everything from `start`, or for the whole file where it does not do that. */
async function answer(options: FetchFileOptions, start: number): Promise<{ readonly response: Response; readonly resumed: boolean }> {
  const { url } = options;
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
  return { response, resumed };
}

const FULL: readonly string[] = ["ENOSPC", "EDQUOT"];

/** A write that failed, apart from what the network does. */
class WriteError extends Error {}

/** Appends what the server sends to `part`, which has `start` bytes, or writes it anew if the server begins at the beginning. */
async function receive(options: FetchFileOptions, part: string, start: number): Promise<void> {
  const { url, bytes: expected, onProgress, signal, write = append } = options;
  const { response, resumed } = await answer(options, start);
  const total = expected ?? Number(response.headers.get("content-length") ?? 0);
  const file = await open(part, resumed ? "a" : "w");
  const began = performance.now();
  const first = resumed ? start : 0;
  let bytes = first;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (expected !== undefined && bytes > expected) break;
      await write(file, chunk).catch((cause: unknown) => { throw withCause(new WriteError(), cause); });
      onProgress?.({ url, bytes, total, rate: ((bytes - first) * 1000) / Math.max(performance.now() - began, 1) });
    }
    await file.sync();
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof WriteError) throw await notWritten(part, cause.cause);
    throw withCause(brokenOff(url, bytes, total), cause);
  } finally {
    await file.close();
  }
  if (expected !== undefined && bytes > expected) {
    await rm(part);
    throw new FormatError(WHERE, `${url} sends more than the ${expected} bytes expected`, "Check the address and the size", { url, offset: expected });
  }
}

/** A full disk is helped by removing what was written; the next attempt begins anew. */
async function notWritten(part: string, cause: unknown): Promise<unknown> {
  if (!FULL.some((code) => hasCode(cause, code))) return cause;
  await rm(part, { force: true });
  return withCause(new StateError(WHERE, `the disk is full: ${part} could not be written, and was removed`, "Make room, or set DL_DATA_DIR to a folder on another disk", { path: part }), cause);
}

const brokenOff = (url: string, bytes: number, total: number): FormatError =>
  new FormatError(WHERE, `${url} broke off at byte ${bytes} of ${total || "an unknown number"}`, "Run it again: it continues there", { url, offset: bytes, expected: total });

/** @throws FormatError with both sums; the file is put aside, where a person can look at it */
async function checkSum(url: string, part: string, to: string, expected: string): Promise<void> {
  const got = await sha256Of(part);
  if (got === expected.toLowerCase()) return;
  const aside = `${to}.wrong`;
  await rename(part, aside);
  throw new FormatError(WHERE, `${url} has SHA-256 ${got}, expected ${expected}`, `The file was changed or damaged; it was put aside as ${aside}`, { url, got, expected, aside });
}

async function download(options: FetchFileOptions): Promise<void> {
  const { url, sha256, bytes, to } = options;
  const part = `${to}.part`;
  const there = (await sizeIfPresent(part)) ?? 0;
  if (bytes === undefined || there !== bytes) await receive(options, part, bytes !== undefined && there < bytes ? there : 0);
  const received = (await sizeIfPresent(part)) ?? 0;
  if (bytes !== undefined && received < bytes) throw brokenOff(url, received, bytes);
  if (sha256 !== undefined) await checkSum(url, part, to, sha256);
  await rename(part, to);
}

/**
 * Downloads a file, checks its size and SHA-256, and only then moves it into place: `to` is whole or not there.
 * What arrived before a failure or an abort stays in `<to>.part`, and the next call continues behind it. A file with another SHA-256 is put
 * aside as `<to>.wrong`. While it works there is a `<to>.lock`: a second process that wants the same file waits, and finds it there.
 *
 * @throws FormatError when the download broke off, is too long, or has another SHA-256 (both are named)
 * @throws StateError when the disk is full; nothing of the file is left
 * @throws DLError when the server cannot be reached or refuses
 * @throws the signal's reason when aborted
 */
export async function fetchFile(options: FetchFileOptions): Promise<void> {
  checkOptions(WHERE, options, ["url", "sha256", "bytes", "to", "onProgress", "signal", "write"]);
  const { to, signal } = options;
  signal?.throwIfAborted();
  await mkdir(dirname(to), { recursive: true });
  const before = await modifiedAt(to);
  await withLock(`${to}.lock`, async () => {
    // Somebody else has fetched it while this call waited.
    if ((await modifiedAt(to)) === before) await download(options);
  }, { signal });
}
