import { checkNumber } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import { unchanged, type Edit } from "../edits/edit.js";
import { onSome } from "../edits/some.js";
import type { Canvas } from "../geometry/canvas.js";
import { Transform, type TransformOptions } from "./transform.js";

export interface ChanceOptions extends TransformOptions {
  /** Probability that a picture is changed. */
  readonly p?: number;
}

/** What happens to each picture with probability p; the others stay as they are, to the bit. */
export abstract class ChanceTransform extends Transform {
  readonly p: number;

  constructor(args: readonly unknown[], options: ChanceOptions, keys: readonly string[] = [], defaultP = 0.5) {
    super(args, options, [...keys, "p"]);
    this.p = options.p ?? defaultP;
    checkNumber(this.where, "p", this.p, 0, 1);
  }

  /** Draws parameters for the pictures that are changed. */
  protected abstract drawChosen(canvas: Canvas, generator: Generator): Edit;

  override draw(canvas: Canvas, generator: Generator): Edit {
    const chosen = Array.from({ length: canvas.count }, (_, i) => i).filter(() => generator.uniform() < this.p);
    if (chosen.length === 0) return unchanged(canvas);
    const edit = this.drawChosen({ ...canvas, count: chosen.length }, generator);
    return chosen.length === canvas.count ? edit : onSome(this.where, edit, chosen, canvas);
  }
}
