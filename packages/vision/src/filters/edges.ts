import { ValueError, checkChoice, checkOptions } from "@dl/registry";
import { tensor, type Tensor } from "@dl/tensor";
import { filter2d, type Filter2dOptions } from "./filter2d.js";

/** Differences along x; that of y is its transpose. (Sobel and Feldman, 1968; Prewitt, 1970) */
const slopes = {
  sobel: [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  prewitt: [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
} as const;

const laplacians = {
  4: [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
  8: [[1, 1, 1], [1, -8, 1], [1, 1, 1]],
} as const;

export type SlopeName = keyof typeof slopes;

/** The kernel of differences along an axis, [3, 3]. */
export function slopeKernel(name: SlopeName, axis: "x" | "y"): Tensor {
  const kernel = tensor(slopes[name].map((row) => [...row]));
  return axis === "x" ? kernel : kernel.transpose(0, 1);
}

export interface EdgeOptions extends Pick<Filter2dOptions, "paddingMode"> {
  /** Along an axis, or how steep it is whatever the direction: √(gx² + gy²) (default). */
  readonly direction?: "x" | "y" | "magnitude";
}

function slopesOf(name: SlopeName, image: Tensor, options: EdgeOptions): Tensor {
  checkOptions(name, options, ["direction", "paddingMode"]);
  const { direction = "magnitude", ...rest } = options;
  checkChoice(name, "direction", direction, ["x", "y", "magnitude"]);
  const along = (axis: "x" | "y"): Tensor => filter2d(image, slopeKernel(name, axis).to(image.dtype), rest);
  return direction === "magnitude" ? along("x").square().add(along("y").square()).sqrt() : along(direction);
}

/** Edges by Sobel's differences. Shapes: [C, H, W] or [N, C, H, W] → the same. Throws what `filter2d` throws. */
export const sobel = (image: Tensor, options: EdgeOptions = {}): Tensor => slopesOf("sobel", image, options);

/** Edges by Prewitt's differences. Shapes: [C, H, W] or [N, C, H, W] → the same. Throws what `filter2d` throws. */
export const prewitt = (image: Tensor, options: EdgeOptions = {}): Tensor => slopesOf("prewitt", image, options);

export interface LaplacianOptions extends Pick<Filter2dOptions, "paddingMode"> {
  /** How many of the eight pixels around count. Default 4. */
  readonly neighbours?: 4 | 8;
}

/** The sum of second differences, 0 on planes. Shapes: [C, H, W] or [N, C, H, W] → the same. Throws what `filter2d` throws. */
export function laplacian(image: Tensor, options: LaplacianOptions = {}): Tensor {
  checkOptions("laplacian", options, ["neighbours", "paddingMode"]);
  const { neighbours = 4, ...rest } = options;
  if (!Object.hasOwn(laplacians, neighbours)) throw new ValueError("laplacian", `neighbours is ${neighbours}`, "Use 4 or 8", { neighbours });
  return filter2d(image, tensor(laplacians[neighbours].map((row) => [...row])).to(image.dtype), rest);
}
