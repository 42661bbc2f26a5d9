import type { Line } from "./pen.js";

/** Width of the soft edge of a stroke, in pixels. */
const EDGE = 1.4;

const clamp01 = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value);

/**
 * Draws lines with a soft pen into `image` (`size` × `size`, row-major): a pixel's value is 1 inside of a stroke and falls to 0
 * over its edge, by the distance of its centre from the nearest line. Where lines cross, the darker one counts.
 */
export function draw(lines: readonly Line[], image: Float32Array, size: number): void {
  for (const { x0, y0, r0, x1, y1, r1 } of lines) {
    const reach = Math.max(r0, r1) + EDGE;
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
    const right = Math.min(size - 1, Math.ceil(Math.max(x0, x1) + reach));
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
    const bottom = Math.min(size - 1, Math.ceil(Math.max(y0, y1) + reach));
    const [dx, dy] = [x1 - x0, y1 - y0];
    const inverse = 1 / Math.max(dx * dx + dy * dy, 1e-12);
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const [px, py] = [column + 0.5 - x0, row + 0.5 - y0];
        const along = clamp01((px * dx + py * dy) * inverse);
        const [ox, oy] = [px - along * dx, py - along * dy];
        const depth = r0 + along * (r1 - r0) - Math.sqrt(ox * ox + oy * oy);
        const darkness = clamp01(0.5 + depth / EDGE);
        const at = row * size + column;
        if (darkness > image[at]) image[at] = darkness;
      }
    }
  }
}
