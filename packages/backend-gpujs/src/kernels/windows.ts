import type { Lattice, Pool } from "@dl/tensor";
import { plus, sum } from "../source/text.js";

/** Nested loops, with a test of what is inside of the image in each. */
interface Loops {
  /** Names of the positions that the innermost body is run for. */
  readonly at: readonly string[];
  readonly around: (body: string) => string;
}

/** `for` over `count`, not written as a loop where it would run once. */
export const loop = (name: string, count: number, body: string): string =>
  count === 1 ? `const ${name} = 0; ${body}` : `for (let ${name} = 0; ${name} < ${count}; ${name}++) { ${body} }`;

/** From the last dim to the first, so that the first is the outermost loop. */
const nested = (count: number, level: (d: number, body: string) => string, body: string): string =>
  Array.from({ length: count }, (_, d) => count - 1 - d).reduce((inner, d) => level(d, inner), body);

/** Where elements lie: at window·stride + tap·dilation − padding, `p0`, `p1`, … @param loops name and count of what is gone through, per dim */
function elements({ stride, dilation, padding }: Pool, sizes: readonly number[], windows: readonly string[], taps: readonly string[], loops: readonly (readonly [string, number])[]): Loops {
  const level = (d: number, body: string): string => {
    const [before, after] = padding[d];
    const place = `const p${d} = ${sum([[windows[d], stride[d]], [taps[d], dilation[d]]])}${before === 0 ? "" : ` - ${before}`};`;
    const isAlwaysInside = before === 0 && after === 0;
    return loop(...loops[d], isAlwaysInside ? `${place} ${body}` : `${place} if (p${d} >= 0 && p${d} < ${sizes[d]}) { ${body} }`);
  };
  return { at: sizes.map((_, d) => `p${d}`), around: (body) => nested(sizes.length, level, body) };
}

/** The elements of one window, at its taps `t0`, `t1`, … @param window names of the window's position */
export const elementsOfWindow = (pool: Pool, sizes: readonly number[], window: readonly string[]): Loops =>
  elements(pool, sizes, window, tapsOf(pool), pool.kernel.map((count, d) => [`t${d}`, count]));

/** The elements at one tap of all windows, `v0`, `v1`, … @param taps names of the tap's position */
export const elementsAtTap = (pool: Pool, sizes: readonly number[], counts: readonly number[], taps: readonly string[]): Loops =>
  elements(pool, sizes, counts.map((_, d) => `v${d}`), taps, counts.map((count, d) => [`v${d}`, count]));

/**
 * The windows that see one element: `p0`, `p1`, …, and at which tap, `t0`, …: those for which place + padding − tap·dilation is a multiple
 * of the stride. @param place names of the element's position @param count windows per dim
 */
export function windowsOfElement({ kernel, stride, dilation, padding }: Pool, count: readonly number[], place: readonly string[]): Loops {
  const level = (d: number, body: string): string => {
    const from = `const f${d} = ${plus(place[d], `${padding[d][0]}`)}${kernel[d] === 1 ? "" : ` - t${d} * ${dilation[d]}`};`;
    const window = stride[d] === 1 ? `const p${d} = f${d};` : `const p${d} = Math.floor((f${d} + 0.5) / ${stride[d]});`;
    const isWhole = stride[d] === 1 ? "" : ` && p${d} * ${stride[d]} === f${d}`;
    return loop(`t${d}`, kernel[d], `${from} ${window} if (f${d} >= 0 && p${d} < ${count[d]}${isWhole}) { ${body} }`);
  };
  return { at: count.map((_, d) => `p${d}`), around: (body) => nested(count.length, level, body) };
}

export const tapsOf = ({ kernel }: Lattice): string[] => kernel.map((_, d) => `t${d}`);
