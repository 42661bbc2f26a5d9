/** Where a shape is, and half its size. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

type Inside = (dx: number, dy: number, radius: number) => boolean;

/** Whether a pixel is on the shape, by its distance from the middle; y points down. */
export const shapeKinds: readonly (readonly [name: string, inside: Inside])[] = [
  ["circle", (dx, dy, r) => dx * dx + dy * dy <= r * r],
  ["square", (dx, dy, r) => Math.max(Math.abs(dx), Math.abs(dy)) <= 0.85 * r],
  ["triangle", (dx, dy, r) => dy <= 0.7 * r && Math.abs(dx) <= 0.5 * (dy + r)],
];

/** Calls `mark` with the flat position of every pixel of a square picture whose middle is on a shape. */
export function forPixelsOf(kind: number, { x, y, radius }: Place, size: number, mark: (pixel: number) => void): void {
  const [, inside] = shapeKinds[kind];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) if (inside(column + 0.5 - x, row + 0.5 - y, radius)) mark(row * size + column);
  }
}

/** Grain over a picture, within 0..1. */
export function addGrain(image: Float32Array, noise: number, normal: () => number): void {
  for (let p = 0; p < image.length; p++) image[p] = Math.min(1, Math.max(0, image[p] + noise * normal()));
}
