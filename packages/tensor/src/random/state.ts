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

/** @throws ValueError naming the field that is not what `stateOf` writes */
export function checkState(where: string, state: GeneratorState): void {
  const refuse = (fact: string): never => {
    throw new ValueError(where, fact, "Pass what state() returned, unchanged", { state });
  };
  if (typeof state !== "object" || (state as unknown) === null) refuse("this is not a generator's state");
  if (state.algorithm !== algorithm) refuse(`algorithm is ${JSON.stringify(state.algorithm)}, not "${algorithm}"`);
  if (!isWordPair(state.key)) refuse(`key is ${JSON.stringify(state.key)}, not two 32-bit words`);
  if (!isWordPair(state.stream)) refuse(`stream is ${JSON.stringify(state.stream)}, not two 32-bit words`);
  if (!Number.isSafeInteger(state.position) || state.position < 0) {
    refuse(`position is ${JSON.stringify(state.position)}, not a whole number of 0 or more`);
  }
}
