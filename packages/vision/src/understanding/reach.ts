// What the units of a map see of the image, along one axis. Upsampling makes neighbouring units differ, so a reach lists as many of them as
// there are before the pattern repeats; without it, that is one.
import { ShapeError } from "@dl/registry";
import type { Windows } from "@dl/tensor";

/** Pixels from one to another, both included; beyond the image they stand for padding. */
export type Span = readonly [first: number, last: number];

/** Unit q·n + r sees spans[r] moved by q·n·jump pixels, where n is the number of spans. */
export interface Reach {
  /** Pixels between what neighbouring units see. */
  readonly jump: number;
  readonly spans: readonly Span[];
}

/** Which units of its input a layer's unit looks at, along one axis. */
export interface AxisMap {
  /** Moving by `up` units of the output moves what is seen by `down` units of the input. */
  readonly up: number;
  readonly down: number;
  readonly taps: (unit: number) => readonly number[];
}

const nothing: Span = [Infinity, -Infinity];
const everything: Span = [-Infinity, Infinity];

/** The image itself: each pixel sees itself. */
export const pixels: Reach = { jump: 1, spans: [[0, 0]] };

export const counted = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

const joined = ([a, b]: Span, [c, d]: Span): Span => [Math.min(a, c), Math.max(b, d)];

/** What unit number `unit` sees. */
export function spanAt({ jump, spans }: Reach, unit: number): Span {
  const period = spans.length;
  const turns = Math.floor(unit / period);
  const [first, last] = spans[unit - turns * period];
  // A whole number of pixels, whatever rounding made of a jump such as 1/3.
  const moved = Math.round(turns * period * jump);
  return [first + moved, last + moved];
}

/** What a layer's units see through its input's. */
export function through({ up, down, taps }: AxisMap, before: Reach): Reach {
  const period = before.spans.length;
  const units = up * (period / divisor(period, down));
  const spans = counted(units).map((unit) => taps(unit).map((tap) => spanAt(before, tap)).reduce(joined, nothing));
  return { jump: (before.jump * down) / up, spans };
}

/** What units see that look at several maps in the same place: from the first pixel of any to the last of any. @throws ShapeError when jumps differ */
export function union(where: string, reaches: readonly Reach[]): Reach {
  const [{ jump }] = reaches;
  const other = reaches.find((reach) => Math.abs(reach.jump - jump) > 1e-9);
  if (other !== undefined) {
    throw new ShapeError(
      where,
      `maps whose units lie ${jump} and ${other.jump} pixels apart are joined`,
      "Give all branches the same total stride",
      { jumps: [jump, other.jump] },
    );
  }
  const units = reaches.map(({ spans }) => spans.length).reduce((a, b) => (a * b) / divisor(a, b));
  return { jump, spans: counted(units).map((unit) => reaches.map((reach) => spanAt(reach, unit)).reduce(joined)) };
}

/** The same places, each of which also sees the whole image. */
export const withEverything = ({ jump }: Reach): Reach => ({ jump, spans: [everything] });

/** Most pixels that a unit sees. */
export const fieldOf = ({ spans }: Reach): number => Math.max(0, ...spans.map(([first, last]) => last - first + 1));

/** The pixel in the middle of what the first unit sees. */
export const startOf = ({ spans: [[first, last]] }: Reach): number => (first + last) / 2;

/** A window that slides: unit i looks at i·stride − padding + t·dilation. */
export const sliding = ({ kernel, stride, dilation, padding }: Windows): AxisMap[] =>
  kernel.map((size, d) => ({ up: 1, down: stride[d], taps: (unit) => counted(size).map((t) => unit * stride[d] - padding[d][0] + t * dilation[d]) }));

/** The transposed convolution: input unit n reaches n·stride − padding + t·dilation. */
export const spreading = ({ kernel, stride, dilation, padding }: Windows): AxisMap[] =>
  kernel.map((size, d) => ({
    up: stride[d],
    down: 1,
    taps: (unit) => counted(size).map((t) => (unit + padding[d][0] - t * dilation[d]) / stride[d]).filter(Number.isInteger),
  }));
