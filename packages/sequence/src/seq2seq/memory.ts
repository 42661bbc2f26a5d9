import { ShapeError } from "@dl/registry";
import { isTensor, logicalNot, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { firstPlaces, lengthsOf } from "../classifiers/ids.js";
import { meanOver } from "../classifiers/pooling.js";
import { rowsOf } from "../language-models/cache/growing.js";

/** What an encoder made of its input, for a decoder to attend to: words of a sentence, places of an image. */
export interface Memory {
  /** [N, S, D]. */
  readonly values: Tensor;
  /** bool [N, S], true where there is nothing to attend to; without it all places count. */
  readonly padding?: Tensor | null;
  /** [N, D], what a recurrent decoder starts from; without it the mean of the values. */
  readonly summary?: Tensor | null;
}

/** A memory without padding may come as a plain tensor. @throws ShapeError unless it is [N, S, dim] with one padding flag per place */
export function memoryOf(where: string, given: Memory | Tensor, dim: number): Memory {
  const memory = isTensor(given) ? { values: given } : given;
  const { values, padding } = memory;
  if (values.ndim !== 3 || values.shape[1] === 0 || values.shape[2] !== dim) {
    throw new ShapeError(where, `expected a memory of shape [N, S, ${dim}], got ${showShape(values.shape)}`, `Give at least one place per row, or make the decoder for ${values.shape.at(-1) ?? 1} numbers per place`, {
      shape: values.shape,
    });
  }
  if (padding && showShape(padding.shape) !== showShape(values.shape.slice(0, 2))) {
    throw new ShapeError(
      where,
      `the memory has shape ${showShape(values.shape)}, its padding ${showShape(padding.shape)}`,
      "Give one truth value per place, [N, S]",
      { shapes: [values.shape, padding.shape] },
    );
  }
  return memory;
}

/** The memories of these rows, in this order; one may come twice. */
export const rowsOfMemory = ({ values, padding, summary }: Memory, rows: readonly number[]): Memory => ({
  values: rowsOf(values, rows),
  padding: padding ? rowsOf(padding, rows) : null,
  summary: summary ? rowsOf(summary, rows) : null,
});

/** Where the ids of a source stand. */
export interface SourcePlaces {
  readonly lengths: readonly number[];
  /** bool [N, S], true behind the last id of a row; `null` where all rows are full. */
  readonly padding: Tensor | null;
}

/** A source of padding alone keeps its first place: there must be one to attend to. Reads the ids. Shapes: source [N, S] int32. */
export function placesOf(source: Tensor, paddingIdx: number): SourcePlaces {
  const steps = source.shape[1];
  const lengths = lengthsOf(source, paddingIdx).map((length) => Math.max(length, 1));
  const isFull = lengths.every((length) => length === steps);
  return { lengths, padding: isFull ? null : logicalNot(firstPlaces(source, lengths, steps)) };
}

/** The mean over the places that count. Shapes: values [N, S, D], padding bool [N, S] → [N, D]. */
export const meanOfPlaces = (values: Tensor, padding: Tensor | null): Tensor => (padding === null ? values.mean(1) : meanOver(values, logicalNot(padding)));
