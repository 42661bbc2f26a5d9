import { checkWhole, ShapeError } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

/** Splits [.., C, H, W]. @throws ShapeError with fewer than three dims */
function imageOf(where: string, x: Tensor): { readonly lead: readonly number[]; readonly c: number; readonly h: number; readonly w: number } {
  if (x.ndim < 3) throw new ShapeError(where, `x has shape ${showShape(x.shape)}`, "Give [.., C, H, W]", { shape: x.shape });
  const [c, h, w] = x.shape.slice(-3);
  return { lead: x.shape.slice(0, -3), c, h, w };
}

/** The dims before the last `order.length` stay, those are reordered. */
function permuteLast(x: Tensor, order: readonly number[]): Tensor {
  const lead = x.ndim - order.length;
  return x.permute([...Array.from({ length: lead }, (_, d) => d), ...order.map((d) => lead + d)]);
}

/**
 * Lays r² channels out as an r × r block of pixels: sub-pixel convolution's last step.
 * Shapes: [.., C·r², H, W] → [.., C, H·r, W·r]. (Shi et al., 2016)
 * @throws ShapeError when r² does not divide the channels
 */
export const pixelShuffle = /* @__PURE__ */ defineComposite("pixelShuffle", (x: Tensor, upscaleFactor: number): Tensor => {
  checkWhole("pixelShuffle", "upscaleFactor", upscaleFactor, 1);
  const r = upscaleFactor;
  const { lead, c, h, w } = imageOf("pixelShuffle", x);
  if (c % r ** 2 !== 0) throw new ShapeError("pixelShuffle", `${c} channels cannot make blocks of ${r} × ${r}`, `Give a multiple of ${r ** 2}`, { shape: x.shape, upscaleFactor });
  const blocks = permuteLast(x.reshape([...lead, c / r ** 2, r, r, h, w]), [0, 3, 1, 4, 2]);
  return blocks.reshape([...lead, c / r ** 2, h * r, w * r]);
});

/** Undoes `pixelShuffle`. Shapes: [.., C, H·r, W·r] → [.., C·r², H, W]. @throws ShapeError when r does not divide both sizes */
export const pixelUnshuffle = /* @__PURE__ */ defineComposite("pixelUnshuffle", (x: Tensor, downscaleFactor: number): Tensor => {
  checkWhole("pixelUnshuffle", "downscaleFactor", downscaleFactor, 1);
  const r = downscaleFactor;
  const { lead, c, h, w } = imageOf("pixelUnshuffle", x);
  if (h % r !== 0 || w % r !== 0) throw new ShapeError("pixelUnshuffle", `an image of ${h} × ${w} has no blocks of ${r} × ${r}`, `Give multiples of ${r}, or pad first`, { shape: x.shape, downscaleFactor });
  const blocks = permuteLast(x.reshape([...lead, c, h / r, r, w / r, r]), [0, 2, 4, 1, 3]);
  return blocks.reshape([...lead, c * r ** 2, h / r, w / r]);
});

/**
 * Deals the channels of each group out to all groups, so that grouped convolutions mix.
 * Shapes: [N, C, ..] → same. (Zhang et al., 2018)
 * @throws ShapeError when the groups do not divide the channels
 */
export const channelShuffle = /* @__PURE__ */ defineComposite("channelShuffle", (x: Tensor, groups: number): Tensor => {
  checkWhole("channelShuffle", "groups", groups, 1);
  if (x.ndim < 2 || x.shape[1] % groups !== 0) {
    throw new ShapeError("channelShuffle", `${groups} groups do not divide the channels of shape ${showShape(x.shape)}`, "Give [N, C, ..] with C a multiple of the groups", { shape: x.shape, groups });
  }
  const [n, c, ...rest] = x.shape;
  return x.reshape([n, groups, c / groups, ...rest]).transpose(1, 2).reshape(x.shape);
});

const channels = [[[[1]], [[2]], [[3]], [[4]]]];

export const examples = (): Example[] => [
  example(pixelShuffle, { inputs: [channels], call: ([x]) => pixelShuffle(x, 2), expect: [[[[1, 2], [3, 4]]]] }),
  example(pixelShuffle, { shapes: [[2, 8, 1, 3]], call: ([x]) => pixelShuffle(x, 2) }),
  example(pixelShuffle, { shapes: [[1, 3, 1, 1]], call: ([x]) => pixelShuffle(x, 2), throws: "3 channels cannot make blocks of 2 × 2" }),
  example(pixelUnshuffle, { inputs: [[[[1, 2], [3, 4]]]], call: ([x]) => pixelUnshuffle(x, 2), expect: [[[1]], [[2]], [[3]], [[4]]] }),
  example(pixelUnshuffle, { shapes: [[2, 4, 2]], call: ([x]) => pixelUnshuffle(x, 2) }),
  example(channelShuffle, { inputs: [channels], call: ([x]) => channelShuffle(x, 2), expect: [[[[1]], [[3]], [[2]], [[4]]]] }),
  example(channelShuffle, { shapes: [[2, 6, 1, 2]], call: ([x]) => channelShuffle(x, 3) }),
];
