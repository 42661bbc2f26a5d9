import { readFileSync } from "node:fs";

export interface Snippet {
  /** Where it stands, for messages: file and line. */
  readonly place: string;
  readonly code: string;
  /** What its `console.log` lines say they print, in order: the comments `// → text` behind them. */
  readonly expected: readonly string[];
}

const fence = /^```ts\n([\s\S]*?)^```$/gm;
const promise = /\/\/ → (.*)$/gm;

/** The TypeScript examples of a Markdown file. */
export function snippetsOf(file: string, name = file): Snippet[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(fence)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length;
    return { place: `${name}:${line}`, code: match[1], expected: [...match[1].matchAll(promise)].map((found) => found[1].trim()) };
  });
}
