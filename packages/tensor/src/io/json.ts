import { damaged } from "./damaged.js";

/** A JSON value and the byte at which it starts in its file, so that whoever refuses it can say where. */
export interface JsonNode {
  readonly at: number;
  readonly value: string | number | boolean | null | readonly JsonNode[] | ReadonlyMap<string, JsonNode>;
}

const maxDepth = 32;

/** A header of 100 MB that is all brackets and digits must not become gigabytes of nodes. */
const maxNodes = 4_000_000;

const quote = 0x22;
const backslash = 0x5c;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isNumberByte = (byte: number): boolean => (byte >= 0x30 && byte <= 0x39) || "+-.eE".includes(String.fromCharCode(byte));
const numberGrammar = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;
const words: readonly (readonly [string, boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** Whether every surrogate has its partner, so that the text survives UTF-8. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/**
 * Strict JSON from bytes. Unlike `JSON.parse` it refuses a key that comes twice in one object, invalid UTF-8, lone
 * surrogates, nesting deeper than 32 and more than 4 million values; objects become maps, so no key (`__proto__`) is special.
 * @param start where in `bytes` the text begins; it ends at `end`
 * @throws FormatError with the byte offset
 */
export function parseJson(bytes: Uint8Array, start: number, end: number, where: string): JsonNode {
  return new Parser(bytes, start, end, where).document();
}

class Parser {
  private nodes = 0;
  // A byte-order mark is content here, not decoration.
  private readonly decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
    private readonly end: number,
    private readonly where: string,
  ) {}

  document(): JsonNode {
    const node = this.node(0);
    this.skipSpace();
    if (this.at < this.end) this.fail(this.at, "there is more after the JSON value");
    return node;
  }

  private fail(at: number, fact: string): never {
    throw damaged(this.where, at, fact);
  }

  private skipSpace(): void {
    while (this.at < this.end && isSpace(this.bytes[this.at])) this.at++;
  }

  /** The next character that is not white space, not yet consumed; empty at the end. */
  private peek(): string {
    this.skipSpace();
    return this.at < this.end ? String.fromCharCode(this.bytes[this.at]) : "";
  }

  private expect(character: string): void {
    const found = this.peek();
    if (found !== character) this.fail(this.at, `expected ${character} in JSON, got ${found === "" ? "the end" : JSON.stringify(found)}`);
    this.at++;
  }

  private accept(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }

  private node(depth: number): JsonNode {
    if (depth > maxDepth) this.fail(this.at, `JSON is nested more than ${maxDepth} deep`);
    if (++this.nodes > maxNodes) this.fail(this.at, `JSON of more than ${maxNodes} values`);
    const next = this.peek();
    const at = this.at;
    if (next === "{") return { at, value: this.object(depth) };
    if (next === "[") return { at, value: this.array(depth) };
    if (next === '"') return { at, value: this.string() };
    return { at, value: /[-0-9]/.test(next) ? this.number() : this.word() };
  }

  private object(depth: number): Map<string, JsonNode> {
    const entries = new Map<string, JsonNode>();
    this.expect("{");
    if (this.accept("}")) return entries;
    do {
      if (this.peek() !== '"') this.fail(this.at, "expected a key in JSON");
      const at = this.at;
      const key = this.string();
      if (entries.has(key)) this.fail(at, `the key ${JSON.stringify(key)} comes twice`);
      this.expect(":");
      entries.set(key, this.node(depth + 1));
    } while (this.accept(","));
    this.expect("}");
    return entries;
  }

  private array(depth: number): JsonNode[] {
    const elements: JsonNode[] = [];
    this.expect("[");
    if (this.accept("]")) return elements;
    do elements.push(this.node(depth + 1));
    while (this.accept(","));
    this.expect("]");
    return elements;
  }

  private string(): string {
    const start = this.at;
    let close = start + 1;
    let escaped = false;
    while (close < this.end && this.bytes[close] !== quote) {
      if (this.bytes[close] < 0x20) this.fail(close, "control character in a JSON string");
      if (this.bytes[close] === backslash) escaped = true;
      close += this.bytes[close] === backslash ? 2 : 1;
    }
    if (close >= this.end) this.fail(start, "JSON string without an end");
    this.at = close + 1;
    const text = this.decode(start + 1, close);
    return escaped ? this.unescape(start, text) : text;
  }

  private decode(start: number, end: number): string {
    try {
      return this.decoder.decode(this.bytes.subarray(start, end));
    } catch {
      return this.fail(start, "text that is not valid UTF-8");
    }
  }

  private unescape(at: number, text: string): string {
    let value: string;
    try {
      value = JSON.parse(`"${text}"`) as string;
    } catch {
      return this.fail(at, "JSON string with an escape that does not exist");
    }
    return isWellFormed(value) ? value : this.fail(at, "JSON string with half a surrogate pair");
  }

  private number(): number {
    const start = this.at;
    while (this.at < this.end && isNumberByte(this.bytes[this.at])) this.at++;
    const text = this.decode(start, this.at);
    return numberGrammar.test(text) ? Number(text) : this.fail(start, `${text} is not a JSON number`);
  }

  private word(): boolean | null {
    for (const [text, value] of words) {
      const end = this.at + text.length;
      if (end > this.end || String.fromCharCode(...this.bytes.subarray(this.at, end)) !== text) continue;
      this.at = end;
      return value;
    }
    return this.fail(this.at, "expected a JSON value");
  }
}
