import { element, label, picture, upright } from "../common/svg.js";
import { formatEntry } from "./render-matrix.js";
import type { Unit } from "./render-matrix.js";

const CELL = 48;
const LETTER = 7;
const AXIS = 24;
const LONGEST = 16;

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/**
 * A square matrix as an SVG picture: rows actual, columns predicted, the number in each cell, and a cell is the darker the greater
 * its share of its row.
 */
export function matrixSvg(matrix: readonly (readonly number[])[], labels: readonly string[], unit: Unit): string {
  const names = labels.map(shortened);
  const margin = AXIS + LETTER * Math.max(...names.map((name) => name.length)) + 8;
  const size = matrix.length * CELL;
  const middle = margin + size / 2;
  const centre = (i: number): number => margin + (i + 0.5) * CELL;

  const cells = matrix.flatMap((row, actual) => {
    const sum = row.reduce((total, value) => total + value, 0);
    return row.flatMap((value, predicted) => {
      const share = value === 0 ? 0 : value / sum;
      const place = { x: margin + predicted * CELL, y: margin + actual * CELL, width: CELL, height: CELL };
      return [
        element("rect", { ...place, fill: "#1f5fa8", "fill-opacity": share, stroke: "#cccccc" }),
        label(formatEntry(value, unit, "0"), centre(predicted), centre(actual) + 4, { "text-anchor": "middle", fill: share > 0.5 ? "white" : "black" }),
      ];
    });
  });
  const columns = names.map((name, i) => upright(name, centre(i) + 4, margin - 6));
  const rows = names.map((name, i) => label(name, margin - 6, centre(i) + 4, { "text-anchor": "end" }));
  const axes = [
    label(unit === "shares" ? "predicted (%)" : "predicted", middle, 16, { "text-anchor": "middle", "font-weight": "bold" }),
    upright("actual", 16, middle, { "text-anchor": "middle", "font-weight": "bold" }),
  ];
  return picture(margin + size + 8, margin + size + 8, "confusion matrix", [...cells, ...columns, ...rows, ...axes]);
}
