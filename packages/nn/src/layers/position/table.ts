import { ShapeError, checkOptions, checkWhole } from "@dl/registry";
import { showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

export interface PositionCall {
  /** Position of the first element: how many came before, in generation with a cache. Default 0. */
  readonly offset?: number;
}

/** The rows of a [maxLength, ..] table for `length` positions. @throws ShapeError beyond the end of the table */
export function positionRows(where: string, table: Tensor, length: number, call: PositionCall): Tensor {
  checkOptions(where, call, ["offset"]);
  const { offset = 0 } = call;
  checkWhole(where, "offset", offset);
  if (offset + length > table.shape[0]) {
    throw new ShapeError(where, `positions ${offset} to ${offset + length - 1} do not fit maxLength ${table.shape[0]}`, "Cut the sequence, or make the layer with a greater maxLength", {
      offset,
      length,
      maxLength: table.shape[0],
    });
  }
  return table.slice(0, offset, offset + length);
}

/** x plus a row of the table at each position. @throws ShapeError unless x is [T, dim], or [T, N, dim] (batchFirst: [N, T, dim]) */
export function addPositions(where: string, x: Tensor, table: Tensor, batchFirst: boolean, call: PositionCall): Tensor {
  const dim = table.shape[1];
  if ((x.ndim !== 2 && x.ndim !== 3) || x.shape[x.ndim - 1] !== dim) {
    const wanted = batchFirst ? `[N, T, ${dim}]` : `[T, N, ${dim}]`;
    throw new ShapeError(where, `expected x of shape ${wanted} or [T, ${dim}], got ${showShape(x.shape)}`, `Make the layer with dim ${x.shape.at(-1) ?? 1}`, { shape: x.shape });
  }
  const byTime = x.ndim === 2 || batchFirst;
  const rows = positionRows(where, table, x.shape[byTime ? x.ndim - 2 : 0], call);
  return x.add(byTime ? rows : rows.unsqueeze(1));
}
