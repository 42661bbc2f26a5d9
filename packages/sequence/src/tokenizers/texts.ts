import { ValueError } from "@dl/registry";

/** One text or several. */
export type Texts = string | Iterable<string>;

/** @throws ValueError when there is nothing in them to learn from */
export function listOfTexts(where: string, texts: Texts): string[] {
  const list = typeof texts === "string" ? [texts] : [...texts];
  if (list.some((text) => text !== "")) return list;
  throw new ValueError(where, list.length === 0 ? "there are no texts" : "the text is empty", "Give some text to learn from", { texts: list.length });
}
