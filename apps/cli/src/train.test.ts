import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodePng, zip } from "@dl/data";
import { describe, expect, test } from "vitest";
import { inFolder, jsonLines, runCaptured } from "./testing/run-captured.js";

const quick = ["train", "softmax-regression", "--epochs", "2"];
const isNumber = expect.any(Number) as number;

/** What each backend's training says at its end. */
async function lastLines(folder: string, ...backends: readonly string[]): Promise<(Record<string, unknown> | undefined)[]> {
  const ends: (Record<string, unknown> | undefined)[] = [];
  for (const backend of backends) {
    const { code, out } = await runCaptured([...quick, "--backend", backend, "--out", join(folder, backend), "--json"]);
    expect(code).toBe(0);
    ends.push(jsonLines(out).at(-1));
  }
  return ends;
}

describe("dl train", () => {
  test("--json prints start, epochs and end, nothing else; eval of the checkpoint agrees", async () => {
    await inFolder(async (folder) => {
      const out = join(folder, "run");
      const trained = await runCaptured([...quick, "--seed", "7", "--out", out, "--json"]);
      expect([trained.code, trained.err]).toStrictEqual([0, ""]);
      const lines = jsonLines(trained.out);
      expect(lines.map(({ event }) => event)).toStrictEqual(["start", "epoch", "epoch", "end"]);
      expect(lines[0]).toMatchObject({ recipe: "softmax-regression", data: "digits", seed: 7, options: { epochs: 2, lr: 0.5 }, parameters: 7850 });
      expect(lines[1]).toMatchObject({ epoch: 1, loss: isNumber, accuracy: isNumber, seconds: isNumber });
      expect(lines[3]).toStrictEqual({
        event: "end", recipe: "softmax-regression", seed: 7, backend: "wasm", threads: isNumber, seconds: isNumber,
        metrics: { testAccuracy: isNumber, testLoss: isNumber }, checkpoint: out,
        files: ["loss.svg", "accuracy.svg", "samples.png"].map((name) => join(`${out}-report`, name)),
      });
      expect(await readFile(join(`${out}-report`, "loss.svg"), "utf8")).toMatch(/^<svg .*<title>Loss while training<\/title>.*<\/svg>$/s);
      const { shape } = decodePng(await readFile(join(`${out}-report`, "samples.png")));
      // Ten columns of enlarged digits with two pixels between them.
      expect([shape[0], shape[2]]).toStrictEqual([3, 10 * (56 + 2) + 2]);

      const evaluated = await runCaptured(["eval", `${out}/`, "--json"]);
      const [report] = jsonLines(evaluated.out);
      expect(report).toMatchObject({ event: "end", seed: 7, data: "digits", metrics: lines[3].metrics });
      const { files, event, ...whole } = report;
      expect(event).toBe("end");
      expect(files).toStrictEqual(["report.json", "confusion-matrix.svg", "roc.svg", "calibration.svg", "samples.png"].map((name) => join(`${out}-report`, name)));
      const [written, ...pictures] = await Promise.all((files as string[]).filter((file) => !file.endsWith(".png")).map((file) => readFile(file, "utf8")));
      expect(JSON.parse(written)).toStrictEqual(whole);
      expect(whole.classes).toHaveLength(10);
      for (const picture of pictures) expect(picture).toMatch(/^<svg .*<\/svg>$/s);
      const summary = await runCaptured(["summary", join(out, "model.json")]);
      expect(summary.out).toContain("7,850 parameters");
    });
  });

  test("--backend cpu is the reference backend; training on it gives the same accuracy within float32", async () => {
    await inFolder(async (folder) => {
      const ends = await lastLines(folder, "cpu", "wasm");
      expect(ends).toMatchObject([{ backend: "reference", threads: 1 }, { backend: "wasm" }]);
      const [cpu, wasm] = ends.map((end) => (end?.metrics as { testLoss: number }).testLoss);
      expect(wasm).toBeCloseTo(cpu, 3);
    });
  });

  test("SYS-04 --backend auto takes wasm where no GPU is; gpujs is as accurate", async () => {
    await inFolder(async (folder) => {
      const ends = await lastLines(folder, "auto", "gpujs");
      expect(ends).toMatchObject([{ backend: "wasm" }, { backend: "gpujs" }]);
      const [auto, gpujs] = ends.map((end) => (end?.metrics as { testAccuracy: number }).testAccuracy);
      expect(Math.abs(gpujs - auto)).toBeLessThanOrEqual(0.003);
    });
  });

  test("ends with a loss curve, the confusion matrix, the accuracy and what to try next, in 80 columns", async () => {
    await inFolder(async (folder) => {
      const { code, out, err } = await runCaptured([...quick, "--out", join(folder, "run")]);
      expect([code, err]).toStrictEqual([0, ""]);
      const order = ["epoch 1/2  loss ", "epoch 2/2  loss ", "    loss\n", "epoch 2\n", "predicted", "test accuracy  ", "checkpoint     ", "Try next:\n  dl eval "];
      const positions = order.map((part) => out.indexOf(part));
      expect(positions).not.toContain(-1);
      expect(positions).toStrictEqual(positions.toSorted((a, b) => a - b));
      const lines = out.split("\n").filter((line) => !line.includes(folder));
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
      const { out: report } = await runCaptured(["eval", join(folder, "run"), "--out", join(folder, "report")]);
      expect(report).toMatch(/test accuracy +\d\d\.\d\d %/);
      expect(report).toMatch(/\nclass +precision +recall +F1 +ROC AUC +samples\n0 ( +0\.\d{4}){4} +96\n/);
      expect(report).toMatch(/\ncalibration error +0\.\d{4}/);
      expect(report).toContain(`written  ${join(folder, "report", "roc.svg")}\n`);
    });
  });

  test("draws a bar with rate, loss and time left on a terminal", async () => {
    await inFolder(async (folder) => {
      const { out, err } = await runCaptured([...quick, "--out", join(folder, "run")], { tty: true });
      expect(err).toMatch(/epoch 1\/2 .+ loss \d\.\d{4} {2}[\d,]+ images\/s {2}ETA [\d.]+ s/);
      expect(out).not.toContain("images/s");
    });
  });

  test("under a package manager's script it says what to type for dl", async () => {
    await inFolder(async (folder) => {
      const env = { npm_lifecycle_event: "demo", npm_config_user_agent: "pnpm/10.34.9 npm/? node/v20.20.2 linux x64" };
      const { out } = await runCaptured([...quick, "--out", join(folder, "run")], { env });
      expect(out).toContain("Try next (dl is short for npx -y pnpm@10.34.9 dl):");
    });
  });

  test("interrupted, it leaves a checkpoint, and the rest of the training gives the same weights", async () => {
    await inFolder(async (folder) => {
      const [whole, part] = [join(folder, "whole"), join(folder, "part")];
      await runCaptured([...quick, "--out", whole]);
      const interruption = new AbortController();
      setTimeout(() => { interruption.abort(); }, 60);
      const stopped = await runCaptured([...quick, "--epochs", "500", "--out", part], { interrupted: interruption.signal });
      expect(stopped.code).toBe(130);
      expect(stopped.out).toContain(`checkpoint in ${part}\ncontinue with: dl train softmax-regression --resume ${part}\n`);
      expect((await runCaptured(["eval", part])).code).toBe(0);

      const aborted = AbortSignal.abort();
      const first = await runCaptured([...quick, "--out", part, "--json"], { interrupted: aborted });
      expect([first.code, jsonLines(first.out).at(-1)?.event]).toStrictEqual([130, "stop"]);
      const rest = await runCaptured(["train", "softmax-regression", "--resume", part, "--json"]);
      expect([rest.code, jsonLines(rest.out).at(-1)?.event]).toStrictEqual([0, "end"]);
      expect(await readFile(join(part, "model.safetensors"))).toStrictEqual(await readFile(join(whole, "model.safetensors")));
    });
  });

  test("a zip of a checkpoint is one, too", async () => {
    await inFolder(async (folder) => {
      const [part, packed] = [join(folder, "part"), join(folder, "page.zip")];
      await runCaptured([...quick, "--out", part, "--json"], { interrupted: AbortSignal.abort() });
      const names = ["state.json", "model.json", "model.safetensors", "training.safetensors", "assets/run.json"];
      const files = await Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(join(part, name)))] as const));
      await writeFile(packed, zip(new Map(files)));
      const rest = jsonLines((await runCaptured(["train", "softmax-regression", "--resume", packed, "--json"])).out).at(-1);
      expect(rest).toMatchObject({ event: "end", checkpoint: join(folder, "page") });
      const report = jsonLines((await runCaptured(["eval", join(folder, "page"), "--json"])).out);
      expect(report).toMatchObject([{ metrics: rest?.metrics }]);
      expect(await runCaptured(["eval", packed, "--json"])).toMatchObject({ code: 0, out: expect.stringContaining(join(folder, "page-report", "report.json")) as string });
      await writeFile(packed, zip(new Map(files)).subarray(0, 500));
      expect(await runCaptured(["eval", packed])).toMatchObject({ code: 1, err: expect.stringContaining("there is no zip directory") as string });
      expect(await runCaptured(["eval", join(folder, "none.zip")])).toMatchObject({ code: 1, err: expect.stringContaining("there is no such file") as string });
    });
  });

  test("a resumed training keeps its settings: another one is misuse", async () => {
    await inFolder(async (folder) => {
      const out = join(folder, "run");
      await runCaptured([...quick, "--out", out]);
      for (const flags of [["--seed", "3"], ["--data", "mnist"], ["--lr", "0.1"], ["--epochs", "3"]]) {
        const { code, err } = await runCaptured(["train", "softmax-regression", "--resume", out, ...flags]);
        expect(err).toMatch(new RegExp(`^dl: the checkpoint was trained with .*${flags[0].replace("--", "")} .*not ${flags[1]}`));
        expect(code).toBe(2);
      }
      const other = await runCaptured(["train", "digits-mlp", "--resume", out]);
      expect(other).toMatchObject({ code: 2, err: expect.stringContaining("trained with the recipe softmax-regression") as string });
    });
  });
});

