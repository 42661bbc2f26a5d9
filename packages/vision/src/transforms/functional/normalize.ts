import { ValueError } from "@dl/registry";
import { elementwise, type Tensor } from "@dl/tensor";
import { recoloured } from "../edits/edit.js";
import { perChannel } from "../geometry/sampling.js";
import { onImage } from "./on-image.js";

const standardized = /* @__PURE__ */ elementwise("normalizeImage", (x, mean, std) => x.sub(mean).div(std));

/** @throws ValueError unless every one is above 0 */
export function checkSpread(where: string, std: number | readonly number[]): void {
  const values = typeof std === "number" ? [std] : std;
  const bad = values.findIndex((value) => !(value > 0));
  if (bad === -1) return;
  throw new ValueError(where, `std of channel ${bad} is ${values[bad]}`, "Give numbers above 0; a channel with a single value has none", { std });
}

/**
 * (x − mean) / std, channel by channel. Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @param mean one number, or one per channel; so is `std`
 * @throws ShapeError for another count; ValueError for a std that is not above 0; DTypeError
 */
export function normalize(image: Tensor, mean: number | readonly number[], std: number | readonly number[]): Tensor {
  const where = "normalize";
  checkSpread(where, std);
  const change = (images: Tensor): Tensor => standardized(images, perChannel(where, "mean", mean, images), perChannel(where, "std", std, images));
  return onImage(where, image, (canvas) => recoloured(canvas, change));
}
