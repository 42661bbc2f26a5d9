import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DLError, FormatError, StateError, UnknownNameError } from "@dl/registry";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fetchFile, type FetchFileOptions, type Progress } from "./index.js";
import { STALE_MS } from "./lock.js";

const content = randomBytes(300_000);
const sha256 = createHash("sha256").update(content).digest("hex");

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server as they should be: it answers a range with that range. */
const ranged: Answer = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (start > 0) response.writeHead(206, { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` });
  response.end(content.subarray(start));
};

let server: Server;
let folder: string;
let answer: Answer;
let ranges: (string | undefined)[];

beforeEach(async () => {
  ranges = [];
  answer = ranged;
  folder = await mkdtemp(join(tmpdir(), "dl-fetch-"));
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const target = (): string => join(folder, "cache", "file.gz");
const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.gz`;
const download = (more: Partial<FetchFileOptions> = {}): Promise<void> => fetchFile({ url: url(), sha256, bytes: content.length, to: target(), ...more });
const cached = (): Promise<string[]> => readdir(join(folder, "cache"));

describe("fetchFile", () => {
  test("moves the checked file into place and reports progress", async () => {
    const steps: Progress[] = [];
    await download({ onProgress: (step) => steps.push(step) });
    expect(content.equals(await readFile(target()))).toBe(true);
    expect(await cached()).toStrictEqual(["file.gz"]);
    expect(steps.map(({ bytes }) => bytes)).toStrictEqual(steps.map(({ bytes }) => bytes).toSorted((a, b) => a - b));
    expect(steps.at(-1)).toMatchObject({ url: url(), bytes: content.length, total: content.length });
    expect(steps.every(({ rate }) => rate > 0 && Number.isFinite(rate))).toBe(true);
  });

  test("a connection that breaks leaves the cache untouched, and the next attempt continues", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
    };
    await expect(download()).rejects.toThrow(/broke off at byte 100000 of 300000\. Run it again/);
    expect(await cached()).toStrictEqual(["file.gz.part"]);

    answer = ranged;
    const steps: number[] = [];
    await download({ onProgress: ({ bytes }) => steps.push(bytes) });
    expect(ranges).toStrictEqual([undefined, "bytes=100000-"]);
    expect(Math.min(...steps)).toBeGreaterThan(100_000);
    expect(content.equals(await readFile(target()))).toBe(true);
    expect(await cached()).toStrictEqual(["file.gz"]);
  });

  test("a file that is shorter than it should be is no success", async () => {
    answer = (_, response) => response.end(content.subarray(0, 1000));
    await expect(download()).rejects.toThrow(FormatError);
    expect(await cached()).toStrictEqual(["file.gz.part"]);
  });

  test("a server that ignores ranges sends the whole file again", async () => {
    answer = (_, response) => response.end(content.subarray(0, 1000));
    await expect(download()).rejects.toThrow(FormatError);
    answer = (_, response) => response.end(content);
    await download();
    expect(content.equals(await readFile(target()))).toBe(true);
  });

  test.each<[string, Answer]>([
    ["refuses the range", (_, response) => response.writeHead(416).end()],
    ["sends another range", (_, response) => response.writeHead(206, { "content-range": "bytes 5-9/300000" }).end("wrong")],
  ])("a server that %s is asked for the whole file", async (_, refuse) => {
    answer = (_request, response) => response.end(content.subarray(0, 1000));
    await expect(download()).rejects.toThrow(FormatError);
    answer = (request, response) => (request.headers.range === undefined ? response.end(content) : refuse(request, response));
    await download();
    expect(ranges).toStrictEqual([undefined, "bytes=1000-", undefined]);
    expect(content.equals(await readFile(target()))).toBe(true);
  });

  test("a wrong hash names both, and the file is put aside", async () => {
    const wrong = "0".repeat(64);
    await expect(download({ sha256: wrong })).rejects.toThrow(`has SHA-256 ${sha256}, expected ${wrong}. The file was changed or damaged; it was put aside as ${target()}.wrong`);
    expect(await cached()).toStrictEqual(["file.gz.wrong"]);
    expect(content.equals(await readFile(`${target()}.wrong`))).toBe(true);
  });

  test("a part that belongs to another file is found out and thrown away", async () => {
    answer = (_, response) => response.end(randomBytes(1000));
    await expect(download()).rejects.toThrow(/broke off/);
    answer = ranged;
    await expect(download()).rejects.toThrow(/has SHA-256/);
    await download();
    expect(content.equals(await readFile(target()))).toBe(true);
  });

  test("more bytes than expected end the download", async () => {
    await expect(download({ bytes: 1000 })).rejects.toThrow(/sends more than the 1000 bytes expected/);
    expect(await cached()).toStrictEqual([]);
  });

  test("a failure keeps the file that was there", async () => {
    await download();
    await expect(download({ sha256: "0".repeat(64) })).rejects.toThrow(FormatError);
    expect(content.equals(await readFile(target()))).toBe(true);
  });

  test("an abort throws its reason and can be resumed", async () => {
    const controller = new AbortController();
    answer = (_, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 50_000));
    };
    const reason = new Error("enough");
    await expect(download({ signal: controller.signal, onProgress: () => controller.abort(reason) })).rejects.toBe(reason);
    expect(await cached()).toStrictEqual(["file.gz.part"]);
    await expect(download({ signal: controller.signal })).rejects.toBe(reason);
    answer = ranged;
    await download();
    expect(ranges).toHaveLength(2);
    expect(ranges[1]).toMatch(/^bytes=[1-9]/);
    expect(content.equals(await readFile(target()))).toBe(true);
  });

  test("a server that is not there, or says no, is one clear error", async () => {
    answer = (_, response) => response.writeHead(404).end();
    await expect(download()).rejects.toThrow(/answered 404 Not Found/);
    await expect(download({ url: "http://127.0.0.1:1/x" })).rejects.toThrow(DLError);
    await expect(download({ url: "http://127.0.0.1:1/x" })).rejects.toThrow(/cannot be reached/);
    const typo: object = { hash: "x" };
    await expect(download(typo)).rejects.toThrow(UnknownNameError);
  });

  test("without a size and a hash the file is taken as it comes", async () => {
    const totals: number[] = [];
    answer = (_, response) => response.writeHead(200, { "content-length": content.length }).end(content);
    await fetchFile({ url: url(), to: target(), onProgress: ({ total }) => totals.push(total) });
    expect(content.equals(await readFile(target()))).toBe(true);
    expect(new Set(totals)).toStrictEqual(new Set([content.length]));
  });

  test("a full disk is one clear error, and nothing is left of the file", async () => {
    let written = 0;
    const write: FetchFileOptions["write"] = async (file, chunk) => {
      written += chunk.length;
      if (written > 100_000) throw Object.assign(new Error("no space left on device, write"), { code: "ENOSPC" });
      await file.writeFile(chunk);
    };
    const failed = download({ write });
    await expect(failed).rejects.toThrow(StateError);
    await expect(failed).rejects.toThrow(/the disk is full: .*file\.gz\.part could not be written, and was removed\. Make room/);
    expect(await cached()).toStrictEqual([]);
    await download();
    expect(await cached()).toStrictEqual(["file.gz"]);
  });

  test("any other failure to write is passed on, and no reason to say that the network broke", async () => {
    const failure = Object.assign(new Error("i/o error, write"), { code: "EIO" });
    await expect(download({ write: () => Promise.reject(failure) })).rejects.toBe(failure);
  });

  test("of two downloads at once one waits, and finds the file", async () => {
    await Promise.all([download(), download()]);
    expect(ranges).toHaveLength(1);
    expect(content.equals(await readFile(target()))).toBe(true);
    expect(await cached()).toStrictEqual(["file.gz"]);
  });

  test("of two processes at once one waits, and finds the file", async () => {
    const options = JSON.stringify({ url: url(), sha256, bytes: content.length, to: target() });
    const module = new URL("fetch-file.ts", import.meta.url).href;
    const script = `import { fetchFile } from ${JSON.stringify(module)}; await fetchFile(${options});`;
    const start = (): Promise<number | null> =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, ["--conditions=@dl/source", "--import", "tsx", "--input-type=module", "--eval", script], { stdio: ["ignore", "ignore", "inherit"] });
        child.on("error", reject);
        child.on("close", resolve);
      });
    answer = (request, response) => void setTimeout(() => { ranged(request, response); }, 3000);
    expect(await Promise.all([start(), start()])).toStrictEqual([0, 0]);
    expect(ranges).toHaveLength(1);
    expect(content.equals(await readFile(target()))).toBe(true);
    expect(await cached()).toStrictEqual(["file.gz"]);
  });

  test("a lock that nobody touches any more is taken over; one that is fresh is waited for", async () => {
    await mkdir(join(folder, "cache"), { recursive: true });
    const lock = `${target()}.lock`;
    await writeFile(lock, "1\n");
    const old = new Date(Date.now() - STALE_MS - 1000);
    await utimes(lock, old, old);
    await download();
    expect(await cached()).toStrictEqual(["file.gz"]);

    await writeFile(lock, "1\n");
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => { controller.abort(reason); }, 300);
    await expect(download({ signal: controller.signal })).rejects.toBe(reason);
    expect(await cached()).toStrictEqual(["file.gz", "file.gz.lock"]);
    expect(ranges).toHaveLength(1);
  });
});