describe("failures: one line on stderr, exit code 1", () => {
  test("a checkpoint that is missing, damaged or not ours", async () => {
    await inFolder(async (folder) => {
      const out = join(folder, "run");
      expect(await runCaptured(["eval", out])).toMatchObject({ code: 1, err: expect.stringContaining("there is no folder") as string });
      await runCaptured([...quick, "--out", out]);
      const file = join(out, "model.safetensors");
      const bytes = await readFile(file);
      await writeFile(file, bytes.subarray(0, 1000));
      for (const argv of [["eval", out], ["train", "softmax-regression", "--resume", out]]) {
        const { code, err } = await runCaptured(argv);
        expect([code, err.trimEnd().split("\n").length]).toStrictEqual([1, 1]);
        expect(err).toContain('"model.safetensors", 1000 bytes long, is not the file that was written');
      }
    });
  });

  test("a data set whose files are damaged", async () => {
    await inFolder(async (folder) => {
      await mkdir(join(folder, "mnist"));
      for (const name of ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]) {
        await writeFile(join(folder, "mnist", `${name}-ubyte.gz`), "no gzip");
      }
      const { code, err } = await runCaptured([...quick, "--data", "mnist", "--out", join(folder, "run")], { env: { DL_DATA_DIR: folder } });
      expect([code, err.trimEnd().split("\n").length]).toStrictEqual([1, 1]);
      expect(err).toContain("mnist/train-images-idx3-ubyte.gz");
    });
  });
});
