import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { FormatError, StateError, UnknownNameError } from "@dl/registry";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeMnist, type DownloadedDataset } from "../index.js";
import { dataDir, fetchDataset, loadDataset, loadMnist } from "./index.js";

const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255);
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7);
const served = new Map([["/images", images], ["/labels", labels]]);

let dir: string;
let server: Server;
let requests: string[];

beforeEach(async () => {
  requests = [];
  dir = await mkdtemp(join(tmpdir(), "dl-load-"));
  server = createServer((request, response) => {
    requests.push(request.url ?? "");
    const bytes = served.get(request.url ?? "");
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(dir, { recursive: true });
});

/** A data set of two files on the local server; the first address of each is dead. */
function tiny(): DownloadedDataset {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = (name: string, bytes: Uint8Array): DownloadedDataset["files"][number] => ({
    path: `tiny/${name}`,
    urls: [`${base}/gone/${name}`, `${base}/${name}`],
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  return {
    kind: "downloaded",
    area: "images",
    title: "Tiny",
    classes: [],
    shape: [1, 1, 2],
    samples: { train: 1, test: 1 },
    licence: "none",
    reference: "none",
    files: [file("images", images), file("labels", labels)],
    decode: (bytesOf) => {
      const set = decodeMnist(bytesOf("tiny/images"), bytesOf("tiny/labels"));
      return { train: set, test: set };
    },
  };
}

describe("dataDir", () => {
  test("is DL_DATA_DIR, or dl in the user's cache", () => {
    expect(dataDir({ DL_DATA_DIR: "data", XDG_CACHE_HOME: "/x" })).toBe(resolve("data"));
    expect(dataDir({ DL_DATA_DIR: "", XDG_CACHE_HOME: "/x" })).toBe(resolve("/x/dl"));
    expect(dataDir({})).toBe(join(homedir(), ".cache", "dl"));
  });
});

describe("loadDataset", () => {
  test("downloads what is missing, from the second address if the first fails, and only once", async () => {
    const progress: number[] = [];
    const { train } = await loadDataset(tiny(), { dir, download: true, onProgress: ({ bytes }) => progress.push(bytes) });
    expect(train.host.y.data).toStrictEqual(Int32Array.of(7));
    expect(requests).toStrictEqual(["/gone/images", "/images", "/gone/labels", "/labels"]);
    expect(progress.at(-1)).toBe(labels.length);
    await loadDataset(tiny(), { dir, download: true });
    await loadDataset(tiny(), { dir });
    expect(requests).toHaveLength(4);
    expect(await readdir(join(dir, "tiny"))).toStrictEqual(["images", "labels"]);
  });

  test("without download, missing files are an error that says what to do", async () => {
    await expect(loadDataset(tiny(), { dir })).rejects.toThrow(StateError);
    await expect(loadMnist({ dir })).rejects.toThrow(/mnist\/train-images-idx3-ubyte\.gz, .* not found in .*DL_DATA_DIR.*{ download: true }/);
    expect(requests).toStrictEqual([]);
  });

  test("when every address fails, the last failure is reported", async () => {
    const { files, ...rest } = tiny();
    const dead = { ...rest, files: files.map((file) => ({ ...file, urls: file.urls.slice(0, 1) })) };
    await expect(fetchDataset(dead, { dir })).rejects.toThrow(/\/gone\/images answered 404/);
  });

  test("an abort is not a reason to try the next address", async () => {
    const reason = new Error("enough");
    await expect(fetchDataset(tiny(), { dir, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toStrictEqual([]);
  });

  test("a corrupt file names itself", async () => {
    await mkdir(join(dir, "mnist"));
    for (const name of ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]) {
      await writeFile(join(dir, "mnist", `${name}-ubyte.gz`), images.subarray(0, 10));
    }
    await expect(loadMnist({ dir })).rejects.toThrow(FormatError);
    await expect(loadMnist({ dir })).rejects.toThrow(/^mnist\/train-images-idx3-ubyte\.gz: the file ends at byte 10/);
  });

  test("decode may only ask for its own files", async () => {
    const greedy = { ...tiny(), decode: (bytesOf: (path: string) => Uint8Array) => decodeAny(bytesOf("other")) };
    const decodeAny = (bytes: Uint8Array): never => {
      throw new Error(String(bytes.length));
    };
    await expect(loadDataset(greedy, { dir, download: true })).rejects.toThrow(/"other" is none of the files of "Tiny"/);
  });

  test("generated sets need no files; names and options are checked", async () => {
    const { train, test } = await loadDataset("digits", { seed: 3, train: 5, test: 2 });
    expect([train.length, test.length]).toStrictEqual([5, 2]);
    await expect(loadDataset("fashion")).rejects.toThrow(/unknown data set "fashion"\. Did you mean "fashion-mnist" or "fashion-mnist-start"\?/);
    await expect(loadDataset("mnist", { dir, seed: 3 })).rejects.toThrow(UnknownNameError);
  });
});
