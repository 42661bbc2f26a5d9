import { GRU, LSTM } from "@dl/nn";
import type { Generator, Tensor } from "@dl/tensor";

/** Recurrent layers by name. */
export const cells = { gru: GRU, lstm: LSTM } as const;

export type Cell = keyof typeof cells;

/** [hidden], or [hidden, cell] of an LSTM: each [layers · directions, N, hidden]. */
export type CellsState = readonly Tensor[];

export interface CellsOptions {
  readonly cell: Cell;
  readonly layers: number;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly random: { readonly generator?: Generator };
}

/** Recurrent layers, batch first, with dropout between them. */
export const makeCells = (inputs: number, hidden: number, { cell, layers, dropout, bidirectional, random }: CellsOptions): GRU | LSTM =>
  new cells[cell](inputs, hidden, { numLayers: layers, dropout: layers > 1 ? dropout : 0, bidirectional, batchFirst: true, ...random });

/** States of a sequence [N, T, inputs] and the last one, whichever cells they are. */
export function runCells(rnn: GRU | LSTM, x: Tensor, before: CellsState): { readonly output: Tensor; readonly state: CellsState } {
  if (rnn instanceof LSTM) {
    const { output, hidden, cell } = rnn.forward(x, { hidden: before[0], cell: before[1] });
    return { output, state: [hidden, cell] };
  }
  const { output, hidden } = rnn.forward(x, before[0]);
  return { output, state: [hidden] };
}
