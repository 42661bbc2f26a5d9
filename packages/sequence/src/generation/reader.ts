import { noGrad } from "@dl/autograd";
import { evaluating, isModule } from "@dl/nn";
import { ShapeError, ValueError } from "@dl/registry";
import { showShape, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { LanguageModel, LanguageModelCache } from "../language-models/index.js";

export interface ReaderOptions {
  /** Let the model remember what it has read, where it can. Default true. */
  readonly cache?: boolean;
}

const fill = 0;

/** Texts of one batch as the model reads them: all of one length, the shorter ones padded in front. */
export class Reader {
  /** Ids, without padding. */
  #rows: number[][];
  readonly #model: LanguageModel;
  #cache: LanguageModelCache | null;

  constructor(private readonly where: string, model: LanguageModel, rows: readonly (readonly number[])[], { cache = true }: ReaderOptions) {
    this.#rows = rows.map((row) => [...row]);
    this.#model = model;
    this.#cache = cache ? (model.startCache?.() ?? null) : null;
  }

  /** Logits of the next id of each row. @throws ValueError with the step where one is NaN */
  async next(step: number): Promise<readonly (Float32Array | Float64Array)[]> {
    const logits = this.#read();
    const { vocabSize } = this.#model;
    const last = logits.select(1, logits.shape[1] - 1);
    const values = await last.data();
    if (!(values instanceof Float32Array || values instanceof Float64Array)) {
      throw new ValueError(
        this.where, `the model's logits are ${logits.dtype}`,
        "Give floats",
      );
    }
    return this.#rows.map((_, row) => this.#checked(values.subarray(row * vocabSize, (row + 1) * vocabSize), step, row));
  }

  /** Adds one id to each row. */
  append(ids: readonly number[]): void {
    this.#rows.forEach((row, n) => { row.push(ids[n]); });
  }

  /** Goes on with these rows, in this order. */
  select(rows: readonly number[]): void {
    this.#rows = rows.map((row) => [...this.#rows[row]]);
    this.#cache?.selectRows(rows);
  }

  /** The model's logits; only the last position counts. */
  #read(): Tensor {
    const width = Math.max(...this.#rows.map(({ length }) => length));
    const { contextLength, vocabSize } = this.#model;
    // A full cache cannot slide: positions would have to change.
    if (width > contextLength) this.#cache = null;
    const from = Math.max(this.#cache?.length ?? 0, width - contextLength);
    const logits = this.#forward(from, width);
    if (logits.ndim !== 3 || logits.shape[0] !== this.#rows.length || logits.shape[2] !== vocabSize) {
      throw new ShapeError(
        this.where, `the model's logits have shape ${showShape(logits.shape)}, not [${this.#rows.length}, T, ${vocabSize}]`,
        "Let forward give one row of vocabSize logits per id",
        { shape: logits.shape },
      );
    }
    return logits;
  }

  /** Reads the columns from … width − 1 of the padded rows. */
  #forward(from: number, width: number): Tensor {
    const model = this.#model;
    const shape = [this.#rows.length, width - from];
    const padded = this.#rows.map((row) => width - row.length);
    const columns = Array.from({ length: width - from }, (_, i) => from + i);
    const ids = Int32Array.from(this.#rows.flatMap((row, n) => columns.map((t) => (t < padded[n] ? fill : row[t - padded[n]]))));
    const hasPadding = padded.some((count) => count > from);
    const mask = hasPadding ? tensor(Uint8Array.from(padded.flatMap((count) => columns.map((t) => Number(t < count)))), { shape, dtype: "bool" }) : null;
    const call = { lastOnly: true, ...(mask && { paddingMask: mask }), ...(this.#cache && { cache: this.#cache }) };
    const run = (): Tensor => noGrad(() => model.forward(tensor(ids, { shape }), call));
    return isModule(model) && model.training ? evaluating(model, run) : run();
  }

  #checked<A extends Float32Array | Float64Array>(logits: A, step: number, row: number): A {
    let isAnyOpen = false;
    for (const logit of logits) {
      if (Number.isNaN(logit) || logit === Infinity) {
        const where = this.#rows.length > 1 ? `step ${step}, row ${row}` : `step ${step}`;
        throw new ValueError(
          this.where, `the model gave ${logit} among the logits of ${where}`,
          "Look at its weights: a training may have spoilt them",
          { step, row },
        );
      }
      isAnyOpen ||= logit > -Infinity;
    }
    if (!isAnyOpen) throw new ValueError(this.where, `the model bars every id at step ${step}`, "Give at least one logit above −Infinity", { step, row });
    return logits;
  }
}
