import { ValueError } from "@dl/registry";
import type { StreamId, WordPair } from "./word-stream.js";

const algorithm = "philox4x32-10";

/** Everything a generator is, as plain JSON. */
export interface GeneratorState {
  readonly algorithm: string;
  /** Philox key: of a seeded generator the seed itself, low word first. */
  readonly key: WordPair;
  /** Upper half of the Philox counter: 0, 0 of a seeded generator. */
  readonly stream: WordPair;
  /** Words drawn so far: four to a block. */
  readonly position: number;
}

export const stateOf = ({ key, stream }: StreamId, position: number): GeneratorState => ({
  algorithm,
  key: [...key],
  stream: [...stream],
  position,
});

const isWord = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;

const isWordPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every(isWord);

/** What each field has to be. */
const fields: Readonly<Record<keyof GeneratorState, (value: unknown) => boolean>> = {
  algorithm: (value) => value === algorithm,
  key: isWordPair,
  stream: isWordPair,
  position: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
};

/** @throws ValueError naming the field that is not what `stateOf` writes */
export function checkState(where: string, state: GeneratorState): void {
  const given: unknown = state;
  for (const [name, holds] of Object.entries(fields)) {
    const value: unknown = typeof given === "object" && given !== null ? Reflect.get(given, name) : undefined;
    if (!holds(value)) throw new ValueError(where, `${name} is ${JSON.stringify(value)}`, "Pass what state() returned, unchanged", { state });
  }
}
