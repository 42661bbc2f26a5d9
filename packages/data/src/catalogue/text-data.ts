import { FormatError } from "@dl/registry";
import { decodeCsv } from "../codecs/csv.js";
import { decodeLines, decodeText } from "../codecs/text.js";

/** Texts, and the class of each. */
export interface LabelledTexts {
  readonly texts: readonly string[];
  readonly labels: Int32Array;
}

const none = (where: string, line: number, fact: string): FormatError => new FormatError(where, `line ${line}: ${fact}`, "Check the file", { line });

/** Lines of two files, one per class: the first file's have label 0. ISO-8859-1. @throws FormatError for an empty file */
export function decodeMovieReviews(negative: Uint8Array, positive: Uint8Array): LabelledTexts {
  const [bad, good] = [negative, positive].map((bytes) => decodeLines(bytes, { encoding: "iso-8859-1" }).map((line) => line.trim()));
  return { texts: [...bad, ...good], labels: Int32Array.from({ length: bad.length + good.length }, (_, i) => (i < bad.length ? 0 : 1)) };
}

/** Lines of `label sentence`, the label 0 or 1. @throws FormatError with the line for another one */
export function decodeBinarySentiment(bytes: Uint8Array, where = "decodeBinarySentiment"): LabelledTexts {
  const lines = decodeLines(bytes, { where });
  const parsed = lines.map((line, i) => {
    const match = /^([01]) (.*)$/.exec(line);
    if (match === null) throw none(where, i + 1, `${JSON.stringify(line.slice(0, 20))} does not begin with 0 or 1 and a space`);
    return match;
  });
  return { texts: parsed.map(([, , text]) => text), labels: Int32Array.from(parsed, ([, label]) => Number(label)) };
}

/** The six kinds of answers that a question of TREC can ask for. */
export const trecClasses = ["ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"];

/** Questions with a coarse label (a position in `trecClasses`), and the fine one as text, such as "NUM:dist". */
export interface Questions extends LabelledTexts {
  readonly fine: readonly string[];
}

/** Lines of `COARSE:fine question`, ISO-8859-1. @throws FormatError with the line for another one */
export function decodeTrec(bytes: Uint8Array, where = "decodeTrec"): Questions {
  const parsed = decodeLines(bytes, { encoding: "iso-8859-1", where }).map((line, i) => {
    const [label, coarse] = /^([A-Z]+):\w+ /.exec(line) ?? ["", ""];
    const index = trecClasses.indexOf(coarse);
    if (index < 0) throw none(where, i + 1, `${JSON.stringify(line.slice(0, 20))} does not begin with a label such as NUM:dist`);
    return { index, fine: label.trimEnd(), text: line.slice(label.length).trim() };
  });
  return { texts: parsed.map(({ text }) => text), labels: Int32Array.from(parsed, ({ index }) => index), fine: parsed.map(({ fine }) => fine) };
}

/** CSV of `class (from 1), title, description`; the text is both, with a space between. @throws FormatError with line and column */
export function decodeAgNews(bytes: Uint8Array, where = "decodeAgNews", classes = 4): LabelledTexts {
  const { columns, rows } = decodeCsv(bytes, { header: false, types: "string", where });
  if (columns.size !== 3 && rows > 0) throw none(where, 1, `there are ${columns.size} cells, not class, title and description`);
  const [kinds, titles, descriptions] = ["0", "1", "2"].map((name) => columns.get(name)?.data as readonly string[] | undefined ?? []);
  const labels = Int32Array.from(kinds, (kind, row) => {
    const label = Number(kind) - 1;
    if (!Number.isInteger(label) || label < 0 || label >= classes) throw new FormatError(where, `row ${row}: class ${JSON.stringify(kind)} is not in 1..${classes}`, "Check the file", { row });
    return label;
  });
  return { texts: titles.map((title, i) => `${title} ${descriptions[i]}`), labels };
}

/**
 * A folder per group, a file per message, as 20 Newsgroups comes; groups and messages in the order of their names. ISO-8859-1.
 * @param files by path: `<split>/<group>/<message>`
 * @throws FormatError when there is none below `split`
 */
export function decodeNewsgroups(files: ReadonlyMap<string, Uint8Array>, split: string, groups: readonly string[], where = "decodeNewsgroups"): LabelledTexts {
  const found = [...files].flatMap(([path, bytes]) => {
    const parts = path.split("/");
    const [folder, group, message] = parts;
    return folder === split && parts.length === 3 ? [{ group, message, bytes }] : [];
  });
  if (found.length === 0) throw new FormatError(where, `there is no message below ${split}/`, "Check that it is the 20 Newsgroups archive", { split });
  const sorted = found.sort((a, b) => a.group.localeCompare(b.group, "en") || a.message.localeCompare(b.message, "en", { numeric: true }));
  const labels = Int32Array.from(sorted, ({ group }) => {
    const label = groups.indexOf(group);
    if (label < 0) throw new FormatError(where, `"${group}" is no group of 20 Newsgroups`, "Check the archive", { group });
    return label;
  });
  return { texts: sorted.map(({ bytes }) => decodeText(bytes, "iso-8859-1")), labels };
}
