import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCheckpoint } from "@dl/nn";
import { expect, test } from "vitest";
import { inFolder } from "./testing/run-captured.js";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program as a shell does; `signalAfter` sends SIGINT once its output contains a text. */
function start(argv: readonly string[], signalAfter?: string): Promise<Ended> {
  const child = spawn(process.execPath, ["--conditions=@dl/source", "--import", "tsx", main, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err, signalled] = ["", "", false];
  child.stdout.on("data", (chunk: Buffer) => {
    out += String(chunk);
    if (signalAfter === undefined || signalled || !out.includes(signalAfter)) return;
    signalled = true;
    child.kill("SIGINT");
  });
  child.stderr.on("data", (chunk: Buffer) => { err += String(chunk); });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => { resolve({ code, out, err }); });
  });
}

test("the process ends with the command's exit code", async () => {
  const [misuse, failure, help] = await Promise.all([start(["train", "digit-mlp"]), start(["eval", "nowhere"]), start(["--help"])]);
  expect(misuse).toStrictEqual({ code: 2, out: "", err: 'dl: unknown recipe "digit-mlp". Did you mean "digits-mlp"?\n' });
  expect([failure.code, failure.out, failure.err.split("\n").length]).toStrictEqual([1, "", 2]);
  expect([help.code, help.err]).toStrictEqual([0, ""]);
});

test("Ctrl-C ends a training after its step with a checkpoint that loads", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "run");
    const { code, out: text, err } = await start(["train", "softmax-regression", "--epochs", "1000", "--out", out], "epoch    2/1000");
    expect([code, err]).toStrictEqual([130, ""]);
    expect(text).toContain(`continue with: dl train softmax-regression --resume ${out}`);
    expect((await loadCheckpoint(out)).assets.has("run.json")).toBe(true);
  });
});
