import { ShapeError } from "@dl/registry";
import { cat, showShape, stack } from "@dl/tensor";
import type { Generator, Shape, Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";
import type { Parameter } from "../../module/parameter.js";
import { Dropout } from "../dropout/dropout.js";
import { jsonOptions } from "../options.js";
import { batchOf } from "./batch.js";
import type { Batch } from "./batch.js";
import { checkCell, checkStack, drawCell, drawn } from "./options.js";
import type { RecurrentOptions } from "./options.js";
import type { PackedSequence } from "./packing.js";
import { parameterRows } from "./parameter-table.js";
import type { ParameterRow } from "./parameter-table.js";
import type { CellState, CellWeights, Recurrence } from "./recurrences.js";
import { runDirection } from "./sequence.js";

/** Says which direction of which layer runs. */
export interface Place {
  readonly layer: number;
  readonly isReverse: boolean;
}

interface Run<X> {
  readonly output: X;
  /** Last states of all layers and directions, [layers·directions, N, size] each. */
  readonly last: readonly Tensor[];
}

/** What tells RNN, LSTM and GRU apart. */
interface Kind {
  readonly where: string;
  /** Known options. */
  readonly keys: readonly string[];
  readonly gates: number;
  /** Size of the projected hidden state; 0 for none. */
  readonly projSize?: number;
}

const suffixOf = ({ layer, isReverse }: Place): string => `L${layer}${isReverse ? "Reverse" : ""}`;

/** What RNN, LSTM and GRU share: layers and directions of cells, PyTorch's parameters, and the bookkeeping of batches. */
export abstract class Recurrent extends Layer {
  // Fields by PyTorch's names: weightIhL0, biasHhL1Reverse, … → weight_ih_l0, bias_hh_l1_reverse.
  [field: `weight${string}`]: Parameter;
  [field: `bias${string}`]: Parameter | undefined;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  /** `null` for the default generator. */
  readonly generator: Generator | null;
  /** Size of one direction's hidden states. */
  readonly outputSize: number;
  private readonly kind: Kind;

  constructor(kind: Kind, readonly inputSize: number, readonly hiddenSize: number, options: RecurrentOptions) {
    super([inputSize, hiddenSize, jsonOptions(options)]);
    const { where, keys, projSize = 0 } = kind;
    checkCell(where, inputSize, hiddenSize, options, keys);
    checkStack(where, options);
    const { numLayers = 1, bidirectional = false, batchFirst = false, dropout = 0 } = options;
    this.kind = kind;
    this.numLayers = numLayers;
    this.bidirectional = bidirectional;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.generator = options.generator ?? null;
    this.outputSize = projSize > 0 ? projSize : hiddenSize;
    for (const place of this.places) this.drawParameters(place, options);
  }

  /** Every parameter with its letter in the textbooks' formulas. */
  paramTable(): ParameterRow[] {
    return parameterRows(this.namedParameters());
  }

  /** @param initial state before the first step, zeros where left out; @param sizes of a state's parts */
  protected run<X extends Tensor | PackedSequence>(
    x: X, initial: readonly Tensor[] | undefined, sizes: readonly number[], recurrenceAt: (place: Place) => Recurrence,
  ): Run<X> {
    const batch = batchOf(this.kind.where, x, this.inputSize, this.batchFirst);
    const start = this.stateBefore(batch, initial, sizes);
    const lasts: CellState[] = [];
    let { data } = batch;
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0) data = this.dropped(data);
      const outputs: Tensor[] = [];
      for (const isReverse of this.directions) {
        const place = { layer, isReverse };
        const own = start.map((part) => part.select(0, lasts.length));
        const ran = runDirection({ recurrence: recurrenceAt(place), weights: this.cellWeights(place), data, batchSizes: batch.batchSizes, initial: own, isReverse });
        outputs.push(ran.data);
        lasts.push(ran.last);
      }
      data = outputs.length === 1 ? outputs[0] : cat(outputs, 1);
    }
    const last = sizes.map((_, k) => batch.restoreState(stack(lasts.map((state) => state[k]))));
    return { output: batch.restore(data) as X, last };
  }

  private dropped(data: Tensor): Tensor {
    if (!this.training || this.dropout === 0) return data;
    return new Dropout(this.dropout, this.generator === null ? {} : { generator: this.generator }).forward(data);
  }

  private get directions(): readonly boolean[] {
    return this.bidirectional ? [false, true] : [false];
  }

  /** All places, in PyTorch's order. */
  private get places(): Place[] {
    return Array.from({ length: this.numLayers }, (_, layer) => this.directions.map((isReverse) => ({ layer, isReverse }))).flat();
  }

  private drawParameters(place: Place, options: RecurrentOptions): void {
    const { gates, projSize = 0 } = this.kind;
    const inputSize = place.layer === 0 ? this.inputSize : this.outputSize * this.directions.length;
    const { weightIh, weightHh, biasIh, biasHh } = drawCell(gates * this.hiddenSize, inputSize, this.hiddenSize, options, this.outputSize);
    const at = suffixOf(place);
    this[`weightIh${at}`] = weightIh;
    this[`weightHh${at}`] = weightHh;
    if (biasIh !== null) this[`biasIh${at}`] = biasIh;
    if (biasHh !== null) this[`biasHh${at}`] = biasHh;
    if (projSize > 0) this[`weightHr${at}`] = drawn([projSize, this.hiddenSize], this.hiddenSize, options);
  }

  private cellWeights(place: Place): CellWeights {
    const at = suffixOf(place);
    return {
      input: this[`weightIh${at}`],
      hidden: this[`weightHh${at}`],
      inputBias: this[`biasIh${at}`] ?? null,
      hiddenBias: this[`biasHh${at}`] ?? null,
      projection: (this.kind.projSize ?? 0) > 0 ? this[`weightHr${at}`] : null,
    };
  }

  private stateBefore(batch: Batch, given: readonly Tensor[] | undefined, sizes: readonly number[]): Tensor[] {
    const count = batch.batchSizes[0];
    return sizes.map((size, k) => {
      const shape = [this.places.length, count, size];
      if (given === undefined) return batch.data.makeEmpty(shape, batch.data.dtype);
      this.checkState(given[k], batch.isBatched ? shape : [shape[0], size], k === 0 ? "hidden state" : "cell");
      return batch.arrangeState(given[k]);
    });
  }

  private checkState({ shape }: Tensor, wanted: Shape, name: string): void {
    if (showShape(shape) === showShape(wanted)) return;
    const dims = wanted.length === 3 ? "[numLayers · directions, N, size]" : "[numLayers · directions, size]";
    throw new ShapeError(this.kind.where, `the ${name} has shape ${showShape(shape)}, not ${showShape(wanted)}`, `Give ${dims} as an earlier call returned it for a batch of this size, or leave it out for zeros`, {
      shapes: [shape, wanted],
    });
  }
}
