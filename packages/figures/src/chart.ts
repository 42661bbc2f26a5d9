import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { contours } from "d3-contour";
import { scaleLinear } from "d3-scale";
import type { ScaleLinear } from "d3-scale";
import { colours, element, faint, ink, path, picture, text } from "./svg.js";

export type Point = readonly [x: number, y: number];

export interface Axis {
  /** What is measured, with its unit: "time, s". */
  readonly label: string;
  /** Default: as far as the series reach, rounded. */
  readonly domain?: readonly [from: number, to: number];
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** "line" (default), "dots", or "path": a line with a dot at each point. */
  readonly style?: "line" | "dots" | "path";
}

/** Curves of equal height of a function of both axes. */
export interface Contours {
  readonly height: (x: number, y: number) => number;
  readonly levels: readonly number[];
}

export interface ChartOptions {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly contours?: Contours;
  /** In which right corner the names of several series stand. Default "top". */
  readonly legend?: "top" | "bottom";
  /** In pixels. Default 560. */
  readonly width?: number;
  /** In pixels. Default 380. */
  readonly height?: number;
}

type Scale = ScaleLinear<number, number>;

interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const margin = { left: 62, right: 16, top: 34, bottom: 46 };

const finite = ({ points }: Series): Point[] => points.filter((point) => point.every(Number.isFinite));

/** Pages may show several charts: those whose planes differ must not share a name. */
const planeOf = ({ left, right, top, bottom }: Frame): string => `plane-${left}-${top}-${right}-${bottom}`;

function extent(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  return least === most ? [least - 1, most + 1] : [least, most];
}

function scaleOf({ domain }: Axis, values: readonly number[], range: [number, number]): Scale {
  return domain === undefined ? scaleLinear(extent(values), range).nice() : scaleLinear(domain, range);
}

function frameOf({ x, y, series }: ChartOptions, width: number, height: number): Frame {
  const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
  const points = series.flatMap(finite);
  return {
    left, right, top, bottom,
    x: scaleOf(x, points.map(([value]) => value), [left, right]),
    y: scaleOf(y, points.map(([, value]) => value), [bottom, top]),
  };
}

function axes({ x, y }: ChartOptions, frame: Frame): string[] {
  const { left, right, top, bottom } = frame;
  const columns = frame.x.ticks(6).flatMap((tick) => {
    const at = frame.x(tick);
    return [element("path", { d: path([[at, top], [at, bottom]]), stroke: faint }), text(frame.x.tickFormat(6)(tick), { x: at, y: bottom + 16, "text-anchor": "middle" })];
  });
  const rows = frame.y.ticks(5).flatMap((tick) => {
    const at = frame.y(tick);
    return [element("path", { d: path([[left, at], [right, at]]), stroke: faint }), text(frame.y.tickFormat(5)(tick), { x: left - 8, y: at + 4, "text-anchor": "end" })];
  });
  const middle = (top + bottom) / 2;
  return [
    ...columns, ...rows,
    element("path", { d: path([[left, top], [left, bottom], [right, bottom]]), fill: "none", stroke: ink }),
    text(x.label, { x: (left + right) / 2, y: bottom + 36, "text-anchor": "middle" }),
    text(y.label, { x: 16, y: middle, "text-anchor": "middle", transform: `rotate(-90 16 ${middle})` }),
  ];
}

/** Points per side of the grid on which heights are looked at. */
const grid = 80;

function contourLines({ height, levels }: Contours, frame: Frame): string[] {
  const { x, y, left, right, top, bottom } = frame;
  const place = (i: number, from: number, to: number): number => from + (i / (grid - 1)) * (to - from);
  const heights = Array.from({ length: grid * grid }, (_, i) => height(x.invert(place(i % grid, left, right)), y.invert(place(Math.floor(i / grid), top, bottom))));
  return contours().size([grid, grid]).thresholds([...levels])(heights).map(({ coordinates }) => {
    // d3-contour counts from the corners of cells.
    const rings = coordinates.flat().map((ring) => path(ring.map(([column, row]): Point => [place(column - 0.5, left, right), place(row - 0.5, top, bottom)])));
    return element("path", { d: rings.join(""), fill: "none", stroke: "#bbb", "clip-path": `url(#${planeOf(frame)})` });
  });
}

