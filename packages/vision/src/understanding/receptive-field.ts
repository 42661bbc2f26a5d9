import { Sequential, type Module, type TensorModule } from "@dl/nn";
import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { outputSizes, type Windows } from "@dl/tensor";
import { RANK, endings, typeOf, windowsOfLayer } from "./layer-windows.js";
import type { Span } from "./reach.js";

export type { Span } from "./reach.js";

/** What a layer does to the part of the image that a unit sees; each list has a number for the rows and one for the columns. */
export interface ReceptiveFieldRow {
  /** Key of the layer in the model. */
  readonly path: string;
  readonly type: string;
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** Before the image and behind it. */
  readonly padding: readonly (readonly [number, number])[];
  /** Pixels that a unit sees: r′ = r + dilation·(kernel − 1)·j. */
  readonly field: readonly number[];
  /** Pixels between what neighbouring units see: j′ = j·stride. */
  readonly jump: readonly number[];
  /** The pixel in the middle of what the first unit sees, from 0; below 0 in the padding, and a half where the field is even. */
  readonly start: readonly number[];
}

export interface ReceptiveFieldOptions {
  /** Types of layers of your own whose units see only the unit at their own place, such as activations. */
  readonly pointwise?: readonly string[];
}

/** The layers that run one after the other. */
function chainOf(model: Module, path = ""): [path: string, module: Module][] {
  if (!(model instanceof Sequential)) return [[path, model]];
  return model.namedChildren().flatMap(([key, child]) => chainOf(child, path === "" ? key : `${path}.${key}`));
}

function windowsAt(path: string, module: Module, more: readonly string[]): Windows {
  const windows = windowsOfLayer("receptiveField", module, more);
  if (windows !== undefined) return windows;
  const type = typeOf(module);
  throw new ValueError(
    "receptiveField",
    `"${path}" is a ${type}, whose windows are not known`,
    "If a unit of it sees only the unit at its own place, name its type in pointwise; models with branches take receptiveFieldOf, others measuredField",
    { path, type },
  );
}

function after(before: Pick<ReceptiveFieldRow, "field" | "jump" | "start">, path: string, module: Module, windows: Windows): ReceptiveFieldRow {
  const reach = windows.kernel.map((size, d) => windows.dilation[d] * (size - 1));
  return {
    path,
    type: typeOf(module),
    ...windows,
    field: before.field.map((r, d) => r + reach[d] * before.jump[d]),
    jump: before.jump.map((j, d) => j * windows.stride[d]),
    start: before.start.map((s, d) => s + (reach[d] / 2 - windows.padding[d][0]) * before.jump[d]),
  };
}

/**
 * What a unit sees of the image, layer by layer, as far as the model is a chain of convolutions, pools and pointwise layers: it ends before
 * the first `Flatten`, global pool or `Linear`.
 *
 *     receptiveField(new Sequential(new Conv2d(1, 8, 3), new ReLU(), new MaxPool2d(2))).at(-1)?.field; // [4, 4]
 *
 * @throws ValueError for a layer whose windows are not known
 */
export function receptiveField(model: TensorModule, options: ReceptiveFieldOptions = {}): ReceptiveFieldRow[] {
  checkOptions("receptiveField", options, ["pointwise"]);
  const rows: ReceptiveFieldRow[] = [];
  let last: Pick<ReceptiveFieldRow, "field" | "jump" | "start"> = { field: [1, 1], jump: [1, 1], start: [0, 0] };
  for (const [path, module] of chainOf(model)) {
    if (endings.includes(typeOf(module))) break;
    const row = after(last, path, module, windowsAt(path, module, options.pointwise ?? []));
    rows.push(row);
    last = row;
  }
  return rows;
}

/** The places of an axis that a layer's places look at, without those in its padding. */
function lookedAt(places: ReadonlySet<number>, { kernel, stride, dilation, padding }: ReceptiveFieldRow, d: number, size: number): Set<number> {
  const taps = [...places].flatMap((place) => Array.from({ length: kernel[d] }, (_, tap) => place * stride[d] - padding[d][0] + tap * dilation[d]));
  return new Set(taps.filter((place) => place >= 0 && place < size));
}

/**
 * The pixels that a unit of the last layer sees, from the first to the last of the rows and of the columns; undefined where it sees nothing but
 * padding. At the border that may be less than the field: also what layers in between see beyond their edge is padding.
 * @param rows what `receptiveField` gave @param place of the unit, [row, column] @param size of the image, [H, W]
 * @throws ShapeError for a place or a size that does not have two numbers, or an image that is too small
 */
export function seenBy(rows: readonly ReceptiveFieldRow[], place: readonly number[], size: readonly number[]): (Span | undefined)[] {
  if (place.length !== RANK || size.length !== RANK) {
    throw new ShapeError(
      "seenBy",
      `place [${place.join(", ")}] in an image of [${size.join(", ")}]`,
      "Give a row and a column of each",
      { place, size },
    );
  }
  let last = size;
  const before = rows.map((row) => {
    const own = last;
    last = outputSizes("seenBy", own, row);
    return own;
  });
  return place.map((at, d) => {
    const seen = rows.reduceRight((places, row, i) => lookedAt(places, row, d, before[i][d]), new Set([at]));
    return seen.size === 0 ? undefined : [Math.min(...seen), Math.max(...seen)];
  });
}
