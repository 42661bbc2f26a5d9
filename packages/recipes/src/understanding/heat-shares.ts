import type { Tensor } from "@dl/tensor";

export const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/**
 * Of each map of heat the share that lies in one quadrant; 0 of a map without heat. Shapes: heat [N, H, W] with nothing below 0 and even sizes.
 * @param quadrants 0 top left, 1 top right, 2 bottom left, 3 bottom right
 */
export function sharesInQuadrants(heat: Tensor, quadrants: ArrayLike<number>): number[] {
  const [count, height, width] = heat.shape;
  const parts = heat.reshape([count, 2, height / 2, 2, width / 2]).sum([2, 4]).flatten(1).toArray() as number[][];
  return parts.map((masses, i) => {
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    return total === 0 ? 0 : masses[quadrants[i]] / total;
  });
}
