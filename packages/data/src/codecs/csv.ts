import { checkOptions, FormatError, ShapeError, unknownName, ValueError } from "@dl/registry";
import { csvRecords, type CsvRecord } from "./csv-records.js";
import { columnOf, type Column, type ColumnType } from "./csv-columns.js";
import { decodeText, type TextEncoding } from "./text.js";

export interface DecodeCsvOptions {
  /** Between cells, one character. Default ",". */
  readonly delimiter?: string;
  /** Whether the first row has the columns' names; otherwise they are "0", "1", … Default true. */
  readonly header?: boolean;
  /** The type of every column, or of those that are named; the others are "string". Default "string". */
  readonly types?: ColumnType | Readonly<Record<string, ColumnType>>;
  /** Of the bytes. Default "utf-8". */
  readonly encoding?: TextEncoding;
  /** Names the file in errors. */
  readonly where?: string;
}

/** A table by columns. */
export interface CsvTable {
  readonly names: readonly string[];
  /** Number of rows, the header not among them. */
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}

const COLUMN_TYPES: readonly string[] = ["number", "integer", "string", "category"] satisfies readonly ColumnType[];

function checkDelimiter(where: string, delimiter: string): void {
  if (delimiter.length === 1 && !/["\r\n]/.test(delimiter)) return;
  throw new ValueError(where, `the delimiter is ${JSON.stringify(delimiter)}`, "Give one character that is no quote and no line end", { delimiter });
}

/** @throws FormatError that names the line of a row with more or fewer cells than the first */
function checkRagged(records: readonly CsvRecord[], where: string): void {
  const width = records[0]?.cells.length;
  const ragged = records.find(({ cells }) => cells.length !== width);
  if (ragged === undefined) return;
  const { line, cells } = ragged;
  const fact = `line ${line} has ${cells.length} cells, line ${records[0].line} has ${width}`;
  throw new FormatError(where, fact, "Give every row the same number; put cells with a delimiter in quotes", { line, got: cells.length, expected: width });
}

function typeOf(types: DecodeCsvOptions["types"], name: string): ColumnType {
  return typeof types === "string" ? types : (types?.[name] ?? "string");
}

function checkTypes(types: DecodeCsvOptions["types"], names: readonly string[], where: string): void {
  if (typeof types === "object") {
    for (const name of Object.keys(types)) if (!names.includes(name)) throw unknownName(where, "column", name, names);
  }
  for (const name of names) {
    const type = typeOf(types, name);
    if (!COLUMN_TYPES.includes(type)) throw unknownName(where, "column type", type, COLUMN_TYPES);
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new FormatError(where, `the column "${twice}" comes twice in the header`, "Rename one, or read with { header: false }", { name: twice });
}

/**
 * Reads a table of comma-separated values (RFC 4180; line ends LF or CRLF), as text or as bytes.
 *
 *     const { columns } = decodeCsv(bytes, { types: { age: "number", town: "category" } });
 *
 * @throws FormatError with the line for a row that has more or fewer cells than the first; with line and column for a stray quote and for
 * a cell that is not of its column's type; with the byte offset for bytes that are not of the encoding
 * @throws UnknownNameError for a type of a column that is not there
 */
export function decodeCsv(input: Uint8Array | string, options: DecodeCsvOptions = {}): CsvTable {
  checkOptions("decodeCsv", options, ["delimiter", "header", "types", "encoding", "where"]);
  const { delimiter = ",", header = true, types, encoding, where = "decodeCsv" } = options;
  checkDelimiter(where, delimiter);
  const records = [...csvRecords(typeof input === "string" ? input : decodeText(input, encoding, where), delimiter, where)];
  if (header && records.length === 0) throw new FormatError(where, "the file is empty, its first row should name the columns", "Check the file, or read with { header: false }");
  checkRagged(records, where);
  const names = header ? records[0].cells : (records[0]?.cells ?? []).map((_, i) => String(i));
  checkTypes(types, names, where);
  const body = header ? records.slice(1) : records;
  const lines = body.map(({ line }) => line);
  const column = (name: string, i: number): readonly [string, Column] => {
    const cells = { name, column: i + 1, texts: body.map(({ cells: texts }) => texts[i]), lines };
    return [name, columnOf(cells, typeOf(types, name), where)];
  };
  return { names, rows: body.length, columns: new Map(names.map(column)) };
}

export interface EncodeCsvOptions {
  /** Default ",". */
  readonly delimiter?: string;
}

/**
 * Writes a table: the names of the columns, then the rows, each line ended by CRLF as RFC 4180 has it. Cells are quoted where they must be.
 * @throws ShapeError for a row that has more or fewer cells than there are names
 */
export function encodeCsv(names: readonly string[], rows: Iterable<readonly (string | number)[]>, options: EncodeCsvOptions = {}): string {
  checkOptions("encodeCsv", options, ["delimiter"]);
  const { delimiter = "," } = options;
  checkDelimiter("encodeCsv", delimiter);
  const cell = (value: string | number): string => {
    const text = String(value);
    return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const line = (cells: readonly (string | number)[]): string => {
    // A line of one empty cell would read as an empty line.
    const text = cells.map(cell).join(delimiter);
    return `${text === "" ? '""' : text}\r\n`;
  };
  let text = line(names);
  let row = 0;
  for (const cells of rows) {
    if (cells.length !== names.length) throw new ShapeError("encodeCsv", `row ${row} has ${cells.length} cells for ${names.length} names`, "Give every row one cell per name", { row });
    text += line(cells);
    row++;
  }
  return text;
}
