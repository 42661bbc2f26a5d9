import { elementwise, selectExpr, tensor, type Tensor } from "@dl/tensor";
import { checkImage } from "../../image/check-image.js";
import { perImage, type PerImage } from "./on-image.js";

/**
 * A channel of the colour with the same greatest and least channel, further on the circle red – yellow – green – cyan – blue – magenta of length 6:
 * greatest − chroma·t, where t goes from 0 to 1 and back as the channel's distance from `start` grows. Places on the circle are multiplied with the
 * chroma, which saves the divisions. (Smith, 1978)
 */
const turnedChannel = /* @__PURE__ */ elementwise("adjustHue", (r, g, b, turn, start) => {
  const most = r.max(g).max(b);
  const chroma = most.sub(r.min(g).min(b));
  const hue = selectExpr(r.eq(most), g.sub(b), selectExpr(g.eq(most), b.sub(r).add(chroma.mul(2)), r.sub(g).add(chroma.mul(4))));
  const circle = chroma.mul(6);
  const further = hue.add(turn.mul(6).add(start).mul(chroma));
  const place = further.sub(further.div(selectExpr(chroma.eq(0), 1, circle)).floor().mul(circle));
  return most.sub(place.min(chroma.mul(4).sub(place)).min(chroma).max(0));
});

/** How far red, green and blue are from where they are least. */
const starts = [5, 3, 1];

/**
 * Other colours of the same brightness and purity: the hue is turned by `factor` of the colour circle. −0.5 and 0.5 give complementary colours, and
 * whole numbers the picture itself; grey pictures stay.
 * Shapes: [C, H, W] or [N, C, H, W] with 1 or 3 channels → the same.
 * @param factor one number, or one for each image of a batch
 * @throws ValueError for a factor that is not finite; ShapeError, DTypeError
 */
export function adjustHue(image: Tensor, factor: PerImage): Tensor {
  checkImage("adjustHue", image, { channels: [1, 3] });
  const turn = perImage("adjustHue", "factor", factor, image);
  const dim = image.ndim - 3;
  if (image.shape[dim] === 1) return image;
  const [red, green, blue] = [0, 1, 2].map((channel) => image.slice(dim, channel, channel + 1));
  const start = tensor(starts, { dtype: image.dtype, backend: image.backend }).reshape([3, 1, 1]);
  return turnedChannel(red, green, blue, turn, start);
}
