import { FormatError, StateError } from "@dl/registry";
import { assetPrefix, packCheckpoint, stateFile, topLevel, unpackCheckpoint } from "./checkpoint.js";
import type { Checkpoint, CheckpointFiles, CheckpointParts } from "./checkpoint.js";
import { fileSystem, listFolder } from "./file-system.js";

/** Where the last checkpoint stands while the next takes its place. */
const previous = (dir: string): string => `${dir}.old`;

/** @throws StateError rather than replacing a folder with anything else in it */
async function refuseOtherFolders(dir: string, names: readonly string[]): Promise<void> {
  const foreign = names.find((name) => !topLevel.includes(name));
  if (foreign === undefined && (names.length === 0 || names.includes(stateFile))) return;
  const fact = foreign === undefined ? `"${dir}" is there and is no checkpoint` : `"${dir}" holds "${foreign}", which is not of a checkpoint`;
  throw new StateError("saveCheckpoint", fact, "Choose a folder of its own: its content is replaced", { dir });
}

/** A folder that is being written: its name, and how it is recognised. */
const unfinished = (dir: string): string => `${dir}.tmp-${crypto.randomUUID()}`;
const isUnfinished = (name: string, base: string): boolean => name.startsWith(base) && /^\.tmp-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name.slice(base.length));

/** Removes what a process that was killed while it wrote has left. */
async function removeUnfinished(dir: string): Promise<void> {
  const { rm, path } = await fileSystem();
  const parent = path.dirname(dir);
  const names = (await listFolder(parent)) ?? [];
  const stale = names.filter((name) => isUnfinished(name, path.basename(dir)));
  await Promise.all(stale.map((name) => rm(path.join(parent, name), { recursive: true, force: true })));
}

async function replaceFolder(dir: string, files: CheckpointFiles): Promise<void> {
  const { mkdir, rename, rm, writeFile, path } = await fileSystem();
  const existing = await listFolder(dir);
  if (existing !== null) await refuseOtherFolders(dir, existing);
  await removeUnfinished(dir);
  const temporary = unfinished(dir);
  try {
    await mkdir(path.join(temporary, assetPrefix), { recursive: true });
    for (const [name, bytes] of files) await writeFile(path.join(temporary, name), bytes, { flush: true });
    if (existing !== null) {
      await rm(previous(dir), { recursive: true, force: true });
      await rename(dir, previous(dir));
    }
    await rename(temporary, dir);
    await rm(previous(dir), { recursive: true, force: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Writes a checkpoint: a folder with `model.json`, `model.safetensors`, `training.safetensors`, `state.json` and `assets/`.
 * It is written beside and renamed into place, so that a complete one is there at any time. Node only.
 * @throws StateError when the folder holds anything else
 */
export async function saveCheckpoint(dir: string, parts: CheckpointParts): Promise<void> {
  await replaceFolder(trimmed(dir), await packCheckpoint(parts));
}

const trimmed = (dir: string): string => dir.replace(/(?<=.)[/\\]+$/, "");

async function readFolder(dir: string): Promise<CheckpointFiles> {
  const { readFile, path } = await fileSystem();
  const names = await listFolder(dir);
  if (names === null) throw new FormatError("loadCheckpoint", `there is no folder "${dir}"`, "Give the folder that saveCheckpoint wrote", { dir });
  const assets = (await listFolder(path.join(dir, assetPrefix))) ?? [];
  const files = [...names.filter((name) => topLevel.includes(name) && name !== "assets"), ...assets.map((name) => `${assetPrefix}${name}`)];
  return new Map(await Promise.all(files.map(async (name) => [name, await readFile(path.join(dir, name))] as const)));
}

/**
 * Reads a checkpoint. Node only.
 *
 *     const checkpoint = await loadCheckpoint("runs/digits");
 *     const model = registry.build(checkpoint.model);
 *     restoreCheckpoint(checkpoint, { model });
 *
 * @throws FormatError when the folder or one of its files is missing, truncated or damaged
 */
export async function loadCheckpoint(dir: string): Promise<Checkpoint> {
  const target = trimmed(dir);
  // Only a crash between two renames leaves the previous one alone.
  const crashed = (await listFolder(target)) === null && (await listFolder(previous(target))) !== null;
  return unpackCheckpoint(await readFolder(crashed ? previous(target) : target), `loadCheckpoint("${dir}")`);
}
