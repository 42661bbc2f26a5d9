import { unzip, zip } from "@dl/data";
import { restoreCheckpoint, unpackCheckpoint, type Checkpoint, type CheckpointFiles } from "@dl/nn";
import type { Training } from "@dl/recipes";

// Loaded when somebody saves or loads.

const isZip = (name: string): boolean => /\.zip$/i.test(name);

/** What is in the files of a checkpoint's folder, or in one zip of them. @throws FormatError that says what is damaged */
export async function readCheckpoint(files: CheckpointFiles): Promise<Checkpoint> {
  const [[name, bytes] = ["", new Uint8Array()]] = files;
  return files.size === 1 && isZip(name) ? unpackCheckpoint(unzip(bytes, name), name) : unpackCheckpoint(files, "checkpoint");
}

/** Gives a model the weights of a checkpoint, to be asked before the training goes on. */
export const restore = (checkpoint: Checkpoint, { model }: Pick<Training, "model">): void => { restoreCheckpoint(checkpoint, { model }); };

export const zipped = (files: CheckpointFiles): Uint8Array => zip(files);
