import { FormatError } from "@dl/registry";

/** One row of a table, and the line of the file that it begins on. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

const at = (where: string, line: number, column: number, fact: string, fix: string): FormatError =>
  new FormatError(where, `line ${line}, column ${column}: ${fact}`, fix, { line, column });

interface Cell {
  readonly text: string;
  /** Behind the cell: at a delimiter, a line's end or the end. */
  readonly end: number;
}

/** What a cell in quotes holds, from behind its first quote: two quotes stand for one. */
function quoted(text: string, start: number, fail: (fact: string) => FormatError): Cell {
  const parts: string[] = [];
  for (let from = start; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw fail("the quote that opens here is never closed");
    parts.push(text.slice(from, quote));
    if (text[quote + 1] !== '"') return { text: parts.join('"'), end: quote + 1 };
    from = quote + 2;
  }
}

function plain(text: string, start: number, delimiter: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n") end++;
  const line = text.slice(start, end);
  return { text: line.endsWith("\r") && text[end] !== delimiter ? line.slice(0, -1) : line, end };
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/**
 * The rows of a text by RFC 4180: cells between delimiters, in quotes where they hold a delimiter, a quote (written twice) or a line's end.
 * Empty lines are left out.
 * @throws FormatError with line and column for a quote that is not closed, or stands within a cell
 */
export function* csvRecords(text: string, delimiter: string, where: string): Generator<CsvRecord, void, undefined> {
  let position = 0;
  let line = 1;
  while (position < text.length) {
    const cells: string[] = [];
    const begin = position;
    const first = line;
    for (;;) {
      const inQuotes = text[position] === '"';
      const fail = (fact: string): FormatError => at(where, line, cells.length + 1, fact, 'Write a quote within a cell in quotes twice: "a ""b"""');
      const cell = inQuotes ? quoted(text, position + 1, fail) : plain(text, position, delimiter);
      if (inQuotes) {
        const next = text.startsWith("\r\n", cell.end) ? "\n" : text[cell.end];
        if (cell.end < text.length && next !== delimiter && next !== "\n") throw fail(`${JSON.stringify(next)} follows the closing quote`);
        line += lineEnds(cell.text);
      } else if (cell.text.includes('"')) throw fail("a quote stands within a cell that does not begin with one");
      cells.push(cell.text);
      position = cell.end + (text.startsWith("\r\n", cell.end) ? 2 : 1);
      if (text[cell.end] !== delimiter) break;
    }
    line++;
    const empty = cells.length === 1 && cells[0] === "" && text[begin] !== '"';
    if (!empty) yield { line: first, cells };
  }
}
