import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { registry } from "./registry.js";
import { inFolder, jsonLines, runCaptured } from "./testing/run-captured.js";

const widest = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));
const env = (folder: string): NodeJS.ProcessEnv => ({ DL_DATA_DIR: folder });

test("dl data list shows every data set in 80 columns", async () => {
  const { code, out, err } = await runCaptured(["data", "list"], { env: env("/nowhere") });
  expect([code, err]).toStrictEqual([0, ""]);
  for (const name of Object.keys(registry.datasets)) expect(out).toContain(`\n${name} `);
  expect(out).toMatch(/\nmnist +images +70,000 +11\.6 MB +to download +Not stated/);
  expect(out).toMatch(/\ncora +graphs +2,708 +98\.9 KB +by hand /);
  expect(out).toMatch(/\neng-fra +translation +unknown +to download /);
  expect(out).toMatch(/\nkarate +graphs +34 +here /);
  expect(widest(out)).toBeLessThanOrEqual(80);
});

test("dl data list --json is an object per line", async () => {
  const rows = jsonLines((await runCaptured(["data", "list", "--json"], { env: env("/nowhere") })).out);
  expect(rows.map(({ name }) => name)).toStrictEqual(Object.keys(registry.datasets));
  expect(rows.find(({ name }) => name === "iris")).toMatchObject({ area: "tabular", samples: { all: 150 }, bytes: 2734, verified: true, present: false, place: "to download", source: "downloaded" });
  expect(rows.find(({ name }) => name === "eng-fra")).toMatchObject({ verified: false, present: false });
});

test("dl data where is the data directory", async () => {
  expect(await runCaptured(["data", "where"], { env: env("/some/data") })).toStrictEqual({ code: 0, out: "/some/data\n", err: "" });
  expect(jsonLines((await runCaptured(["data", "where", "--json"], { env: env("/some/data") })).out)).toStrictEqual([{ dir: "/some/data" }]);
});

test("dl data verify tells what is missing and what is wrong, and ends with 1", async () => {
  await inFolder(async (folder) => {
    const lines = (out: string): string[] => out.trim().split("\n").map((line) => line.replace(/ +/, " "));
    const path = "text/ag-news/test.csv";
    expect(await runCaptured(["data", "verify", "ag-news-test"], { env: env(folder) })).toMatchObject({ code: 1, out: `${path}  missing\n`, err: "" });
    await mkdir(join(folder, "text/ag-news"), { recursive: true });
    await writeFile(join(folder, `${path}.gz`), gzipSync("1,a,b"));
    const packed = await runCaptured(["data", "verify", "ag-news-test"], { env: env(folder) });
    expect([packed.code, lines(packed.out)]).toStrictEqual([1, [`${path} wrong SHA-256`]]);
    await writeFile(join(folder, `${path}.gz`), "no gzip");
    expect((await runCaptured(["data", "verify", "ag-news-test"], { env: env(folder) })).out).toContain("wrong SHA-256");
    await mkdir(join(folder, "translation/eng-fra"), { recursive: true });
    await writeFile(join(folder, "translation/eng-fra/fra-eng.zip"), "x");
    const [report] = jsonLines((await runCaptured(["data", "verify", "eng-fra", "--json"], { env: env(folder) })).out);
    expect(report).toStrictEqual({ name: "eng-fra", dir: folder, right: true, files: [{ path: "translation/eng-fra/fra-eng.zip", state: "unverified" }] });
  });
});

test("dl data get says how to come by files that no address has, and computes nothing", async () => {
  await inFolder(async (folder) => {
    const { code, out, err } = await runCaptured(["data", "get", "cora"], { env: env(folder) });
    expect([code, out, err.trimEnd().split("\n").length]).toStrictEqual([1, "", 1]);
    expect(err).toMatch(/no address is known for graph\/cora\/nodes\.tsv\.gz, .*Put them below .* data\/ind\.cora\.\* of kimiyoung\/planetoid/);
    expect(await runCaptured(["data", "get", "digits"], { env: env(folder) })).toStrictEqual({ code: 0, out: "digits is computed, there is nothing to download\n", err: "" });
    expect(jsonLines((await runCaptured(["data", "get", "digits", "--json"], { env: env(folder) })).out)).toStrictEqual([{ name: "digits", dir: folder, files: [], unverified: [] }]);
  });
});

test.each([
  [["data"], /say what: dl data list, get, verify or where/],
  [["data", "lst"], /unknown command "data lst"/],
  [["data", "get"], /missing required argument 'name'/],
  [["data", "get", "minst"], /unknown data set "minst"\. Did you mean "mnist"/],
  [["data", "verify", "digits"], /"digits" is computed: it has no files to verify/],
  [["data", "list", "--jsn"], /unknown option '--jsn'/],
])("%j is a misuse", async (argv, message) => {
  const { code, out, err } = await runCaptured(argv);
  expect([code, out]).toStrictEqual([2, ""]);
  expect(err).toMatch(message);
});
