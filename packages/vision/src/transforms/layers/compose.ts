import { ValueError } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import { ChanceTransform, type ChanceOptions } from "../base/chance.js";
import { Transform, type TransformOptions } from "../base/transform.js";
import { inTurn, type Edit } from "../edits/edit.js";
import type { Canvas } from "../geometry/canvas.js";

/** @throws ValueError for something that is no transform */
function checkTransforms(where: string, transforms: readonly Transform[]): void {
  const bad = transforms.findIndex((transform: unknown) => typeof transform !== "object" || transform === null || !("draw" in transform));
  if (bad === -1) return;
  throw new ValueError(where, `element ${bad} is no transform`, "Give a list of transforms; MixUp and CutMix take whole batches, after it", { position: bad });
}

function drawnInTurn(transforms: readonly Transform[], canvas: Canvas, generator: Generator): Edit {
  const edits: Edit[] = [];
  for (const transform of transforms) edits.push(transform.draw(edits.at(-1)?.canvas ?? canvas, generator));
  return inTurn(edits, canvas);
}

/** Transforms one after the other; with none pictures stay. Shapes: as the transforms go. @throws ValueError for something that is no transform */
export class Compose extends Transform {
  static readonly type = "vision/Compose";

  constructor(readonly transforms: readonly Transform[], options: TransformOptions = {}) {
    super([transforms], options);
    checkTransforms(this.where, transforms);
  }

  override draw(canvas: Canvas, generator: Generator): Edit {
    return drawnInTurn(this.transforms, canvas, generator);
  }
}

/**
 * All of the transforms, one after the other, or none of them: each picture is changed with probability p, 0.5 by default.
 * Shapes: as the transforms go; in a batch they have to keep sizes and channels.
 * @throws ValueError unless 0 ≤ p ≤ 1; ShapeError, when used, when some pictures of a batch would get another size
 */
export class RandomApply extends ChanceTransform {
  static readonly type = "vision/RandomApply";

  constructor(readonly transforms: readonly Transform[], options: ChanceOptions = {}) {
    super([transforms], options);
    checkTransforms(this.where, transforms);
  }

  protected override drawChosen(canvas: Canvas, generator: Generator): Edit {
    return drawnInTurn(this.transforms, canvas, generator);
  }
}
