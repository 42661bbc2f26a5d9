import { DTypeError, ShapeError } from "@dl/registry";
import { isFloat, newArray } from "../../dtype.js";
import { select } from "../../expr/expr.js";
import { elementwise } from "../../op/elementwise.js";
import { broadcastShapes, sameShape, showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { any } from "../reduction.js";

/** Which keys a query may attend to. */
interface Barrier {
  /** bool, true where it may; or float, added to the scores. Broadcasts to [.., L, S]. */
  readonly mask: Tensor | null;
  /** Query i sees keys 0 … i only. */
  readonly isCausal: boolean;
}

/** The queries `from` … `to` − 1, and the keys before `reach`. */
export interface Block {
  readonly from: number;
  readonly to: number;
  readonly reach: number;
}

/** Stands in for −∞: where a query may attend to nothing, −∞ − (−∞) would be NaN, in the gradients of everything else, too. */
const barred = -3.4028234663852886e38;

const maskScores = elementwise("maskScores", (score, allowed) => select(allowed, score, barred));
const biasScores = elementwise("biasScores", (score, bias) => select(bias.gt(-Infinity), score.add(bias), barred));
const causalScores = elementwise("causalScores", (score, row, column) => select(column.le(row), score, barred));
const causalMask = elementwise("causalMask", (allowed, row, column) => allowed.and(column.le(row)));
const keepReached = elementwise("keepReached", (x, isReached) => select(isReached, x, 0));

/** The numbers from … to − 1 as floats like x: a comparison with int32 would be computed in float64. */
function positions(x: Tensor, from: number, to: number): Tensor {
  const values = newArray(x.dtype, to - from);
  for (let i = 0; i < values.length; i++) values[i] = from + i;
  return x.makeFrom(values, x.dtype, [values.length]);
}

const rowsOf = (x: Tensor, { from, to }: Block): Tensor => positions(x, from, to).unsqueeze(-1);
const columnsOf = (x: Tensor, { reach }: Block): Tensor => positions(x, 0, reach);

/** The mask's own part for a block; dims that broadcast stay as they are. */
function partOf(mask: Tensor, { from, to, reach }: Block): Tensor {
  const rows = mask.ndim > 1 && mask.shape[mask.ndim - 2] !== 1 ? mask.slice(-2, from, to) : mask;
  return rows.ndim > 0 && rows.shape[rows.ndim - 1] !== 1 ? rows.slice(-1, 0, reach) : rows;
}

/** query·keyᵀ with what lies behind the barrier sunk. Shapes: query [.., rows, E] of the block alone, key [.., reach, E]. */
export function blockScores(query: Tensor, key: Tensor, { mask, isCausal }: Barrier, block: Block): Tensor {
  const scores = query.matmul(key.transpose());
  const part = mask && partOf(mask, block);
  const masked = part === null ? scores : (part.dtype === "bool" ? maskScores : biasScores)(scores, part);
  return isCausal ? causalScores(masked, rowsOf(query, block), columnsOf(query, block)) : masked;
}

/** x [.., rows, *] with 0 for the queries of the block that may attend to nothing; without a mask there are none. */
export function withoutUnreached(x: Tensor, { mask, isCausal }: Barrier, block: Block): Tensor {
  if (mask === null) return x;
  const part = partOf(mask, block);
  const open = part.dtype === "bool" ? part : part.gt(-Infinity);
  const allowed = isCausal ? causalMask(open, rowsOf(x, block), columnsOf(x, block)) : open;
  return keepReached(x, allowed.ndim === 0 ? allowed : any(allowed, -1, { keepDim: true }));
}

/** @throws DTypeError, ShapeError for a mask that does not fit the scores */
export function checkMask(where: string, mask: Tensor, scores: readonly number[], query: Tensor): void {
  if (mask.dtype !== "bool" && mask.dtype !== query.dtype) {
    const fix = isFloat(mask.dtype) ? `Convert it: mask.to("${query.dtype}")` : 'Give a bool mask, true where a query may attend: mask.to("bool")';
    throw new DTypeError(where, `the mask is ${mask.dtype}, the query ${query.dtype}`, fix, { dtypes: [mask.dtype, query.dtype] });
  }
  if (!sameShape(broadcastShapes(where, mask.shape, scores), scores)) {
    throw new ShapeError(where, `the mask of shape ${showShape(mask.shape)} is larger than the scores, ${showShape(scores)}`, "Give a mask that broadcasts to [.., L, S]", {
      shapes: [mask.shape, scores],
    });
  }
}
