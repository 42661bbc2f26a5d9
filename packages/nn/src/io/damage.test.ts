import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormatError } from "@dl/registry";
import { ones } from "@dl/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MLP } from "../layers/index.js";
import { Adam } from "../optim/index.js";
import { loadCheckpoint, saveCheckpoint } from "./index.js";

let parent: string;
let dir: string;
afterEach(() => rm(parent, { recursive: true, force: true }));

const files = ["model.json", "model.safetensors", "training.safetensors", "state.json", "assets/names.txt"];

type Damage = (bytes: Uint8Array) => Uint8Array | null;

const damages: readonly [string, Damage][] = [
  ["missing", () => null],
  ["empty", () => new Uint8Array()],
  ["cut in half", (bytes) => bytes.subarray(0, bytes.length >> 1)],
  ["one byte short", (bytes) => bytes.subarray(0, -1)],
  ["one byte longer", (bytes) => Uint8Array.of(...bytes, 0x7d)],
  ["changed in one bit", (bytes) => bytes.with(bytes.length >> 1, bytes[bytes.length >> 1] ^ 1)],
];

describe("a checkpoint with a damaged file", () => {
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "dl-damage-"));
    dir = join(parent, "run");
    const model = new MLP([2, 3, 1]);
    await saveCheckpoint(dir, { model, optimizer: new Adam(model.parameters()), state: { average: ones([3]) }, assets: { "names.txt": "a\nb" } });
  });

  test.each(files.flatMap((file) => damages.map(([how, damage]) => [file, how, damage] as const)))("%s %s is refused by name", async (file, _, damage) => {
    const path = join(dir, file);
    const bytes = damage(new Uint8Array(await readFile(path)));
    if (bytes === null) await rm(path);
    else await writeFile(path, bytes);
    await expect(loadCheckpoint(dir)).rejects.toThrow(FormatError);
    await expect(loadCheckpoint(dir)).rejects.toMatchObject({ details: { file } });
    await expect(loadCheckpoint(dir)).rejects.toThrow(`"${file}"`);
  });

  test("what a killed process left beside it is removed by the next save, and nothing else is", async () => {
    const left = `run.tmp-${crypto.randomUUID()}`;
    for (const name of [left, "run.tmp-notes", "run2.tmp-x"]) await saveCheckpoint(join(parent, name), { model: new MLP([1, 1]) });
    await saveCheckpoint(dir, { model: new MLP([1, 1]) });
    expect((await readdir(parent)).sort()).toStrictEqual(["run", "run.tmp-notes", "run2.tmp-x"]);
  });
});
