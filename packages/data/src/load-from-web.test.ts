import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { DLError, FormatError } from "@dl/registry";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { drawnDigits, loadFromWeb } from "./index.js";
import type { DownloadedDataset } from "./index.js";

const bytes = new TextEncoder().encode("a,b\n");
const sha256 = createHash("sha256").update(bytes).digest("hex");

const entry: DownloadedDataset<string> = {
  kind: "downloaded", area: "text", title: "Words", classes: [], samples: { all: 1 }, licence: "none", reference: "none",
  files: [{ path: "words/a.csv", urls: ["https://first.example/a.csv", "https://second.example/a.csv"], sha256 }],
  decode: (bytesOf) => new TextDecoder().decode(bytesOf("words/a.csv")),
};

/** What each address answers; all others do not. */
const answers = new Map<string, Uint8Array>();
const asked: string[] = [];

beforeEach(() => {
  answers.clear();
  asked.length = 0;
  vi.stubGlobal("fetch", async (url: string, { signal }: { readonly signal?: AbortSignal }) => {
    signal?.throwIfAborted();
    asked.push(url);
    if (url.startsWith("https://first")) throw new TypeError("Failed to fetch");
    const found = answers.get(url);
    return found === undefined ? new Response(null, { status: 404 }) : new Response(found.slice());
  });
});
afterEach(() => { vi.unstubAllGlobals(); });

describe("loadFromWeb", () => {
  test("asks the mirror, then one publisher after the other", async () => {
    answers.set("https://second.example/a.csv", bytes);
    expect(await loadFromWeb(entry, { mirror: "/data/" })).toBe("a,b\n");
    expect(asked).toStrictEqual(["/data/words/a.csv", "https://first.example/a.csv", "https://second.example/a.csv"]);
  });

  test("takes a mirror's packed file, whose content has the published digest", async () => {
    answers.set("/data/words/a.csv", new Uint8Array(gzipSync(bytes)));
    expect(await loadFromWeb(entry, { mirror: "/data/" })).toBe("a,b\n");
    expect(asked).toStrictEqual(["/data/words/a.csv"]);
  });

  test("refuses other bytes, says who was asked in vain, and stops when it is told to", async () => {
    await expect(loadFromWeb(entry)).rejects.toThrow(DLError);
    await expect(loadFromWeb(entry)).rejects.toThrow("words/a.csv cannot be fetched from here. Many servers do not answer pages of others: put the file on your own and pass { mirror }. Asked: https://first.example/a.csv, https://second");
    answers.set("/data/words/a.csv", Uint8Array.of(1));
    await expect(loadFromWeb(entry, { mirror: "/data/" })).rejects.toThrow(FormatError);
    await expect(loadFromWeb(entry, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    await expect(loadFromWeb(entry, { dir: "x" } as object)).rejects.toThrow('unknown option "dir"');
  });

  test("computes what is generated", async () => {
    const { train } = await loadFromWeb(drawnDigits);
    expect([train.length, asked]).toStrictEqual([4000, []]);
  });
});
