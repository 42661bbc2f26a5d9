import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backward } from "@dl/autograd";
import { FormatError, ShapeError, StateError, UnknownNameError, ValueError, createRegistry } from "@dl/registry";
import { arange, decodeSafetensors, ones } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Linear, MLP } from "../layers/index.js";
import { Module, buffer } from "../module/index.js";
import { Adam, SGD } from "../optim/index.js";
import { nn } from "../plugin.js";
import { loadCheckpoint, loadModel, packCheckpoint, restoreCheckpoint, saveCheckpoint, saveModel, unpackCheckpoint } from "./index.js";

const values = (model: Module): unknown => [...model.stateDict()].map(([key, value]) => [key, value.toArray()]);

function trained(): { model: MLP; optimizer: Adam } {
  const model = new MLP([2, 3, 1]);
  const optimizer = new Adam(model.parameters(), { lr: 0.1 });
  backward(model.forward(ones([4, 2])).sum());
  optimizer.step();
  return { model, optimizer };
}

describe("weights in bytes", () => {
  test("SYS-02 go back bit for bit", async () => {
    const [a, b] = [new MLP([2, 3, 1]), new MLP([2, 3, 1])];
    const bytes = await saveModel(a);
    expect(loadModel(b, bytes)).toStrictEqual({ missing: [], unexpected: [] });
    expect(values(b)).toStrictEqual(values(a));
  });

  test("a buffer keeps the file's type that it names", async () => {
    class Counter extends Module {
      numBatchesTracked = buffer(arange(1), { fileDtype: "I64" });
      forward(x: Tensor): Tensor { return x; }
    }
    const bytes = await saveModel(new Counter());
    expect(decodeSafetensors(bytes).tensors.get("num_batches_tracked")).toMatchObject({ dtype: "int32", fileDtype: "I64" });
    loadModel(new Counter(), bytes);
  });

  test("of another model, and damaged ones, change nothing", async () => {
    const model = new MLP([2, 3, 1]);
    const before = values(model);
    const bytes = await saveModel(new MLP([2, 4, 1]));
    expect(() => loadModel(model, bytes)).toThrow(ShapeError);
    const other = await saveModel(new Linear(2, 3));
    expect(() => loadModel(model, other)).toThrow(/missing "0\.weight" \(near: "weight"\).*unexpected "bias"/);
    expect(() => loadModel(model, bytes.subarray(0, bytes.length - 3))).toThrow(FormatError);
    expect(values(model)).toStrictEqual(before);
  });
});

