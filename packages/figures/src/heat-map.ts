import { ShapeError } from "@dl/registry";
import { element, picture, text } from "./svg.js";

export interface HeatMapOptions {
  readonly title: string;
  /** Row by row. */
  readonly values: readonly (readonly number[])[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly rowLabel: string;
  readonly columnLabel: string;
  /** How a value is written into its cell. Default: as it is. */
  readonly format?: (value: number) => string;
  /** What a cell's shade is measured by: the largest value of all, or the sum of its row. Default "byLargest". */
  readonly shades?: "byLargest" | "byRow";
}

const cell = 44;
const longest = 16;
const shortened = (name: string): string => (name.length > longest ? `${name.slice(0, longest - 1)}…` : name);
const widthOf = (name: string): number => 7.2 * name.length;

/** White to blue; the text on dark cells is white. */
const shade = (share: number): string => `rgb(${[0, 114, 178].map((c) => Math.round(255 + (c - 255) * share)).join(" ")})`;

/**
 * A table whose cells are the darker the larger their value, as SVG text.
 * @throws ShapeError unless there is a name for each row and column
 */
export function heatMap({ title, values, rows: rowNames, columns: columnNames, rowLabel, columnLabel, format = String, shades = "byLargest" }: HeatMapOptions): string {
  const [rows, columns] = [rowNames.map(shortened), columnNames.map(shortened)];
  if (values.length !== rows.length || values.some((row) => row.length !== columns.length)) {
    throw new ShapeError("heatMap", `${values.length} rows of ${values.map((row) => row.length).join(", ")} values for ${rows.length} names of rows and ${columns.length} of columns`, "Name each row and column");
  }
  const left = 44 + Math.max(...rows.map(widthOf));
  const wide = Math.max(cell, ...columns.map((name) => widthOf(name) + 8));
  const top = 78;
  const most = Math.max(Number.MIN_VALUE, ...values.flat());
  const cells = values.flatMap((row, i) =>
    row.flatMap((value, j) => {
      const share = Math.max(0, value) / (shades === "byLargest" ? most : Math.max(Number.MIN_VALUE, row.reduce((total, other) => total + other, 0)));
      const [x, y] = [left + wide * j, top + cell * i];
      return [
        element("rect", { x, y, width: wide, height: cell, fill: shade(share), stroke: "white" }),
        text(format(value), { x: x + wide / 2, y: y + cell / 2 + 4, "text-anchor": "middle", fill: share > 0.7 ? "white" : undefined }),
      ];
    }),
  );
  const [width, height] = [left + wide * columns.length + 16, top + cell * rows.length + 16];
  const middle = top + (cell * rows.length) / 2;
  return picture(
    Math.max(width, 20 + 8 * title.length), height, title,
    text(title, { x: 12, y: 20, "font-size": 14, "font-weight": "bold" }),
    text(columnLabel, { x: left + (wide * columns.length) / 2, y: 44, "text-anchor": "middle" }),
    text(rowLabel, { x: 16, y: middle, "text-anchor": "middle", transform: `rotate(-90 16 ${middle})` }),
    ...columns.map((name, j) => text(name, { x: left + wide * (j + 0.5), y: top - 8, "text-anchor": "middle" })),
    ...rows.map((name, i) => text(name, { x: left - 8, y: top + cell * (i + 0.5) + 4, "text-anchor": "end" })),
    ...cells,
  );
}
