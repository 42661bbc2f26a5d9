import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listKinds } from "./commands/list.js";
import { registry } from "./registry.js";
import { plugin } from "./testing/faulty-backend.js";
import { inFolder, jsonLines, runCaptured } from "./testing/run-captured.js";

const widest = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));

describe("dl list", () => {
  test("shows everything that is registered, in 80 columns", async () => {
    const { code, out, err } = await runCaptured(["list"]);
    expect([code, err]).toStrictEqual([0, ""]);
    for (const kind of ["layers", "ops", "datasets", "recipes", "backends"] as const) {
      for (const name of Object.keys(registry[kind])) expect(out).toContain(name);
    }
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  test.each(listKinds)("%s --json is an object per line", async (kind) => {
    const rows = jsonLines((await runCaptured(["list", kind, "--json"])).out);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatchObject({ kind, name: expect.any(String) as string });
  });

  test("a recipe's row tells its hyper-parameters", async () => {
    const rows = jsonLines((await runCaptured(["list", "recipes", "--json"])).out);
    expect(rows.find(({ name }) => name === "digits-mlp")).toMatchObject({ chapter: 4, datasets: ["digits", "mnist"], options: { hidden: { kind: "integer" } } });
  });
});

describe("dl doctor", () => {
  test("--json tells Node, backends, threads, memory and the data directory", async () => {
    const { code, out } = await runCaptured(["doctor", "--json"], { env: { DL_DATA_DIR: "/nowhere/data" } });
    expect(code).toBe(0);
    const [report, ...rest] = jsonLines(out);
    expect(rest).toStrictEqual([]);
    expect(report).toMatchObject({ node: process.version, nodeIsSupported: true, dataDir: "/nowhere/data" });
    const speed = { matmul: expect.any(Number) as number, convolution: expect.any(Number) as number, elementwise: expect.any(Number) as number, readBack: expect.any(Number) as number };
    // The fastest first, of which only the first is sure.
    expect(report.backends).toHaveLength(3);
    const [, ...slower] = report.backends as { readonly name: string }[];
    expect([(report.backends as unknown[])[0], ...slower.toSorted((a, b) => (a.name < b.name ? 1 : -1))]).toMatchObject([
      { name: "wasm", available: true, threads: report.cores, dtypes: expect.arrayContaining(["float32", "int32"]) as string[], speed },
      { name: "reference", available: true, threads: 1, dtypes: expect.arrayContaining(["float64"]) as string[], speed },
      { name: "gpujs", available: true, threads: 1, speed, info: { mode: "webasm", notes: expect.arrayContaining(["webgl2 was not taken: there is no WebGL 2 here."]) as string[] } },
    ]);
    expect(report.datasets).toContainEqual({ name: "mnist", present: false });
  });

  test("is readable", async () => {
    const { out } = await runCaptured(["doctor"]);
    expect(out).toMatch(/backend +threads +products +convolutions +elementwise +read-back\n/);
    expect(out).toMatch(/\nwasm +\d+( +[\d.]+){4}\n/);
    expect(out).toMatch(/\nreference +1( +[\d.]+){4}\n/);
    expect(out).toMatch(/\ngpujs runs webasm\. webgpu was not taken: there is no WebGPU here/);
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  const faulty = join(import.meta.dirname, "testing/faulty-backend.ts");
  test("--conformance runs the suite on a backend of somebody else's: failures by name, gaps with their reason", async () => {
    const { code, out } = await runCaptured(["doctor", "--conformance", faulty]);
    expect(code).toBe(1);
    expect(out).toMatch(/^faulty: float32, int32, bool; 1 thread\nskipped \d+: /);
    expect(out).toContain(plugin.backends.faulty.gaps?.[0].reason);
    expect(out).toContain("failed gather");
    expect(out).toMatch(/\n[\d,]+ passed, \d+ failed, \d+ skipped in [\d.]+ s\n$/);
    const [report] = jsonLines((await runCaptured(["doctor", "--conformance", faulty, "--json"])).out);
    expect(report).toMatchObject({ backend: "faulty", dtypes: ["float32", "int32", "bool"], failed: expect.any(Number) as number });
    const outcomes = (report.checks as { readonly outcome: string }[]).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "failed")).toHaveLength(report.failed as number);
    expect(outcomes.filter((outcome) => outcome === "passed")).toHaveLength(report.passed as number);
  }, 60_000);

  test("--conformance refuses what is no backend, before anything runs", async () => {
    const { code, err } = await runCaptured(["doctor", "--conformance", "nothere"]);
    expect(code).toBe(2);
    expect(err).toMatch(/"nothere" is no backend of this command and cannot be imported \(.*\)\. Give wasm, gpujs, cpu, a file or a package\./);
    const other = await runCaptured(["doctor", "--conformance", join(import.meta.dirname, "errors.ts")]);
    expect([other.code, other.err]).toEqual([2, expect.stringContaining("exports no backend. Let it export one factory") as string]);
  });
});

describe("dl summary", () => {
  test("of a recipe with its options", async () => {
    const { code, out } = await runCaptured(["summary", "digits-mlp", "--hidden", "16"]);
    expect(code).toBe(0);
    expect(out).toContain("12,730 parameters");
    expect(widest(out)).toBeLessThanOrEqual(80);
    const [json] = jsonLines((await runCaptured(["summary", "digits-mlp", "--hidden", "16", "--json"])).out);
    expect(json).toMatchObject({ name: "digits-mlp", inputShape: [1, 1, 28, 28], parameters: 12_730 });
  });

  test("of a model.json needs the shape of its input", async () => {
    await inFolder(async (folder) => {
      const file = join(folder, "model.json");
      await writeFile(file, '{"type":"nn/Linear","args":[3,2]}');
      expect((await runCaptured(["summary", file, "--input", "5,3"])).out).toContain("8 parameters");
      expect(await runCaptured(["summary", file])).toMatchObject({ code: 2, err: expect.stringContaining("--input") as string });
      expect(await runCaptured(["summary", file, "--input", "5,a"])).toMatchObject({ code: 2 });
      expect(await runCaptured(["summary", file, "--input", "5,4"])).toMatchObject({ code: 1, err: expect.stringContaining("expected 3 features") as string });
      await writeFile(file, "{");
      expect(await runCaptured(["summary", file, "--input", "5,3"])).toMatchObject({ code: 1, err: expect.stringContaining("not JSON") as string });
    });
  });
});

describe("misuse: one line on stderr, exit code 2", () => {
  test.each([
    [["train", "digit-mlp"], 'dl: unknown recipe "digit-mlp". Did you mean "digits-mlp"?'],
    [["train"], "dl: name a recipe: dl train <recipe>. Known: "],
    [["train", "--data", "mnist", "digits-mlp"], "dl: name the recipe first: dl train <recipe> --data …"],
    [["train", "digits-mlp", "--data", "mnits"], 'dl: unknown data set "mnits". Did you mean "mnist"?'],
    [["train", "digits-mlp", "--backend", "referense"], 'dl: unknown backend "referense". Did you mean "reference"?'],
    [["train", "digits-mlp", "--epoch", "3"], "dl: unknown option '--epoch' (Did you mean --epochs?)"],
    [["train", "digits-mlp", "--lr", "fast"], 'dl: --lr is "fast". Give a number.'],
    [["train", "digits-mlp", "--hidden", "0"], "dl: --hidden is 0. Give a whole number from 1 to 8192."],
    [["train", "digits-mlp", "--activation", "rlu"], 'dl: --activation is "rlu". Use one of relu, '],
    [["train", "digits-mlp", "--seed", "-1"], 'dl: --seed is "-1". Give a whole number from 0.'],
    [["train", "digits-mlp", "extra"], "dl: too many arguments"],
    [["train", "digits-mlp", "--out", "."], 'dl: "." holds other files.'],
    [["list", "layer"], 'dl: unknown kind "layer". Did you mean "layers"?'],
    [["eval"], "dl: missing required argument 'checkpoint'"],
    [["summary", "soft-regression"], 'dl: unknown recipe "soft-regression".'],
    [["trian"], "dl: unknown command 'trian' (Did you mean train?)"],
  ])("%j", async (argv, message) => {
    const { code, out, err } = await runCaptured(argv);
    expect(err).toContain(message);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect([code, out]).toStrictEqual([2, ""]);
  });

  test("--debug adds the stack trace", async () => {
    const { code, err } = await runCaptured(["train", "digit-mlp", "--debug"]);
    expect(code).toBe(2);
    expect(err).toMatch(/\n\s+at /);
  });

  test("help goes to stdout and is no error", async () => {
    const { code, out, err } = await runCaptured(["train", "digits-mlp", "--help"]);
    expect([code, err]).toStrictEqual([0, ""]);
    expect(out).toContain("--batch-size <integer>");
    expect((await runCaptured([])).out).toContain("doctor");
  });
});
