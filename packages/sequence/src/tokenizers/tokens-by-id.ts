import type { FormatError } from "@dl/registry";
import { malformed } from "./json.js";

/**
 * The tokens of a file that lists their ids, in the order of these.
 * @param name of the list, for errors
 * @throws FormatError for an id that is no number, comes twice or is left out
 */
export function tokensById(where: string, name: string, ids: Readonly<Record<string, unknown>>): string[] {
  const entries = Object.entries(ids);
  const tokens: (string | undefined)[] = Array.from({ length: entries.length });
  for (const [token, id] of entries) {
    const fail = (why: string): FormatError => malformed(where, `${name}[${JSON.stringify(token)}] is ${JSON.stringify(id)}, ${why}`, undefined, { token, id });
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0) throw fail("not an id");
    if (id >= entries.length) throw fail(`but there are ${entries.length} tokens, so an id below it is left out`);
    if (tokens[id] !== undefined) throw fail(`as is that of ${JSON.stringify(tokens[id])}`);
    tokens[id] = token;
  }
  return tokens.filter((token) => token !== undefined);
}