const colourOf = (i: number): string => colours[i % colours.length];

/** In pixels: what is closer to the point before, nobody sees. */
const NEAR = 0.3;

/** Whether b is on the way from a to c. */
const onTheWay = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): boolean =>
  Math.abs((bx - ax) * (cy - by) - (by - ay) * (cx - bx)) < 1e-9 && (bx - ax) * (cx - bx) >= 0 && (by - ay) * (cy - by) >= 0;

/** Without the points that a line shows as well without; the first and the last stay. */
function visible(places: readonly Point[]): Point[] {
  let [last] = places;
  return places.filter((place, i) => {
    const between = i > 0 && i < places.length - 1;
    const near = Math.abs(place[0] - last[0]) < NEAR && Math.abs(place[1] - last[1]) < NEAR;
    if (between && (near || onTheWay(last, place, places[i + 1]))) return false;
    last = place;
    return true;
  });
}

/** The colours come round again dashed. */
const strokeOf = (i: number) => ({ stroke: colourOf(i), "stroke-dasharray": i < colours.length ? undefined : "6 3" });

function drawn(series: Series, i: number, frame: Frame): string {
  const { style = "line" } = series;
  const { x, y } = frame;
  const places = finite(series).map(([px, py]): Point => [x(px), y(py)]);
  const line = element("path", { d: path(visible(places)), fill: "none", ...strokeOf(i), "stroke-width": 2 });
  const dots = places.map(([cx, cy]) => element("circle", { cx, cy, r: 3, fill: colourOf(i) }));
  return element("g", { "clip-path": `url(#${planeOf(frame)})` }, ...(style === "dots" ? [] : [line]), ...(style === "line" ? [] : dots));
}

function legend(series: readonly Series[], { right, top: plane, bottom }: Frame, corner: "top" | "bottom"): string[] {
  if (series.length < 2) return [];
  const height = 18 * series.length + 6;
  const top = corner === "top" ? plane : bottom - height - 8;
  const width = 36 + 6.8 * Math.max(...series.map(({ name }) => name.length));
  const rows = series.flatMap(({ name }, i) => {
    const y = top + 16 + 18 * i;
    return [text(name, { x: right - 30, y: y + 4, "text-anchor": "end" }), element("path", { d: path([[right - 24, y], [right - 8, y]]), ...strokeOf(i), "stroke-width": 3 })];
  });
  return [element("rect", { x: right - width - 4, y: top + 4, width, height, fill: "white", opacity: 0.85 }), ...rows];
}

/**
 * Lines and dots over two axes, as SVG text. Points that are not finite are left out.
 *
 *     chart({ title: "Loss", x: { label: "step" }, y: { label: "cross-entropy, nats" }, series: [{ name: "train", points: [[0, 2.3], [1, 1.9]] }] });
 *
 * @throws ShapeError without a series, ValueError for an empty label or a size that is not positive
 */
export function chart(options: ChartOptions): string {
  checkOptions("chart", options, ["title", "x", "y", "series", "contours", "legend", "width", "height"]);
  const { title, x, y, series, contours: heights, legend: corner = "top", width = 560, height = 380 } = options;
  if (series.length === 0) throw new ShapeError("chart", "there is no series", "Give at least one");
  if (x.label === "" || y.label === "") throw new ValueError("chart", "an axis has no label", "Say what is measured, with its unit");
  if (!(width > 100 && height > 100)) throw new ValueError("chart", `the picture is ${width} × ${height}`, "Give more than 100 pixels each way", { width, height });
  const frame = frameOf(options, width, height);
  const { left, right, top, bottom } = frame;
  return picture(
    width, height, title,
    element("clipPath", { id: planeOf(frame) }, element("rect", { x: left, y: top, width: right - left, height: bottom - top })),
    text(title, { x: left, y: 20, "font-size": 14, "font-weight": "bold" }),
    ...axes(options, frame),
    ...(heights === undefined ? [] : contourLines(heights, frame)),
    ...series.map((own, i) => drawn(own, i, frame)),
    ...legend(series, frame, corner),
  );
}
