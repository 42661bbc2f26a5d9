import { checkOptions, ValueError } from "@dl/registry";
import { IdBuffer } from "./id-buffer.js";
import { jsonList, jsonObject, jsonString, malformed } from "./json.js";
import { Markers } from "./markers.js";
import { specialTokens } from "./specials.js";
import type { DecodeOptions, Encoding, Offset, SpecialIds, StreamingTokenizer, TokenizerJson } from "./tokenizer.js";
import type { Vocabulary } from "./vocabulary.js";

/** A token besides those of the four kinds that text is searched for before anything else. */
export interface AddedToken {
  readonly token: string;
  /** Whether `decode` leaves it out, as it does with the four kinds. Default true. */
  readonly special?: boolean;
}

/** @throws FormatError for anything else than a list of added tokens */
export function addedFromJson(where: string, value: unknown): AddedToken[] {
  return jsonList(where, "added", value).map((item, i) => {
    const { token, special = true } = jsonObject(where, item, `added[${i}]`);
    if (typeof special !== "boolean") throw malformed(where, `added[${i}].special is neither true nor false`);
    return { token: jsonString(where, `added[${i}].token`, token), special };
  });
}

/** Where a tokenizer puts what it finds; offsets only where somebody asks for them. */
export interface Sink {
  readonly ids: IdBuffer;
  readonly offsets?: Offset[];
}

/**
 * What tokenizers share that have a vocabulary: special tokens are found in the text, and left out of it again; ids are checked.
 * A special token that is written in a text becomes its id: take it out first where strangers write the text.
 */
export abstract class VocabularyTokenizer implements StreamingTokenizer {
  readonly added: readonly Required<AddedToken>[];
  readonly #markers: Markers;
  readonly #special: ReadonlySet<number>;
  readonly #whole: ReadonlySet<string>;

  constructor(readonly vocabulary: Vocabulary, added: readonly AddedToken[] = []) {
    this.added = added.map(({ token, special = true }) => ({ token, special }));
    const specials = specialTokens(new.target.name, vocabulary.specialNames);
    const special = [...specials, ...this.added.filter((token) => token.special).map(({ token }) => token)];
    this.#whole = new Set([...specials, ...added.map(({ token }) => token)]);
    this.#markers = new Markers([...this.#whole]);
    const missing = this.added.find(({ token }) => !vocabulary.has(token));
    if (missing !== undefined) {
      const fact = `the added token ${JSON.stringify(missing.token)} is not among the ${vocabulary.size} tokens`;
      throw new ValueError(new.target.name, fact, "Put it into the vocabulary", { token: missing.token });
    }
    this.#special = new Set(special.map((token) => vocabulary.indexOf(token)));
  }

  get vocabSize(): number {
    return this.vocabulary.size;
  }

  get specials(): SpecialIds {
    return this.vocabulary.specials;
  }

  encode(text: string): Int32Array {
    const ids = new IdBuffer();
    this.#encodeInto(text, { ids });
    return ids.ids();
  }

  encodeWithOffsets(text: string): Encoding {
    const ids = new IdBuffer();
    const offsets: Offset[] = [];
    this.#encodeInto(text, { ids, offsets });
    return { ids: ids.ids(), offsets };
  }

  decode(ids: ArrayLike<number>, options: DecodeOptions = {}): string {
    checkOptions(`${this.constructor.name}.decode`, options, ["skipSpecials"]);
    const { skipSpecials = true } = options;
    const kept: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i];
      this.#checkId(id, i);
      if (!skipSpecials || !this.#special.has(id)) kept.push(id);
    }
    return this.decodeKept(kept);
  }

  tokenOf(id: number): string {
    return this.vocabulary.tokenAt(id);
  }

  idOf(token: string): number | undefined {
    return this.vocabulary.idOf(token);
  }

  finalLength(text: string): number {
    const { longest } = this.#markers;
    const known = text.length - Math.max(0, longest - 1);
    if (known <= 0) return 0;
    const last = this.#markers.pieces(text).findLast(({ start }) => start < known);
    if (last === undefined) return 0;
    if (last.marker !== undefined) return last.end;
    return last.start + this.plainFinalLength(text.slice(last.start, Math.min(known, last.end)));
  }

  abstract toJSON(): TokenizerJson;

  /** Whether texts are searched for the token before anything else. */
  protected isMatchedWhole(token: string): boolean {
    return this.#whole.has(token);
  }

  /** Ids of a text without special tokens that stands at `start` of the whole one. */
  protected abstract encodePlain(text: string, start: number, sink: Sink): void;

  /** Text of ids that are in range. */
  protected abstract decodeKept(ids: readonly number[]): string;

  /** `finalLength` of a text without special tokens. */
  protected abstract plainFinalLength(text: string): number;

  #encodeInto(text: string, sink: Sink): void {
    for (const { start, end, marker } of this.#markers.pieces(text)) {
      if (marker === undefined) {
        this.encodePlain(text.slice(start, end), start, sink);
      } else {
        sink.ids.push(this.vocabulary.indexOf(marker));
        sink.offsets?.push([start, end]);
      }
    }
  }

  #checkId(id: number, position: number): void {
    if (Number.isInteger(id) && id >= 0 && id < this.vocabSize) return;
    const fact = `ids[${position}] is ${id}, none of 0 … ${this.vocabSize - 1}`;
    throw new ValueError(`${this.constructor.name}.decode`, fact, "Check that the ids come from this tokenizer", { position, id });
  }
}
