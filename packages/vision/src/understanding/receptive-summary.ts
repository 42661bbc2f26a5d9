import { summary, type Summary, type SummaryRow, type TensorModule } from "@dl/nn";
import { ShapeError, checkOptions } from "@dl/registry";
import { showShape, type Shape } from "@dl/tensor";
import type { ReceptiveFieldOptions } from "./receptive-field.js";
import { receptiveFieldOf, type TracedFieldRow } from "./traced-field.js";

export interface ReceptiveSummary extends Summary {
  /** What the units of each module see, as far as they have places; see `receptiveFieldOf`. */
  readonly fields: readonly TracedFieldRow[];
}

/** 1/3 is a jump, too. */
const short = (value: number): string => String(Number(value.toPrecision(4)));

const both = ([rows, columns]: readonly number[]): string => (rows === columns ? short(rows) : `${short(rows)} × ${short(columns)}`);

/**
 * `summary` of @dl/nn with two more columns: the pixels that a unit of each module sees, and those between neighbouring units; one number where
 * rows and columns agree, nothing where there are no places any more.
 *
 *     console.log(String(receptiveSummary(model, [1, 3, 64, 64])));
 *
 * Shapes: inputShape [N, C, H, W].
 * @throws ShapeError unless the model takes that shape; what `receptiveFieldOf` throws
 */
export function receptiveSummary(model: TensorModule, inputShape: Shape, options: ReceptiveFieldOptions = {}): ReceptiveSummary {
  const where = "receptiveSummary";
  checkOptions(where, options, ["pointwise"]);
  if (inputShape.length !== 4) throw new ShapeError(where, `the input's shape is ${showShape(inputShape)}`, "Give [N, C, H, W]", { shape: inputShape });
  const fields = receptiveFieldOf(model, inputShape.slice(1), options);
  const byPath = new Map(fields.map((row) => [row.path, row]));
  const column = (title: string, read: (row: TracedFieldRow) => readonly number[]) => ({
    title,
    cell: ({ path }: SummaryRow) => { const row = byPath.get(path); return row === undefined ? "" : both(read(row)); },
  });
  const columns = [column("field", ({ field }) => field), column("jump", ({ jump }) => jump)];
  const dtype = model.parameters().at(0)?.dtype ?? "float32";
  return { ...summary(model, inputShape, { dtype, columns }), fields };
}
