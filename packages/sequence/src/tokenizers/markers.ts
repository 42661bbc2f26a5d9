/** A stretch of a text: plain, or one of the tokens that are matched whole. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** The token that it is; `undefined` for plain text. */
  readonly marker?: string;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");

/** Finds the tokens in a text that are matched whole before anything else, such as "<|endoftext|>": leftmost first, longest of those. */
export class Markers {
  /** UTF-16 length of the longest, 0 without any. */
  readonly longest: number;
  readonly #pattern: RegExp | undefined;

  constructor(markers: readonly string[]) {
    const longestFirst = [...markers].sort((a, b) => b.length - a.length);
    this.longest = longestFirst.length === 0 ? 0 : longestFirst[0].length;
    this.#pattern = this.longest === 0 ? undefined : new RegExp(longestFirst.map(escaped).join("|"), "g");
  }

  /** The text from start to end, without empty pieces. */
  pieces(text: string): Piece[] {
    const pieces: Piece[] = [];
    let from = 0;
    const plainUpTo = (end: number): void => {
      if (end > from) pieces.push({ start: from, end });
    };
    for (const match of this.#pattern === undefined ? [] : text.matchAll(this.#pattern)) {
      const [marker] = match;
      plainUpTo(match.index);
      from = match.index + marker.length;
      pieces.push({ start: match.index, end: from, marker });
    }
    plainUpTo(text.length);
    return pieces;
  }
}
