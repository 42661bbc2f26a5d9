import { enableGrad } from "@dl/autograd";
import { evaluating, type Module, registerForwardHook, type TensorModule } from "@dl/nn";
import { ShapeError, StateError, checkOptions } from "@dl/registry";
import { isTensor, record, showShape, zeros, type Tensor, type Windows } from "@dl/tensor";
import { isKnownLayer, reachOfLayer } from "./layer-reach.js";
import { typeOf } from "./layer-windows.js";
import { whileHooked } from "./probe.js";
import { fieldOf, spanAt, startOf, type Reach, type Span } from "./reach.js";
import type { ReceptiveFieldOptions } from "./receptive-field.js";
import { reachesOf, type LayerRule, type MapReach } from "./tape-reach.js";

/** What the units of a module's output see of the image; each list has an entry for the rows and one for the columns. */
interface SeenByModule {
  /** Key of the module in the model; "" is the model itself. */
  readonly path: string;
  readonly type: string;
  /** Pixels that a unit sees, from the first to the last; Infinity behind what looks at the whole image. Where units differ, the most. */
  readonly field: readonly number[];
  /** Pixels between what neighbouring units see; a fraction behind an enlargement. */
  readonly jump: readonly number[];
  /** The pixel in the middle of what the first unit sees, from 0; NaN where that is everything. */
  readonly start: readonly number[];
  /** What each unit sees; `pixelsSeen` reads it. */
  readonly reach: readonly [rows: Reach, columns: Reach];
}

/** A layer that slides windows, or a block or other layer, which has none. */
export type TracedFieldRow = SeenByModule & (Windows | Readonly<Record<keyof Windows, null>>);

const noWindows: Readonly<Record<keyof Windows, null>> = { kernel: null, stride: null, dilation: null, padding: null };

interface Traced {
  readonly output: Tensor;
  readonly windows: Windows | null;
}

interface Run {
  readonly image: Tensor;
  readonly last: ReadonlyMap<Module, Traced>;
}

/** Runs the model once. Known layers become one node of the tape each; of all others their output is noted. */
function run(where: string, model: TensorModule, imageShape: readonly number[], pointwise: readonly string[]): Run {
  const last = new Map<Module, Traced>();
  const backend = model.parameters().at(0)?.backend;
  const dtype = model.parameters().at(0)?.dtype ?? "float32";
  const image = zeros([1, ...imageShape], { dtype, requiresGrad: true, ...(backend && { backend }) });
  const handles = model.namedModules().map(([path, module]) => registerForwardHook(module, (_, [input], output) => {
    if (!isTensor(output)) return undefined;
    if (!isTensor(input) || !isKnownLayer(where, module, pointwise)) {
      last.set(module, { output, windows: null });
      return output;
    }
    const { maps, windows } = reachOfLayer(where, path, module, input, output, pointwise);
    const rule: LayerRule = { name: path, maps, backward: () => [null] };
    const marked = record(output.detach(), rule, [input], null);
    last.set(module, { output: marked, windows });
    return marked;
  }));
  evaluating(model, () => whileHooked(handles, () => enableGrad(() => model.forward(image))));
  return { image, last };
}

function rowOf(path: string, module: Module, windows: Windows | null, reach: Exclude<MapReach, string>): TracedFieldRow {
  const seen = { field: reach.map(fieldOf), jump: reach.map(({ jump }) => jump), start: reach.map(startOf), reach };
  return { path, type: typeOf(module), ...(windows ?? noWindows), ...seen };
}

/**
 * What a unit sees of the image, module by module, for models with branches, skips and enlargements: the model runs once on zeros, and the tape
 * says which maps are added or joined. A sum sees from the first pixel of any part to the last of any. Modules whose output has no places
 * (behind `Flatten`, a global pool, `Linear`) have no row; of one that runs several times the last run counts.
 *
 *     receptiveFieldOf(unet, [1, 64, 64]).find(({ path }) => path === "bottleneck")?.field;
 *
 * Layers with windows are read from their options. Between them, elementwise ops, sums, `cat`, slices of channels and the like are followed; a
 * window as a function, such as maxPool2d(x, 2), is not. Runs in evaluation mode.
 * Shapes: imageShape [C, H, W], large enough for the model.
 * @throws ValueError for an op between layers whose places are not known, or an enlargement by no whole factor; ShapeError when parts of different
 * jumps are added; StateError when the output does not depend on the image
 */
export function receptiveFieldOf(model: TensorModule, imageShape: readonly number[], options: ReceptiveFieldOptions = {}): TracedFieldRow[] {
  const where = "receptiveFieldOf";
  checkOptions(where, options, ["pointwise"]);
  if (imageShape.length !== 3) {
    throw new ShapeError(
      where,
      `the image's shape is ${showShape(imageShape)}`,
      "Give [C, H, W], without the batch",
      { shape: imageShape },
    );
  }
  const { image, last } = run(where, model, imageShape, options.pointwise ?? []);
  const reaches = reachesOf(where, image, [...last.values()].map(({ output }) => output));
  const end = last.get(model);
  if (end !== undefined && !reaches.has(end.output)) {
    throw new StateError(where, "the output does not depend on the image, as far as the tape goes", "Do not use noGrad or detach inside of forward");
  }
  return model.namedModules().flatMap(([path, module]) => {
    const traced = last.get(module);
    const reach = traced && reaches.get(traced.output);
    return reach === undefined || typeof reach === "string" ? [] : [rowOf(path, module, traced?.windows ?? null, reach)];
  });
}

/**
 * The pixels that a unit of a row's module sees, rows and columns; below 0 or beyond the image they are padding.
 * @param place of the unit, [row, column]
 * @throws ShapeError unless the place has two numbers
 */
export function pixelsSeen({ reach }: TracedFieldRow, place: readonly number[]): readonly [rows: Span, columns: Span] {
  if (place.length !== 2) throw new ShapeError("pixelsSeen", `the place is [${place.join(", ")}]`, "Give a row and a column", { place });
  return [spanAt(reach[0], place[0]), spanAt(reach[1], place[1])];
}

/**
 * What to say when no unit of a model can see a whole object; null when some can.
 * @param rows what `receptiveField` or `receptiveFieldOf` gave @param object size in pixels, [H, W]
 * @throws ShapeError without rows, or unless the object has two sizes
 */
export function fieldWarning(rows: readonly { readonly path: string; readonly field: readonly number[] }[], object: readonly number[]): string | null {
  if (rows.length === 0 || object.length !== 2) {
    throw new ShapeError(
      "fieldWarning",
      `got ${rows.length} rows and an object of [${object.join(", ")}]`,
      "Give the rows of a model with windows, and [H, W]",
    );
  }
  const widest = rows.reduce((best, row) => (row.field[0] * row.field[1] > best.field[0] * best.field[1] ? row : best));
  if (widest.field.every((field, d) => field >= object[d])) return null;
  const name = widest.path === "" ? "the model" : `layer "${widest.path}"`;
  const advice = "add layers, strides or dilation, or pool over the whole map";
  return `A unit of ${name} sees ${widest.field.join(" × ")} pixels, the object has ${object.join(" × ")}: ${advice}`;
}
