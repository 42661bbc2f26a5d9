import { indexSelect, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { LanguageModel } from "../language-models/index.js";

/** A model of somebody else's, without a cache: the logits behind an id are a row of a table. */
export function tableModel(table: readonly (readonly number[])[], contextLength = Infinity): LanguageModel & { readonly widths: number[] } {
  const widths: number[] = [];
  const rows = tensor(table.map((row) => [...row]));
  return {
    widths,
    vocabSize: table.length,
    contextLength,
    forward(ids: Tensor): Tensor {
      widths.push(ids.shape[1]);
      return indexSelect(rows, 0, ids.flatten()).reshape([...ids.shape, table.length]);
    },
  };
}

/** ln of probabilities, row by row. */
export const logsOf = (rows: readonly (readonly number[])[]): number[][] => rows.map((row) => row.map((p) => Math.log(p)));
