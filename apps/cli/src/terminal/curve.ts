import { plot } from "asciichart";

const HEIGHT = 8;
const LABEL_WIDTH = 8;
/** Labels and the axis itself. */
const MARGIN = LABEL_WIDTH + 2;

/** Means of neighbours, so that at most `count` values are left. */
export function condense(values: readonly number[], count: number): number[] {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / count), Math.floor(((i + 1) * values.length) / count));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

/**
 * A curve over time with labelled axes, `width` columns wide: `values` from x = `from` to x = `to`.
 * Values that are not finite are left out; with fewer than two left there is nothing to draw.
 */
export function renderCurve(values: readonly number[], labels: { readonly y: string; readonly x: string; readonly from: number; readonly to: number }, width: number): string {
  const finite = values.filter(Number.isFinite);
  const room = width - MARGIN;
  if (finite.length < 2 || room < 2) return "";
  const points = condense(finite, room);
  const low = Math.min(...points);
  const high = Math.max(...points);
  const rows = high > low ? HEIGHT : 1;
  const step = (high - low) / Math.max(1, rows - 1);
  const format = (_: number, row: number): string => (high - row * step).toPrecision(3).padStart(LABEL_WIDTH) + " ";
  // The library rounds to whole numbers of its own scale, so it gets row numbers.
  const heights = points.map((value) => (rows > 1 ? (value - low) / step : 0));
  const chart = plot(heights, { height: rows - 1, offset: 2, min: 0, max: rows - 1, format });
  const from = String(labels.from);
  const to = `${labels.x} ${labels.to}`;
  const ticks = from + to.padStart(Math.max(to.length + 1, points.length - from.length));
  const lines = chart.split("\n").map((line) => line.trimEnd());
  return [labels.y.padStart(LABEL_WIDTH), ...lines, " ".repeat(MARGIN) + ticks].join("\n");
}
