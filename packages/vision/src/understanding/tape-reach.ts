// From what is on the tape between layers follows which maps are joined: sums and concatenations see what any of their parts sees.
import { tensorsBefore } from "@dl/nn";
import { ValueError } from "@dl/registry";
import { showShape, type GradientRule, type Origin, type Tensor } from "@dl/tensor";
import { pixels, through, union, withEverything, type AxisMap, type Reach } from "./reach.js";

type Places = readonly [rows: Reach, columns: Reach];

/** Of a map: rows and columns. "everything" where each element depends on the whole image, "flat" where places stand in one line. */
export type MapReach = Places | "everything" | "flat";

/** Stands on the tape for a whole layer. */
export interface LayerRule extends GradientRule<null> {
  readonly maps: readonly AxisMap[] | "everything";
}

const isLayerRule = (rule: object): rule is LayerRule => "maps" in rule;
const isElementwise = (rule: object): boolean => "program" in rule;

const mapSizes = ({ shape }: Tensor): string => showShape(shape.slice(-2));
const keepsPlaces = (x: Tensor, output: Tensor): boolean => x.ndim >= 3 && output.ndim >= 3 && mapSizes(x) === mapSizes(output);

function applied(maps: LayerRule["maps"], before: MapReach): MapReach {
  if (maps === "everything" || typeof before === "string") return "everything";
  return [through(maps[0], before[0]), through(maps[1], before[1])];
}

/** What an op between layers makes of the places of an input: keeps them, lets each element see all, or nobody knows. */
type Passing = "places" | "everything" | "flat" | "unknown";

const reductions: readonly string[] = ["sum", "max", "min", "softmax", "logSoftmax", "standardize"];
const products: readonly string[] = ["matmul", "linear"];
const moves: readonly string[] = ["clone", "backwardHook", "expand", "cat", "slice", "permute", "reshape"];

/** Whether the dims that an op works along are those of a map's places. */
function alongPlaces(x: Tensor, options: unknown): boolean {
  if (typeof options !== "object" || options === null) return true;
  const given: unknown = "dims" in options ? options.dims : Reflect.get(options, "dim");
  const dims = Array.isArray(given) ? given.map(Number) : [Number(given)];
  return !dims.every((dim) => dim < x.ndim - 2);
}

const keepsLastTwo = (x: Tensor, order: unknown): boolean => Array.isArray(order) && order.slice(-2).every((dim, i) => dim === x.ndim - 2 + i);

function passingOfMap({ rule, name, options }: Origin, x: Tensor, output: Tensor): Passing {
  const kept = keepsPlaces(x, output);
  if (isElementwise(rule) || ["clone", "backwardHook", "expand"].includes(name)) return kept ? "places" : "everything";
  if (reductions.includes(name)) return alongPlaces(x, options) ? "everything" : "places";
  if (["cat", "slice"].includes(name)) return alongPlaces(x, options) ? "unknown" : "places";
  if (name === "permute") return keepsLastTwo(x, options) ? "places" : "unknown";
  if (name === "reshape") return kept ? "places" : output.ndim <= 3 ? "flat" : "unknown";
  return products.includes(name) ? "everything" : "unknown";
}

function passingOfLine({ rule, name }: Origin, output: Tensor): Passing {
  if (reductions.includes(name) || products.includes(name)) return "everything";
  return output.ndim <= 3 && (isElementwise(rule) || moves.includes(name)) ? "flat" : "unknown";
}

function passing(origin: Origin, x: Tensor, reach: MapReach, output: Tensor): Passing {
  if (reach === "everything") return "everything";
  return reach === "flat" ? passingOfLine(origin, output) : passingOfMap(origin, x, output);
}

/** @throws ValueError for an op that is not known; ShapeError when maps of different jumps are joined */
function joinedReach(where: string, output: Tensor, origin: Origin, reaches: ReadonlyMap<Tensor, MapReach>): MapReach | undefined {
  const seen = origin.inputs.flatMap((x) => {
    const reach = reaches.get(x);
    return reach === undefined ? [] : [{ reach, how: passing(origin, x, reach, output) }];
  });
  if (seen.some(({ how }) => how === "unknown")) {
    const fact = `between layers the op "${origin.name}" makes shape ${showShape(output.shape)}, and which places that looks at is not known`;
    throw new ValueError(
      where,
      fact,
      "Use a layer (MaxPool2d in place of maxPool2d), name its type in pointwise if it keeps places, or use measuredField",
      { op: origin.name },
    );
  }
  const kept = seen.flatMap(({ reach, how }) => (how === "places" && typeof reach !== "string" ? [reach] : []));
  if (seen.length === 0) return undefined;
  if (kept.length === 0) return seen.every(({ how }) => how === "flat") ? "flat" : "everything";
  const [rows, columns] = [0, 1].map((d) => union(where, kept.map((reach) => reach[d])));
  return kept.length < seen.length ? [withEverything(rows), withEverything(columns)] : [rows, columns];
}

/** What of the image every tensor behind `outputs` sees; those that do not depend on it are left out. @throws ValueError, ShapeError as above */
export function reachesOf(where: string, image: Tensor, outputs: readonly Tensor[]): ReadonlyMap<Tensor, MapReach> {
  const reaches = new Map<Tensor, MapReach>([[image, [pixels, pixels]]]);
  for (const x of tensorsBefore(outputs).sort((a, b) => a.id - b.id)) {
    if (x.origin === null) continue;
    const { rule, inputs } = x.origin;
    const before = reaches.get(inputs[0]);
    const reach = isLayerRule(rule) ? before && applied(rule.maps, before) : joinedReach(where, x, x.origin, reaches);
    if (reach !== undefined) reaches.set(x, reach);
  }
  return reaches;
}
