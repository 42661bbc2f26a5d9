import type { Generator } from "@dl/tensor";
import type { Glyph, Stroke } from "./glyphs.js";

/** A piece of a drawn line, straight, in pixels; the pen's radius runs from `r0` to `r1`. */
export interface Line {
  readonly x0: number;
  readonly y0: number;
  readonly r0: number;
  readonly x1: number;
  readonly y1: number;
  readonly r1: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const PIECES_PER_SPAN = 5;
/** How far a control point strays, in units of the glyph's box. */
const WOBBLE = 0.26;
/** Share of the image that a digit fills: some people write small. */
const LARGE = 0.64;
const SMALL = 0.46;
const SMALL_SHARE = 0.35;

/**
 * About normal, mean 0 and variance 1: four uniforms. Only + − × ÷ and √ are used in drawing, which every engine
 * rounds alike, so that a seed gives the same pixels everywhere.
 */
function bell(random: Generator): number {
  return (random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2) * Math.sqrt(3);
}

/** Limits the rare extremes of `bell`, with which a digit is no longer one. */
const mild = (random: Generator, spread: number): number => Math.max(-2, Math.min(2, bell(random))) * spread;

/** A random hand: how the whole glyph leans, turns and stretches. */
function hand(random: Generator): (point: Point) => Point {
  const slant = 0.08 + mild(random, 0.17);
  const width = 0.72 + mild(random, 0.12);
  const half = mild(random, 0.06);
  // The rational form of a rotation by the angle 2·atan(half).
  const cos = (1 - half * half) / (1 + half * half);
  const sin = (2 * half) / (1 + half * half);
  const bend = mild(random, 0.012);
  const swell = mild(random, 0.012);
  return ({ x, y }) => {
    const v = y - 5;
    const u = (x - 5) * (1 + swell * v) * width - slant * v + bend * v * v;
    return { x: u * cos - v * sin, y: u * sin + v * cos };
  };
}

/** The control points of a stroke, each a little off; the two of a corner stay together. */
function wobbled(stroke: Stroke, random: Generator, place: (point: Point) => Point): Point[] {
  const points: Point[] = [];
  for (let i = 0; i < stroke.length; i += 2) {
    const isCorner = i > 0 && stroke[i] === stroke[i - 2] && stroke[i + 1] === stroke[i - 1];
    points.push(
      isCorner ? points[points.length - 1] : place({ x: stroke[i] + mild(random, WOBBLE), y: stroke[i + 1] + mild(random, WOBBLE) }),
    );
  }
  return points;
}

const cubic = (a: number, b: number, c: number, d: number, t: number): number =>
  b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

/** Points along the Catmull–Rom curve through `points`. A repeated point ends one curve and starts the next. */
function smooth(points: readonly Point[]): Point[] {
  const path: Point[] = [points[0]];
  for (let i = 0; i + 1 < points.length; i++) {
    const [from, to] = [points[i], points[i + 1]];
    if (from === to) continue;
    const before = i > 0 ? points[i - 1] : from;
    const after = i + 2 < points.length ? points[i + 2] : to;
    for (let piece = 1; piece <= PIECES_PER_SPAN; piece++) {
      const t = piece / PIECES_PER_SPAN;
      path.push({ x: cubic(before.x, from.x, to.x, after.x, t), y: cubic(before.y, from.y, to.y, after.y, t) });
    }
  }
  return path;
}

/** How to put the paths into the middle of the image. */
function framing(paths: readonly (readonly Point[])[], random: Generator, image: number): { scale: number; dx: number; dy: number } {
  const xs = paths.flatMap((path) => path.map(({ x }) => x));
  const ys = paths.flatMap((path) => path.map(({ y }) => y));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const share = (random.uniform() < SMALL_SHARE ? SMALL : LARGE) + mild(random, 0.03);
  const scale = (image * share) / Math.max(right - left, bottom - top);
  return {
    scale,
    dx: image / 2 - ((left + right) / 2) * scale + mild(random, 0.5),
    dy: image / 2 - ((top + bottom) / 2) * scale + mild(random, 0.5),
  };
}

/** Writes a glyph by a random hand with a random pen into an image of `image` pixels a side. */
export function write(glyph: Glyph, random: Generator, image: number): Line[] {
  const place = hand(random);
  const paths = glyph.strokes.map((stroke) => smooth(wobbled(stroke, random, place)));
  const { scale, dx, dy } = framing(paths, random, image);
  const radius = Math.max(0.7, 1.25 + mild(random, 0.28));
  return paths.flatMap((path) => {
    const start = radius * (1 + mild(random, 0.12));
    const change = radius * mild(random, 0.15);
    const at = (i: number): { x: number; y: number; r: number } => ({
      x: path[i].x * scale + dx,
      y: path[i].y * scale + dy,
      r: start + (change * i) / (path.length - 1),
    });
    return path.slice(1).map((_, i) => {
      const [from, to] = [at(i), at(i + 1)];
      return { x0: from.x, y0: from.y, r0: from.r, x1: to.x, y1: to.y, r1: to.r };
    });
  });
}
