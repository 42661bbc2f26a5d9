const space = /[ \t\n\r]*/y;
const string = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;

type Expected = "value" | "value or end" | "key" | "key or end" | "comma or end";

/** Walks through a text as far as it is JSON. */
class Walk {
  at = 0;
  #expected: Expected = "value";
  /** What closes the lists and objects that are open. */
  readonly #open: ("]" | "}")[] = [];

  constructor(private readonly text: string) {}

  /** One step; false where the text is no JSON any more. */
  step(): boolean {
    this.#matches(space);
    const sign = this.text.charAt(this.at);
    if (this.#expected === "comma or end") return this.#behindValue(sign);
    const mayEnd = this.#expected === "value or end" || this.#expected === "key or end";
    if (mayEnd && sign === this.#open.at(-1)) return this.#close();
    return this.#expected === "key" || this.#expected === "key or end" ? this.#key() : this.#value(sign);
  }

  #matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at += match[0].length;
    return match !== null;
  }

  #advance(expected: Expected): true {
    this.at++;
    this.#expected = expected;
    return true;
  }

  #close(): true {
    this.#open.pop();
    return this.#advance("comma or end");
  }

  #behindValue(sign: string): boolean {
    const closing = this.#open.at(-1);
    if (closing === undefined) return false;
    if (sign === ",") return this.#advance(closing === "}" ? "key" : "value");
    return sign === closing && this.#close();
  }

  #key(): boolean {
    const isKey = this.#matches(string) && this.#matches(space);
    return isKey && this.text.charAt(this.at) === ":" && this.#advance("value");
  }

  #value(sign: string): boolean {
    if (sign === "{" || sign === "[") {
      this.#open.push(sign === "{" ? "}" : "]");
      return this.#advance(sign === "{" ? "key or end" : "value or end");
    }
    this.#expected = "comma or end";
    return this.#matches(string) || this.#matches(scalar);
  }
}

/** The line on which a text that is no JSON stops being JSON. `JSON.parse` does not say it in every case, and in each engine in other words. */
export function faultLine(text: string): number {
  const walk = new Walk(text);
  while (walk.step());
  return text.slice(0, walk.at).split("\n").length;
}