describe("checkpoints", () => {
  let parent: string;
  let dir: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "dl-checkpoint-"));
    dir = join(parent, "run");
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  test("SYS-02 hold the model's JSON, weights, the optimizer, a state and assets", async () => {
    const { model, optimizer } = trained();
    await saveCheckpoint(`${dir}/`, { model, optimizer, state: { note: [1, "two"] }, assets: { "classes.txt": "cat\ndog" } });
    expect((await readdir(dir)).sort()).toStrictEqual(["assets", "model.json", "model.safetensors", "state.json", "training.safetensors"]);
    expect(await readdir(parent)).toStrictEqual(["run"]);

    const checkpoint = await loadCheckpoint(dir);
    const copy = createRegistry(nn).build(checkpoint.model);
    if (!(copy instanceof MLP)) return expect.unreachable();
    const second = new Adam(copy.parameters());
    restoreCheckpoint(checkpoint, { model: copy, optimizer: second });
    expect(values(copy)).toStrictEqual(values(model));
    expect(second.groups[0].lr).toBe(0.1);
    expect(second.stateDict().steps).toStrictEqual([1, 1, 1, 1]);
    expect(checkpoint.state).toStrictEqual({ note: [1, "two"] });
    expect(new TextDecoder().decode(checkpoint.assets.get("classes.txt"))).toBe("cat\ndog");
  });

  test("are replaced as a whole", async () => {
    const { model } = trained();
    await saveCheckpoint(dir, { model, assets: { old: "1" } });
    await saveCheckpoint(dir, { model: new Linear(1, 1), assets: { young: "2" } });
    const { assets, weights } = await loadCheckpoint(dir);
    expect([...assets.keys()]).toStrictEqual(["young"]);
    expect([...weights.keys()].sort()).toStrictEqual(["bias", "weight"]);
    expect(await readdir(parent)).toStrictEqual(["run"]);
  });

  test("survive a crash between the renames", async () => {
    await saveCheckpoint(dir, { model: new Linear(1, 1) });
    await rename(dir, `${dir}.old`);
    expect((await loadCheckpoint(dir)).weights.size).toBe(2);
    await saveCheckpoint(dir, { model: new Linear(1, 1) });
    expect(await readdir(parent)).toStrictEqual(["run"]);
  });

  test("never replace a folder of anything else", async () => {
    await mkdir(dir);
    await writeFile(join(dir, "thesis.txt"), "years of work");
    const save = (): Promise<void> => saveCheckpoint(dir, { model: new Linear(1, 1) });
    await expect(save).rejects.toThrow(StateError);
    await expect(save).rejects.toThrow(/holds "thesis\.txt", which is not of a checkpoint/);
    expect(await readFile(join(dir, "thesis.txt"), "utf8")).toBe("years of work");
    expect(await readdir(parent)).toStrictEqual(["run"]);
  });

  test("a plain module has no JSON, but everything else", async () => {
    class Plain extends Module {
      layer = new Linear(1, 1);
      forward(x: Tensor): Tensor { return this.layer.forward(x); }
    }
    await saveCheckpoint(dir, { model: new Plain() });
    const checkpoint = await loadCheckpoint(dir);
    expect(checkpoint.model).toBeUndefined();
    const copy = new Plain();
    restoreCheckpoint(checkpoint, { model: copy });
    expect(copy.layer.weight.item()).toBe(checkpoint.weights.get("layer.weight")?.item());
  });

  test.each<[string, (folder: string) => Promise<void>, RegExp]>([
    ["no folder", (folder) => rm(folder, { recursive: true }), /there is no folder/],
    ["no state", (folder) => rm(join(folder, "state.json")), /"state\.json" is missing\. This is no complete checkpoint/],
    ["no weights", (folder) => rm(join(folder, "model.safetensors")), /"model\.safetensors" is missing/],
    ["no asset", (folder) => rm(join(folder, "assets", "names")), /"assets\/names" is missing/],
    ["truncated weights", async (folder) => writeFile(join(folder, "model.safetensors"), (await readFile(join(folder, "model.safetensors"))).subarray(0, 100)), /"model\.safetensors", 100 bytes long, is not the file that was written/],
    ["a flipped bit", async (folder) => {
      const bytes = await readFile(join(folder, "training.safetensors"));
      bytes[bytes.length - 1] ^= 1;
      await writeFile(join(folder, "training.safetensors"), bytes);
    }, /"training\.safetensors", \d+ bytes long, is not the file/],
    ["a cut state", (folder) => writeFile(join(folder, "state.json"), '{ "format": 1,'), /"state\.json" is not JSON from byte 14 on/],
    ["a changed state", async (folder) => writeFile(join(folder, "state.json"), (await readFile(join(folder, "state.json"), "utf8")).replace("Adam", "AdaM")), /"state\.json" was changed after it was written/],
    ["another format", (folder) => writeFile(join(folder, "state.json"), '{ "format": 2 }'), /has format 2, this version reads 1/],
    ["no checkpoint", (folder) => writeFile(join(folder, "state.json"), "[]"), /is not what saveCheckpoint writes/],
  ])("with %s are refused", async (_, damage, message) => {
    await saveCheckpoint(dir, { ...trained(), assets: { names: "a" } });
    await damage(dir);
    await expect(loadCheckpoint(dir)).rejects.toThrow(FormatError);
    await expect(loadCheckpoint(dir)).rejects.toThrow(message);
  });

  test("of another model or optimizer change neither", async () => {
    await saveCheckpoint(dir, trained());
    const checkpoint = await loadCheckpoint(dir);
    const other = new Linear(2, 3);
    const sgd = new SGD(other.parameters(), { lr: 0.5 });
    expect(() => { restoreCheckpoint(checkpoint, { model: other, optimizer: sgd }); }).toThrow(UnknownNameError);
    const same = new MLP([2, 3, 1]);
    const before = values(same);
    expect(() => { restoreCheckpoint(checkpoint, { model: same, optimizer: new SGD(same.parameters()) }); }).toThrow(/state is of "Adam"/);
    expect(values(same)).toStrictEqual(before);
    const files = await packCheckpoint({ model: same, assets: { "a.txt": "a" } });
    const folder = new Map([["notes.txt", Uint8Array.of(1)], ...[...files].map(([name, bytes]) => [`runs/1/${name}`, bytes] as const)]);
    const found = await unpackCheckpoint(folder);
    expect([[...found.assets.keys()], found.weights.size]).toStrictEqual([["a.txt"], same.stateDict().size]);
    const bare = await unpackCheckpoint(await packCheckpoint({ model: same }));
    expect(() => { restoreCheckpoint(bare, { model: same, optimizer: sgd }); }).toThrow(/the checkpoint has no optimizer/);
  });

  test("an asset with a path for a name is refused", async () => {
    await expect(saveCheckpoint(dir, { model: new Linear(1, 1), assets: { "../x": "" } })).rejects.toThrow(ValueError);
  });
});
