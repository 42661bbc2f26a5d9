import { DTypeError, ShapeError, checkOptions } from "@dl/registry";
import { isFloat, showShape, type Tensor } from "@dl/tensor";

export interface CheckImageOptions {
  /** How many channels are taken. Default any number. */
  readonly channels?: readonly number[];
}

/** Channels that pictures come with: grey, colour, and colour with alpha. */
const usual: readonly number[] = [1, 3, 4];

/** Whether the last dim counts channels, rather than the one in front of rows and columns. */
function hasChannelsLast({ shape }: Tensor, channels: readonly number[] | undefined): boolean {
  const [count, height, last] = shape.slice(-3);
  if (channels !== undefined) return !channels.includes(count) && channels.includes(last) && height > last;
  return count > 4 && usual.includes(last) && height > last;
}

function wrongChannels(where: string, { shape, ndim }: Tensor, channels: readonly number[]): ShapeError {
  const count = shape[ndim - 3];
  const fix =
    channels.includes(count - 1) && (count === 2 || count === 4)
      ? `The last one is likely alpha; drop it: image.slice(${ndim - 3}, 0, ${count - 1})`
      : "Convert the image first: grey images have 1 channel, coloured ones 3";
  const fact = `the image of shape ${showShape(shape)} has ${count} channel${count === 1 ? "" : "s"}, expected ${channels.join(" or ")}`;
  return new ShapeError(where, fact, fix, { shape, channels });
}

/**
 * Refuses what is no image: everything in @dl/vision takes [C, H, W] or [N, C, H, W] of floats, from 0 to 1.
 * @throws ShapeError for another number of dims or channels, channels that stand last, or no pixels; DTypeError unless it holds floats
 */
export function checkImage(where: string, image: Tensor, options: CheckImageOptions = {}): void {
  checkOptions(where, options, ["channels"]);
  const { channels } = options;
  const { shape, ndim, dtype } = image;
  if (ndim !== 3 && ndim !== 4) {
    const fix = ndim === 2 ? "Add the dim of channels: image.unsqueeze(0)" : "Give [C, H, W] or a batch [N, C, H, W]";
    throw new ShapeError(where, `the image has shape ${showShape(shape)}`, fix, { shape });
  }
  if (hasChannelsLast(image, channels)) {
    const order = ndim === 3 ? "2, 0, 1" : "0, 3, 1, 2";
    const fact = `the image of shape ${showShape(shape)} would have ${shape[ndim - 3]} channels of ${shape[ndim - 2]} × ${shape[ndim - 1]} pixels`;
    throw new ShapeError(where, fact, `Its channels seem to stand last: image.permute([${order}])`, { shape });
  }
  if (channels !== undefined && !channels.includes(shape[ndim - 3])) throw wrongChannels(where, image, channels);
  if (shape.slice(-2).includes(0)) {
    throw new ShapeError(where, `the image of shape ${showShape(shape)} has no pixels`, "Give at least one row and one column", { shape });
  }
  if (!isFloat(dtype)) throw new DTypeError(where, `the image is ${dtype}`, 'Convert it to floats from 0 to 1: image.to("float32").div(255)', { dtype });
}
