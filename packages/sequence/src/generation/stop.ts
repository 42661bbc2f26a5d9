import { ValueError } from "@dl/registry";

/** Ids, or sequences of ids, behind which a text ends. */
export type Stop = number | readonly number[];

/** The sequences as such. @throws ValueError for an empty one, and for what is no id */
export function stopSequences(where: string, stop: Stop | readonly Stop[] | undefined, vocabSize: number): readonly (readonly number[])[] {
  const listed: readonly Stop[] = stop === undefined ? [] : typeof stop === "number" ? [stop] : stop;
  return listed.map((entry) => {
    const ids = typeof entry === "number" ? [entry] : entry;
    if (ids.length === 0) throw new ValueError(where, "an empty sequence of ids is to stop the text", "Give at least one id");
    const bad = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize);
    if (bad !== undefined) {
      throw new ValueError(
        where, `the text is to stop at id ${bad}, and the model knows 0 to ${vocabSize - 1}`,
        "Give ids of the model's vocabulary",
        { id: bad },
      );
    }
    return ids;
  });
}

const endsWith = (ids: readonly number[], ending: readonly number[], length = ending.length): boolean =>
  length <= ids.length && Array.from({ length }, (_, i) => ids[ids.length - length + i] === ending[i]).every(Boolean);

/** The sequence that the ids behind the first `from` end with, the longest of several; `undefined` where none does. */
export const stopAtEnd = (ids: readonly number[], sequences: readonly (readonly number[])[], from = 0): readonly number[] | undefined =>
  sequences.filter((sequence) => from + sequence.length <= ids.length && endsWith(ids, sequence)).sort((a, b) => b.length - a.length).at(0);

/** How many of the last ids may be the beginning of a sequence that stops the text. */
export const pendingStop = (ids: readonly number[], sequences: readonly (readonly number[])[]): number =>
  Math.max(0, ...sequences.flatMap((sequence) => sequence.map((_, length) => (endsWith(ids, sequence, length) ? length : 0))));
