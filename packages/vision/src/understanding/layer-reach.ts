import type { EdgePadding, Module } from "@dl/nn";
import { ValueError } from "@dl/registry";
import { perDim, windowsOf, type InterpolateMode, type PerDim, type Tensor, type WindowOptions, type Windows } from "@dl/tensor";
import { RANK, endings, typeOf, windowsOfLayer } from "./layer-windows.js";
import { counted, sliding, spreading, type AxisMap } from "./reach.js";

/** What a layer does to the part of the image that units see, as far as that is known from its type. */
export interface LayerReach {
  /** For rows and columns; "everything" where each unit sees all of the input. */
  readonly maps: readonly AxisMap[] | "everything";
  /** The windows that it slides, if it does. */
  readonly windows: Windows | null;
}

const optionsIn = (module: Module): object => ("options" in module && typeof module.options === "object" && module.options !== null ? module.options : {});

function transposed(where: string, module: Module): LayerReach {
  const { kernelSize } = module as Module & { readonly kernelSize: PerDim };
  const { stride = 1, padding = 0, dilation = 1 }: WindowOptions = optionsIn(module);
  const windows = windowsOf(where, perDim(where, "kernelSize", kernelSize, RANK, 1), { stride, padding, dilation });
  return { maps: spreading(windows), windows: null };
}

/** Neighbours that a resampled pixel is made of, by its position among the old ones. */
const neighbours: Readonly<Partial<Record<InterpolateMode, (position: number) => readonly number[]>>> = {
  nearest: (position) => [Math.round(position)],
  nearestExact: (position) => [Math.round(position)],
  area: (position) => [Math.round(position)],
  bilinear: (position) => [Math.floor(position), Math.ceil(position)],
  bicubic: (position) => (Number.isInteger(position) ? [position] : [Math.floor(position) - 1, Math.ceil(position) + 1]),
};

function enlarging(where: string, path: string, module: Module, input: Tensor, output: Tensor): LayerReach {
  const { mode = "nearest", alignCorners = false }: { mode?: InterpolateMode; alignCorners?: boolean } = optionsIn(module);
  const factors = input.shape.slice(-RANK).map((size, d) => output.shape[output.ndim - RANK + d] / size);
  const around = neighbours[mode];
  if (around === undefined || alignCorners || typeOf(module) === "nn/UpsamplingBilinear2d" || !factors.every(Number.isInteger)) {
    const fact = `"${path}" resamples by ${factors.join(" and ")}${alignCorners ? " with aligned corners" : ""}, so that no two units see alike`;
    throw new ValueError(where, fact, "Enlarge by a whole factor without alignCorners, or use measuredField", { path, factors });
  }
  const maps = factors.map((factor): AxisMap => ({ up: factor, down: 1, taps: (unit) => around((unit + 0.5) / factor - 0.5) }));
  return { maps, windows: null };
}

function padded(module: Module): LayerReach {
  const { padding } = module as Module & { readonly padding: EdgePadding };
  const sides = typeof padding === "number" ? [padding, padding, padding, padding] : padding;
  // Of the last dim first.
  return { maps: [sides[2], sides[0]].map((before) => ({ up: 1, down: 1, taps: (unit) => [unit - before] })), windows: null };
}

function shuffled(module: Module): LayerReach {
  if ("upscaleFactor" in module) {
    const factor = Number(module.upscaleFactor);
    const one: AxisMap = { up: factor, down: 1, taps: (unit) => [Math.floor(unit / factor)] };
    return { maps: [one, one], windows: null };
  }
  const factor = Number(Reflect.get(module, "downscaleFactor"));
  const one: AxisMap = { up: 1, down: factor, taps: (unit) => counted(factor).map((i) => unit * factor + i) };
  return { maps: [one, one], windows: null };
}

const others = /^nn\/(ConvTranspose2d|Upsample|Upsampling(Nearest|Bilinear)2d|PixelShuffle|PixelUnshuffle|(Zero|Constant|Reflection|Replication)Pad2d)$/;

/** Whether a layer is taken as a whole: what it does inside need not be looked at. */
export const isKnownLayer = (where: string, module: Module, pointwise: readonly string[]): boolean =>
  endings.includes(typeOf(module)) || others.test(typeOf(module)) || windowsOfLayer(where, module, pointwise) !== undefined;

/** What a known layer does. @throws ValueError for an enlargement by no whole factor */
export function reachOfLayer(where: string, path: string, module: Module, input: Tensor, output: Tensor, pointwise: readonly string[]): LayerReach {
  const type = typeOf(module);
  const windows = windowsOfLayer(where, module, pointwise);
  if (windows !== undefined) return { maps: sliding(windows), windows };
  if (endings.includes(type)) return { maps: "everything", windows: null };
  if (type === "nn/ConvTranspose2d") return transposed(where, module);
  if (type.endsWith("Pad2d")) return padded(module);
  return type.endsWith("huffle") ? shuffled(module) : enlarging(where, path, module, input, output);
}
