import { ShapeError, checkNumber, checkOptions } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { warped } from "../edits/edit.js";
import { displaced } from "../edits/elastic.js";
import { flipped } from "../edits/flips.js";
import { turnedBy, type TurnOptions } from "../edits/turns.js";
import { affineMap, checkParts, type AffineParts } from "../geometry/affine-map.js";
import { homographyBetween, type Point } from "../geometry/homography.js";
import { checkSampling, samplingKeys, type Sampling } from "../geometry/sampling.js";
import { onImage } from "./on-image.js";

/** The mirror image: left and right change places. Shapes: [C, H, W] or [N, C, H, W] → the same. @throws ShapeError, DTypeError */
export const horizontalFlip = (image: Tensor): Tensor => onImage("horizontalFlip", image, (canvas) => flipped(canvas, "horizontal"));

/** Upside down: top and bottom change places. Shapes: [C, H, W] or [N, C, H, W] → the same. @throws ShapeError, DTypeError */
export const verticalFlip = (image: Tensor): Tensor => onImage("verticalFlip", image, (canvas) => flipped(canvas, "vertical"));

export type RotateOptions = Omit<TurnOptions, "maskFill">;

/**
 * Turns a picture counter-clockwise about `center`, by default its middle. Quarter turns about the middle copy pixels exactly, as long as the
 * picture's height and width differ by an even number or `expand` is on; other angles read pixels by `interpolation`, "nearest" by default.
 * Shapes: [C, H, W] or [N, C, H, W] → the same, or with `expand` as large as it takes to show everything.
 * @param angle in degrees
 * @throws ValueError, ShapeError, DTypeError
 */
export function rotate(image: Tensor, angle: number, options: RotateOptions = {}): Tensor {
  checkOptions("rotate", options, [...samplingKeys, "expand", "center"]);
  checkNumber("rotate", "angle", angle);
  checkSampling("rotate", options);
  return onImage("rotate", image, (canvas) => turnedBy("rotate", canvas, angle, options));
}

export interface AffineOptions extends AffineParts, Sampling {}

/**
 * Shears, turns (clockwise, unlike `rotate`), scales and moves a picture: x′ = scale·R(angle)·S(shear)·(x − center) + center + translate.
 * Pixels are read by `interpolation`, "nearest" by default. Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @throws ValueError, ShapeError, DTypeError
 */
export function affine(image: Tensor, options: AffineOptions): Tensor {
  checkOptions("affine", options, [...samplingKeys, "angle", "translate", "scale", "shear", "center"]);
  const { interpolation, fill, ...parts } = options;
  checkParts("affine", parts);
  checkSampling("affine", options);
  const sampling = { ...(interpolation && { interpolation }), ...(fill !== undefined && { fill }) };
  return onImage("affine", image, (canvas) => warped("affine", canvas, [affineMap(canvas, parts)], sampling));
}

/**
 * Moves four points of a picture to four others, as if the camera had moved. Pixels are read by `interpolation`, "bilinear" by default.
 * Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @param startpoints [x, y] in pixels from the upper left corner of the picture, four of them @param endpoints where they go
 * @throws ValueError when three points lie on a line; ShapeError, DTypeError
 */
export function perspective(image: Tensor, startpoints: readonly Point[], endpoints: readonly Point[], options: Sampling = {}): Tensor {
  checkOptions("perspective", options, samplingKeys);
  checkSampling("perspective", options);
  for (const [name, points] of Object.entries({ startpoints, endpoints })) {
    if (points.length !== 4) {
      const fix = "Give four: upper left, upper right, lower right, lower left";
      throw new ShapeError("perspective", `${name} has ${points.length} points`, fix, { [name]: points });
    }
    points.flat().forEach((coordinate) => { checkNumber("perspective", name, coordinate); });
  }
  const map = homographyBetween("perspective", startpoints, endpoints);
  return onImage("perspective", image, (canvas) => warped("perspective", canvas, [map], { interpolation: "bilinear", ...options }));
}

/**
 * Reads every pixel elsewhere: out(p) = image(p + displacement(p)), by `interpolation`, "bilinear" by default.
 * Shapes: image [C, H, W] or [N, C, H, W], displacement [H, W, 2] or [N, H, W, 2] → as the image. x and y count from −1 to 1 across the picture, so
 * a pixel is 2/W and 2/H. (Simard et al., 2003)
 * @throws ShapeError when the displacement does not fit; ValueError, DTypeError
 */
export function elastic(image: Tensor, displacement: Tensor, options: Sampling = {}): Tensor {
  checkOptions("elastic", options, samplingKeys);
  checkSampling("elastic", options);
  return onImage("elastic", image, (canvas) => displaced("elastic", canvas, displacement, { interpolation: "bilinear", ...options }));
}
