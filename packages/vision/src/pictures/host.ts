import { ShapeError } from "@dl/registry";
import { showShape, tensor, type HostArray, type Tensor } from "@dl/tensor";
import { checkImage } from "../image/check-image.js";

/**
 * A picture as decoders of @dl/data give it, as a tensor: `toImage(decodePng(bytes))`. Shapes: [C, H, W] → same.
 * @throws ShapeError, DTypeError for what is no image, or has a batch
 */
export function toImage({ data, dtype, shape }: HostArray): Tensor {
  const image = tensor(data, { shape, dtype });
  checkOne("toImage", image);
  return image;
}

/**
 * A picture as encoders take it: `encodePng(fromImage(grid))`. Shapes: [C, H, W] → same.
 * @throws ShapeError, DTypeError for what is no image, or has a batch
 */
export function fromImage(image: Tensor): HostArray {
  checkOne("fromImage", image);
  return { dtype: image.dtype, shape: image.shape, data: image.dataSync() };
}

/** @throws ShapeError unless it is one image, [C, H, W]; DTypeError unless it holds floats */
export function checkOne(where: string, image: Tensor, channels?: readonly number[]): void {
  checkImage(where, image, channels === undefined ? {} : { channels });
  if (image.ndim !== 3) {
    throw new ShapeError(
      where,
      `the image has shape ${showShape(image.shape)}`,
      "Give one image, [C, H, W]: images.select(0, i), or makeGrid(images)",
      { shape: image.shape },
    );
  }
}
