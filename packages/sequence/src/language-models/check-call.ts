import { DTypeError, ShapeError, StateError, checkOptions } from "@dl/registry";
import { showShape, state } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { callKeys } from "./language-model.js";
import type { LanguageModelCall } from "./language-model.js";

/** @throws DTypeError, ShapeError unless ids are int32 [N, T] with at least one of each */
export function checkIds(where: string, ids: Tensor): void {
  if (ids.dtype !== "int32") throw new DTypeError(where, `the ids are ${ids.dtype}`, 'Convert them: ids.to("int32")', { dtype: ids.dtype });
  if (ids.ndim === 2 && ids.size > 0) return;
  const fix = ids.ndim === 1 && ids.size > 0 ? "Add the batch: ids.unsqueeze(0)" : "Give at least one id in each row";
  throw new ShapeError(where, `expected ids of shape [N, T], got ${showShape(ids.shape)}`, fix, { shape: ids.shape });
}

function checkPadding(where: string, mask: Tensor, ids: Tensor): void {
  if (mask.dtype !== "bool") {
    throw new DTypeError(
      where, `the padding mask is ${mask.dtype}`,
      'Give a bool mask, true where an id is padding: mask.to("bool")',
      { dtype: mask.dtype },
    );
  }
  if (showShape(mask.shape) === showShape(ids.shape)) return;
  throw new ShapeError(
    where, `the padding mask has shape ${showShape(mask.shape)}, the ids ${showShape(ids.shape)}`,
    "Give one truth value per id",
    { shapes: [mask.shape, ids.shape] },
  );
}

/** @throws DTypeError, ShapeError, UnknownNameError, StateError for what a language model cannot be called with */
export function checkCall(where: string, ids: Tensor, call: LanguageModelCall, contextLength: number): void {
  checkOptions(where, call, callKeys);
  checkIds(where, ids);
  if (call.paddingMask !== undefined) checkPadding(where, call.paddingMask, ids);
  if (call.cache !== undefined && state.gradEnabled) {
    throw new StateError(where, "a cache holds no gradients, and gradients are being recorded", "Run it inside of noGrad(() => …), or without a cache");
  }
  const read = call.cache?.length ?? 0;
  if (read + ids.shape[1] > contextLength) {
    const before = read > 0 ? ` behind ${read} in the cache` : "";
    throw new ShapeError(
      where, `${ids.shape[1]} ids${before} are more than contextLength ${contextLength}`,
      "Cut them, or make the model with a greater contextLength; generate does it with window: \"slide\"",
      { length: read + ids.shape[1], contextLength },
    );
  }
}
