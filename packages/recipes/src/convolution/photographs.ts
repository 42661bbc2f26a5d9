import { ones, rand, where, zeros } from "@dl/tensor";
import type { Generator, HostArray, Tensor } from "@dl/tensor";
import { fromImage, makeGrid } from "@dl/vision";

/** One pixel in twenty black, and one in twenty white. */
export function saltAndPepper(image: Tensor, generator: Generator): Tensor {
  const chance = rand(image.shape, { generator });
  return where(chance.lt(0.05), zeros(image.shape), where(chance.gt(0.95), ones(image.shape), image));
}

/** Half of the height and width of the pictures, so that one sees the pixels, in a grid. */
export function closeUp(images: readonly Tensor[], columns: number): HostArray {
  const [, height, width] = images[0].shape;
  const [top, left] = [height >> 3, width >> 2];
  return fromImage(makeGrid(images.map((image) => image.slice(1, top, top + (height >> 1)).slice(2, left, left + (width >> 1))), { columns }));
}
