import { mkdir, open, readFile, rm, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode, modifiedAt } from "./files.js";

/** A lock that was not touched for so long is of a process that died. */
export const STALE_MS = 30_000;
const TOUCH_MS = 5_000;
const POLL_MS = 100;

export interface LockOptions {
  /** Milliseconds after which a lock that nobody touches is taken over. Default 30,000. */
  readonly staleMs?: number;
  readonly signal?: AbortSignal;
}

async function taken(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(`${process.pid}\n`);
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Takes away a lock that was not touched for `staleMs`. */
async function removeStale(path: string, staleMs: number): Promise<void> {
  const touched = await modifiedAt(path);
  if (touched !== undefined && Date.now() - touched > staleMs) await rm(path, { force: true });
}

/**
 * Calls `work` while no other process that uses the same lock file does. Whoever holds it touches it every few seconds; one that was not
 * touched for `staleMs` is taken over, so that a process which was killed holds nobody up.
 * @throws the signal's reason when aborted while waiting
 */
export async function withLock<T>(path: string, work: () => Promise<T>, { staleMs = STALE_MS, signal }: LockOptions = {}): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  while (!(await taken(path))) {
    signal?.throwIfAborted();
    await removeStale(path, staleMs);
    await sleep(POLL_MS);
  }
  const touch = setInterval(() => {
    const now = new Date();
    // A lock that cannot be touched is worth nothing, but no reason to give the work up: what it makes is checked and moved into place whole.
    void utimes(path, now, now).catch(() => { clearInterval(touch); });
  }, Math.min(TOUCH_MS, staleMs / 3));
  try {
    return await work();
  } finally {
    clearInterval(touch);
    await releaseOwn(path);
  }
}

async function releaseOwn(path: string): Promise<void> {
  try {
    if ((await readFile(path, "utf8")).trim() === String(process.pid)) await rm(path, { force: true });
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}
