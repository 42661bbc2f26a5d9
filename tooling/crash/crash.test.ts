import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finalFile, train } from "./training.js";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

interface Death {
  readonly signal: string | null;
  readonly code: number | null;
  /** The steps that it told of. */
  readonly steps: readonly number[];
}

/** Runs the training in a process of its own, which is killed within the step after `killAfter`. */
async function child(dir: string, killAfter = Infinity): Promise<Death> {
  const running = spawn(process.execPath, ["--conditions=@dl/source", "--import", "tsx", main, dir], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<Omit<Death, "steps">>((resolve) => { running.on("close", (code, signal) => { resolve({ code, signal }); }); });
  const steps: number[] = [];
  for await (const line of createInterface({ input: running.stdout })) {
    const step = /^step (\d+)$/.exec(line)?.[1];
    if (step !== undefined) steps.push(Number(step));
    else if (steps.at(-1) === killAfter) running.kill("SIGKILL");
  }
  return { ...(await ended), steps };
}

const sha256 = async (file: string): Promise<string> => createHash("sha256").update(await readFile(file)).digest("hex");

/** A log without the times. */
const logOf = async (dir: string): Promise<string> => (await readFile(join(dir, "log.csv"), "utf8")).replaceAll(/^(\d+,\d+),[\d.e+-]+/gm, "$1");

let parent: string;
beforeAll(async () => { parent = await mkdtemp(join(tmpdir(), "dl-crash-")); });
afterAll(() => rm(parent, { recursive: true, force: true }));

test("SYS-07 a training that was killed with SIGKILL twice, within steps of two epochs, ends with the bits of an uninterrupted one", async () => {
  const [whole, killed] = [join(parent, "whole"), join(parent, "killed")];
  await mkdir(whole);
  await mkdir(killed);
  await train(whole, () => undefined);

  const first = await child(killed, 14);
  expect(first).toMatchObject({ signal: "SIGKILL", code: null });
  expect(first.steps[0]).toBe(1);
  const second = await child(killed, 28);
  expect(second).toMatchObject({ signal: "SIGKILL", code: null });
  expect(second.steps[0]).toBeGreaterThan(9);
  expect(second.steps[0]).toBeLessThanOrEqual(first.steps.length + 1);
  const last = await child(killed);
  expect(last).toMatchObject({ signal: null, code: 0 });
  expect(last.steps[0]).toBeGreaterThan(20);
  expect(last.steps.at(-1)).toBe(40);

  for (const file of [finalFile, "checkpoint/model.safetensors", "checkpoint/training.safetensors"]) {
    expect(await sha256(join(killed, file))).toBe(await sha256(join(whole, file)));
  }
  expect(await logOf(killed)).toBe(await logOf(whole));
  expect(await readFile(join(killed, "best", "best.json"), "utf8")).toBe(await readFile(join(whole, "best", "best.json"), "utf8"));
  for (const folder of ["", "best"]) expect((await readdir(join(killed, folder))).sort()).toStrictEqual((await readdir(join(whole, folder))).sort());
}, 60_000);
