import { FormatError, StateError, ValueError, sha256 } from "@dl/registry";
import { decodeSafetensors, encodeSafetensors } from "@dl/tensor";
import type { HostArray, Tensor } from "@dl/tensor";
import type { Module } from "../module/module.js";
import { stateTensors } from "../module/state-dict.js";
import type { OptimizerState } from "../optim/optimizer.js";
import { fromHost, toHost } from "./host.js";
import { fromPlain, toPlain } from "./plain.js";

/** What a checkpoint is made of. */
export interface CheckpointParts {
  readonly model: Module;
  readonly optimizer?: { stateDict(): OptimizerState };
  /** Anything else to remember: numbers, text, tensors, and arrays, maps and plain objects of them. */
  readonly state?: unknown;
  /** Files that belong to the model, such as a vocabulary or class names, by name. */
  readonly assets?: Readonly<Record<string, string | Uint8Array>>;
}

/** What a checkpoint gives back. */
export interface Checkpoint {
  /** The model's JSON for `registry.build`; `undefined` for a model that is no `Layer`. */
  readonly model: unknown;
  /** For `model.loadStateDict`. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** For `optimizer.loadStateDict`. */
  readonly optimizer: OptimizerState | undefined;
  readonly state: unknown;
  readonly assets: ReadonlyMap<string, Uint8Array>;
}

/** The files of a checkpoint by name. */
export type CheckpointFiles = ReadonlyMap<string, Uint8Array>;

const format = 1;
const optimizerPrefix = "optimizer.";
const statePath = "state";
export const assetPrefix = "assets/";
export const stateFile = "state.json";
const modelFile = "model.json";
const weightsFile = "model.safetensors";
const trainingFile = "training.safetensors";
/** What may stand in a checkpoint's folder. */
export const topLevel = [stateFile, modelFile, weightsFile, trainingFile, "assets"];

type PlainOptimizer = Omit<OptimizerState, "tensors">;

interface StateJson {
  readonly format: number;
  readonly optimizer?: PlainOptimizer;
  readonly state?: unknown;
  /** SHA-256 of every other file. */
  readonly files: Readonly<Record<string, string>>;
}

const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);

function assetFiles(assets: CheckpointParts["assets"] = {}): [string, Uint8Array][] {
  return Object.entries(assets).map(([name, content]) => {
    if (!/^[\w-][\w.-]*$/.test(name)) throw new ValueError("saveCheckpoint", `the asset's name is "${name}"`, "Use letters, digits, dots, - and _", { name });
    return [`${assetPrefix}${name}`, typeof content === "string" ? encodeText(content) : content];
  });
}

/** The model's JSON, where a file can name it. */
const modelFiles = (model: Module): [string, Uint8Array][] => ("args" in model ? [[modelFile, encodeText(JSON.stringify(model, null, 2))]] : []);

const plainState = (optimizer: OptimizerState | undefined): PlainOptimizer | undefined => {
  if (optimizer === undefined) return undefined;
  const { name, groups, steps } = optimizer;
  return { name, groups, steps };
};

/** Everything as files, to be kept anywhere; `saveCheckpoint` writes them to a folder. */
export async function packCheckpoint({ model, optimizer, state, assets }: CheckpointParts): Promise<Map<string, Uint8Array>> {
  // All that training may change is captured before the first await.
  const saved = optimizer?.stateDict();
  const named = new Map([...(saved?.tensors ?? [])].map(([key, value]) => [`${optimizerPrefix}${key}`, value]));
  const rest = { format, optimizer: plainState(saved), state: toPlain(state, statePath, named) };
  const [weights, training] = [toHost(stateTensors(model)), toHost(named)];
  const files = new Map([...modelFiles(model), ...assetFiles(assets)]);
  files.set(weightsFile, encodeSafetensors(await weights));
  files.set(trainingFile, encodeSafetensors(await training));
  const digests = await Promise.all([...files].map(async ([name, bytes]) => [name, await sha256(bytes)] as const));
  const body = JSON.stringify({ ...rest, files: Object.fromEntries(digests) });
  files.set(stateFile, encodeText(JSON.stringify({ ...(JSON.parse(body) as StateJson), digest: await sha256(encodeText(body)) }, null, 2)));
  return files;
}

/** Reads the file as JSON. @throws FormatError with the byte offset */
function parse(where: string, name: string, bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const position = /position (\d+)/.exec(message)?.[1];
    const offset = position === undefined ? bytes.length : encodeText(text.slice(0, Number(position))).length;
    const error = new FormatError(where, `"${name}" is not JSON from byte ${offset} on`, "The file is damaged: use another checkpoint", { file: name, offset });
    error.cause = cause;
    throw error;
  }
}

