import { ShapeError, checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { showShape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { pad } from "../pad.js";
import { outputSizes, perDim, windowsOf } from "./geometry.js";
import type { PerDim, WindowOptions } from "./geometry.js";
import { foldWindows, windows } from "./windows.js";

const keys = ["stride", "padding", "dilation"];

/**
 * Every patch of an image as a column, as torch.nn.functional.unfold: a convolution is a product with these columns.
 * Shapes: [N, C, H, W] → [N, C·KH·KW, H′·W′].
 */
export const im2col = /* @__PURE__ */ defineComposite("im2col", (x: Tensor, kernelSize: PerDim, options: WindowOptions = {}): Tensor => {
  checkOptions("im2col", options, keys);
  if (x.ndim !== 4) throw new ShapeError("im2col", `x has shape ${showShape(x.shape)}`, "Give [N, C, H, W]", { shape: x.shape });
  const lattice = windowsOf("im2col", perDim("im2col", "kernelSize", kernelSize, 2, 1), options);
  const [n, c, ...sizes] = x.shape;
  const out = outputSizes("im2col", sizes, lattice);
  const seen = windows(pad(x, lattice.padding.toReversed().flat()), lattice);
  return seen.permute([0, 1, 4, 5, 2, 3]).reshape([n, c * sizeOf(lattice.kernel), sizeOf(out)]);
});

/**
 * Adds columns of patches up to an image, as torch.nn.functional.fold: the adjoint of `im2col`, so overlaps add.
 * Shapes: [N, C·KH·KW, H′·W′] → [N, C, ...outputSize].
 * @throws ShapeError when the columns are not those of such an image
 */
export const col2im = /* @__PURE__ */ defineComposite("col2im", (x: Tensor, outputSize: PerDim, kernelSize: PerDim, options: WindowOptions = {}): Tensor => {
  checkOptions("col2im", options, keys);
  const sizes = perDim("col2im", "outputSize", outputSize, 2, 1);
  const lattice = windowsOf("col2im", perDim("col2im", "kernelSize", kernelSize, 2, 1), options);
  const out = outputSizes("col2im", sizes, lattice);
  const taps = sizeOf(lattice.kernel);
  if (x.ndim !== 3 || x.shape[1] % taps !== 0 || x.shape[2] !== sizeOf(out)) {
    throw new ShapeError("col2im", `x has shape ${showShape(x.shape)}`, `For an image of ${showShape(sizes)} give [N, C·${taps}, ${sizeOf(out)}]`, { shape: x.shape, outputSize });
  }
  const [n, rows] = x.shape;
  const c = rows / taps;
  const columns = x.reshape([n, c, ...lattice.kernel, ...out]).permute([0, 1, 4, 5, 2, 3]);
  const [[top, bottom], [left, right]] = lattice.padding;
  const wide = foldWindows(columns, [n, c, sizes[0] + top + bottom, sizes[1] + left + right], lattice);
  return wide.slice(2, top, top + sizes[0]).slice(3, left, left + sizes[1]);
});
