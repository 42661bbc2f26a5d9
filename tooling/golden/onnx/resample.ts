import { affineGrid, gridSample, resample as resampleDim, tensor, where } from "@dl/tensor";
import type { GridPadding, GridSampleMode, ResampleOptions, Tensor } from "@dl/tensor";
import { dimsOf, fromFront } from "./dims.js";
import type { OnnxNode, Operators } from "./node.js";

/** One axis before and after; `scale` is what the graph asks for, `to` what whole elements make of it. */
interface Axis {
  readonly dim: number;
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  /** The part of the input that is cut out, where the node does that. */
  readonly region: readonly [start: number, end: number];
}

type Rule = (i: number, axis: Axis) => number;

const halfPixel: Rule = (i, { scale }) => (i + 0.5) / scale - 0.5;

/** Where element i of the output lies in the input, by `coordinate_transformation_mode`. */
const positions: Readonly<Record<string, Rule>> = {
  half_pixel: halfPixel,
  pytorch_half_pixel: (i, axis) => (axis.to === 1 ? -0.5 : halfPixel(i, axis)),
  half_pixel_symmetric: (i, axis) => (axis.from / 2) * (1 - axis.to / (axis.scale * axis.from)) + halfPixel(i, axis),
  asymmetric: (i, { scale }) => i / scale,
  align_corners: (i, { from, scale }) => (scale * from === 1 ? 0 : (i * (from - 1)) / (scale * from - 1)),
  tf_crop_and_resize: (i, { from, to, region: [start, end] }) =>
    (from - 1) * (to === 1 ? (start + end) / 2 : start + (i * (end - start)) / (to - 1)),
};

const rounding: Readonly<Record<string, (position: number) => number>> = {
  round_prefer_floor: (position) => Math.ceil(position - 0.5),
  round_prefer_ceil: (position) => Math.floor(position + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

function oneOf<T>(node: OnnxNode, table: Readonly<Record<string, T>>, name: string, fallback: string): T {
  const key = node.text(name, fallback);
  return Object.hasOwn(table, key) ? table[key] : node.refuse(`${name} "${key}" is unknown`);
}

/** All dims of sizes, or those of `axes`, in the policy's common ratio where there is one. */
function axesOf(node: OnnxNode, scales: readonly number[] | undefined, sizes: readonly number[] | undefined): Axis[] {
  const x = node.input();
  const axes = (node.numbers("axes") ?? dimsOf(x)).map((axis) => fromFront(axis, x.ndim));
  const roi = node.opset > 10 ? node.values(1) : undefined;
  const ratios = scales ?? sizes?.map((size, i) => size / x.shape[axes[i]]) ?? node.refuse("neither scales nor sizes are given");
  const policy = node.text("keep_aspect_ratio_policy", "stretch");
  const isCommon = sizes !== undefined && policy !== "stretch";
  const common = (policy === "not_larger" ? Math.min : Math.max)(...ratios);
  return axes.map((dim, i) => {
    const from = x.shape[dim];
    const scale = isCommon ? common : ratios[i];
    const to = isCommon ? Math.floor(common * from + 0.5) : (sizes?.[i] ?? Math.floor(from * scale));
    return { dim, from, to, scale, region: [roi?.[i] ?? 0, roi?.[i + axes.length] ?? 1] };
  });
}

/** Elements whose position is outside of the input become `value`. */
function extrapolated(y: Tensor, { dim, from }: Axis, places: readonly number[], value: number): Tensor {
  const inside = tensor(places.map((position) => position >= 0 && position <= from - 1));
  return where(inside.reshape(y.shape.map((size, d) => (d === dim ? size : 1))), y, value);
}

function optionsOf(node: OnnxNode, { scale }: Axis): ResampleOptions {
  const mode = oneOf(node, { nearest: "nearest", linear: "linear", cubic: "cubic" } as const, "mode", "nearest");
  if (mode === "nearest") return { mode };
  return {
    mode,
    coefficient: node.number("cubic_coeff_a", -0.75),
    stretch: node.flag("antialias") ? Math.max(1, 1 / scale) : 1,
    outside: node.flag("exclude_outside") ? "drop" : "repeat",
  };
}

interface Defaults {
  readonly coordinates: string;
  readonly nearest: string;
}

function resized(node: OnnxNode, axes: readonly Axis[], { coordinates, nearest }: Defaults): Tensor {
  const rule = oneOf(node, positions, "coordinate_transformation_mode", coordinates);
  const round = oneOf(node, rounding, "nearest_mode", nearest);
  const crops = rule === positions.tf_crop_and_resize;
  return axes.reduce((y, axis) => {
    if (axis.from === axis.to && axis.scale === 1 && !crops) return y;
    const places = Array.from({ length: axis.to }, (_, i) => rule(i, axis));
    const options = optionsOf(node, axis);
    const done = resampleDim(y, axis.dim, options.mode === "nearest" ? places.map(round) : places, options);
    return crops ? extrapolated(done, axis, places, node.number("extrapolation_value", 0)) : done;
  }, node.input());
}

/** Operator set 10 had scales as input 1 and no attributes but the mode; Upsample before it. */
const asymmetric: Defaults = { coordinates: "asymmetric", nearest: "floor" };

function resize(node: OnnxNode): Tensor {
  if (node.opset <= 10) return resized(node, axesOf(node, node.values(1), undefined), asymmetric);
  const [scales, sizes] = [node.values(2), node.values(3)];
  const given = scales?.length === 0 ? undefined : scales;
  return resized(node, axesOf(node, given, sizes), { coordinates: "half_pixel", nearest: "round_prefer_floor" });
}

const gridModes: Readonly<Record<string, GridSampleMode>> = { linear: "bilinear", bilinear: "bilinear", nearest: "nearest", cubic: "bicubic", bicubic: "bicubic" };
const gridPaddings: Readonly<Record<string, GridPadding>> = { zeros: "zeros", border: "border", reflection: "reflection" };

export const resample: Operators = {
  Resize: resize,
  Upsample: (node) => resized(node, axesOf(node, node.list("scales", 1), undefined), asymmetric),
  GridSample: (node) => gridSample(node.input(0), node.input(1), {
    mode: oneOf(node, gridModes, "mode", "linear"),
    paddingMode: oneOf(node, gridPaddings, "padding_mode", "zeros"),
    alignCorners: node.flag("align_corners"),
  }),
  AffineGrid: (node) => affineGrid(node.input(0), node.values(1) ?? node.refuse("it has no size"), { alignCorners: node.flag("align_corners") }),
};