function fileOf(where: string, files: CheckpointFiles, name: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes === undefined) throw new FormatError(where, `"${name}" is missing`, "This is no complete checkpoint: use another one", { file: name });
  return bytes;
}

async function readState(where: string, files: CheckpointFiles): Promise<StateJson> {
  const json = parse(where, stateFile, fileOf(where, files, stateFile));
  if (typeof json !== "object" || json === null || !("format" in json)) {
    throw new FormatError(where, `"${stateFile}" is not what saveCheckpoint writes`, "Use another checkpoint", { file: stateFile });
  }
  if (json.format !== format) {
    throw new FormatError(where, `the checkpoint has format ${String(json.format)}, this version reads ${format}`, "Update @dl/nn", { format: json.format });
  }
  const { digest, ...body } = json as Readonly<Record<string, unknown>>;
  if (digest !== (await sha256(encodeText(JSON.stringify(body))))) {
    throw new FormatError(where, `"${stateFile}" was changed after it was written`, "The file is damaged: use another checkpoint", { file: stateFile });
  }
  // The digest vouches for the rest: it is what packCheckpoint wrote.
  return body as StateJson & typeof body;
}

/** @throws FormatError when a file is missing, truncated or altered */
async function checkFiles(where: string, files: CheckpointFiles, digests: StateJson["files"]): Promise<void> {
  for (const [name, digest] of Object.entries(digests)) {
    const bytes = fileOf(where, files, name);
    if ((await sha256(bytes)) === digest) continue;
    throw new FormatError(where, `"${name}", ${bytes.length} bytes long, is not the file that was written`, "It is truncated or damaged: use another checkpoint", { file: name });
  }
}

/** The files by their names below the folder that they share, if they do: a folder that was zipped or picked as a whole. */
function belowFolder(files: CheckpointFiles): CheckpointFiles {
  const folder = [...files.keys()].find((name) => name.endsWith(`/${stateFile}`))?.slice(0, -stateFile.length);
  if (files.has(stateFile) || folder === undefined) return files;
  return new Map([...files].flatMap(([name, bytes]) => (name.startsWith(folder) ? [[name.slice(folder.length), bytes] as const] : [])));
}

/**
 * Reads what `packCheckpoint` made; all of it may stand in a folder.
 * @throws FormatError when a file is missing, truncated or altered
 */
export async function unpackCheckpoint(packed: CheckpointFiles, where = "unpackCheckpoint"): Promise<Checkpoint> {
  const files = belowFolder(packed);
  const state = await readState(where, files);
  await checkFiles(where, files, state.files);
  const decode = (name: string): Map<string, HostArray> => decodeSafetensors(fileOf(where, files, name), `${where}, ${name}`).tensors;
  const kept = fromHost(decode(trainingFile));
  const slots = [...kept].flatMap(([key, value]) => (key.startsWith(optimizerPrefix) ? [[key.slice(optimizerPrefix.length), value] as const] : []));
  const json = files.get(modelFile);
  const assets = [...files].flatMap(([name, bytes]) => (name.startsWith(assetPrefix) ? [[name.slice(assetPrefix.length), bytes] as const] : []));
  return {
    model: json === undefined ? undefined : parse(where, modelFile, json),
    weights: fromHost(decode(weightsFile)),
    optimizer: state.optimizer && { ...state.optimizer, tensors: new Map(slots) },
    state: fromPlain(state.state, kept),
    assets: new Map(assets),
  };
}

export interface Restorable {
  readonly model: Module;
  readonly optimizer?: { loadStateDict(state: OptimizerState): void };
}

/**
 * Gives a model, and an optimizer if there is one, the values of a checkpoint: both or, on failure, neither.
 * @throws StateError when the checkpoint has no optimizer; what `loadStateDict` throws
 */
export function restoreCheckpoint(checkpoint: Checkpoint, { model, optimizer }: Restorable): void {
  if (optimizer !== undefined && checkpoint.optimizer === undefined) {
    throw new StateError("restoreCheckpoint", "the checkpoint has no optimizer", "Restore the model alone: { model }");
  }
  const before = model.stateDict();
  model.loadStateDict(checkpoint.weights);
  try {
    if (checkpoint.optimizer !== undefined) optimizer?.loadStateDict(checkpoint.optimizer);
  } catch (error) {
    model.loadStateDict(before);
    throw error;
  }
}
