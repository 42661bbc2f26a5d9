import { FormatError } from "@dl/registry";

/** What the cells of a column are: a category is text of which few differ. */
export type ColumnType = "number" | "integer" | "string" | "category";

export type Column =
  | { readonly type: "number"; readonly data: Float64Array }
  | { readonly type: "integer"; readonly data: Int32Array }
  | { readonly type: "string"; readonly data: readonly string[] }
  /** `data` are positions in `names`, which are sorted. */
  | { readonly type: "category"; readonly data: Int32Array; readonly names: readonly string[] };

/** The cells of one column, and the lines they stand on. */
export interface Cells {
  readonly name: string;
  /** From 1, as in messages. */
  readonly column: number;
  readonly texts: readonly string[];
  readonly lines: readonly number[];
}

function numbers<A extends Float64Array | Int32Array>({ name, column, texts, lines }: Cells, out: A, expected: string, fits: (value: number) => boolean, where: string): A {
  texts.forEach((text, row) => {
    const value = text.trim() === "" ? NaN : Number(text);
    if (!fits(value)) {
      const fact = `line ${lines[row]}, column ${column} ("${name}"): ${JSON.stringify(text)} is no ${expected}`;
      throw new FormatError(where, fact, `Correct the cell, or read the column as "string"`, { line: lines[row], column, name, text });
    }
    out[row] = value;
  });
  return out;
}

const isNumber = (value: number): boolean => !Number.isNaN(value);
const isInteger = (value: number): boolean => Number.isInteger(value) && value === (value | 0);

/**
 * A column of the type asked for.
 * @throws FormatError with line and column for a cell that is no number, or no whole number of 32 bits
 */
export function columnOf(cells: Cells, type: ColumnType, where: string): Column {
  const { texts } = cells;
  switch (type) {
    case "number":
      return { type, data: numbers(cells, new Float64Array(texts.length), "number", isNumber, where) };
    case "integer":
      return { type, data: numbers(cells, new Int32Array(texts.length), "whole number of 32 bits", isInteger, where) };
    case "string":
      return { type, data: texts };
    case "category": {
      const names = [...new Set(texts)].sort();
      const positions = new Map(names.map((name, i) => [name, i]));
      return { type, names, data: Int32Array.from(texts, (text) => positions.get(text) ?? -1) };
    }
  }
}
