import { ShapeError } from "@dl/registry";
import { cat, indexSelect, tensor, type Tensor } from "@dl/tensor";
import type { Canvas } from "../geometry/canvas.js";
import type { Edit } from "./edit.js";

const selected = (x: Tensor, places: readonly number[]): Tensor => indexSelect(x, 0, tensor([...places], { dtype: "int32", backend: x.backend }));

/** @throws ShapeError unless sizes and channels stay: pictures that are left as they are could not stand beside the others */
function checkSame(where: string, { channels, height, width }: Canvas, before: Canvas): void {
  if (channels === before.channels && height === before.height && width === before.width) return;
  const fact = `some pictures would be ${channels} × ${height} × ${width}, the others ${before.channels} × ${before.height} × ${before.width}`;
  throw new ShapeError(where, fact, "In a batch only what keeps sizes and channels can be left to chance", { before });
}

/**
 * An edit of some of the pictures; the others stay as they are, to the bit.
 * @param edit of a batch of the chosen pictures alone; it keeps sizes and channels @param chosen their places in the whole batch, ascending
 */
export function onSome(where: string, edit: Edit, chosen: readonly number[], whole: Canvas): Edit {
  checkSame(where, edit.canvas, whole);
  // Changed pictures stand behind the whole batch: picture i comes from there, or from its own place.
  const sources = Array.from({ length: whole.count }, (_, i) => i);
  chosen.forEach((place, k) => { sources[place] = whole.count + k; });
  const through = (change: (x: Tensor) => Tensor) => (x: Tensor): Tensor => selected(cat([x, change(selected(x, chosen))], 0), sources);
  return { canvas: whole, image: through(edit.image), mask: through(edit.mask), points: through(edit.points), boxes: through(edit.boxes) };
}
