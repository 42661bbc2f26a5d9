import { noGrad } from "@dl/autograd";
import { Dropout, Embedding, LSTM, Layer, Linear, inSequence, jsonOptions, passOn } from "@dl/nn";
import type { GRU } from "@dl/nn";
import { checkChoice, checkOptions, checkWhole } from "@dl/registry";
import { cat } from "@dl/tensor";
import type { Generator, Tensor } from "@dl/tensor";
import { checkIds } from "../../classifiers/ids.js";
import { RecurrentCache } from "../../language-models/recurrent/recurrent-cache.js";
import { meanOfPlaces, memoryOf } from "../memory.js";
import type { Memory } from "../memory.js";
import type { DecodedStep, DecoderState, TokenDecoder } from "../seq2seq.js";
import { makeCells, runCells } from "./cells.js";
import type { Cell, CellsState } from "./cells.js";
import { MemoryAttention, attentionKinds, rowsOfAttended } from "./memory-attention.js";
import type { Attended, MemoryAttentionKind } from "./memory-attention.js";

export interface RNNTokenDecoderOptions {
  /** "gru" (default) or "lstm". */
  readonly cell?: Cell;
  /** Numbers per id. Default 128. */
  readonly dim?: number;
  /** Size of the hidden state. Default 128. */
  readonly hidden?: number;
  /** Cells on top of each other. Default 1. */
  readonly layers?: number;
  /** How states are compared with places of the memory: "luong" (general, default), "dot", "bahdanau" (additive), or not at all ("none"). */
  readonly attention?: MemoryAttentionKind | "none";
  /** Probability of dropping a value of the vectors, between cells and before the output layer. Default 0.1. */
  readonly dropout?: number;
  /** Where initial values and dropout's masks come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

export const rnnDecoderKeys = ["cell", "dim", "hidden", "layers", "attention", "dropout", "generator"];

/** The cells' state behind the ids read so far, and the memory. */
export class RNNDecoderState implements DecoderState {
  readonly #cells = new RecurrentCache();

  constructor(private own: Attended | null, initial: CellsState) {
    this.#cells.advance(0, initial);
  }

  get length(): number {
    return this.#cells.length;
  }

  get attended(): Attended | null {
    return this.own;
  }

  get cells(): CellsState {
    return this.#cells.state ?? [];
  }

  /** Notes the state behind `steps` more ids. */
  advance(steps: number, cells: CellsState): void {
    this.#cells.advance(steps, cells);
  }

  selectRows(rows: readonly number[]): void {
    this.#cells.selectRows(rows);
    this.own = this.own === null ? null : rowsOfAttended(this.own, rows);
  }
}

/** States that have looked at the memory. */
interface Mixed {
  /** [N, T, hidden]. */
  readonly mixed: Tensor;
  /** [N, T, S]; `null` without attention. */
  readonly weights: Tensor | null;
}

/**
 * A recurrent network that writes ids while it looks at a memory: it starts from the memory's summary, and at each step h the context c is a mean of
 * the places, weighted by how well they match h; h̃ = tanh(W·[c; h]) gives the logits. No step waits for the context of the one before, so that all
 * of a target's steps are computed at once; "bahdanau" therefore is the additive score of that paper, from the state of the same step.
 * Shapes: ids [N, T] int32, memory [N, S, memoryDim] → logits [N, T, vocabSize]. (Luong et al., 2015; Bahdanau et al., 2015)
 * @throws ShapeError, DTypeError for ids and memories that do not fit; ValueError, UnknownNameError for options
 */
export class RNNTokenDecoder extends Layer implements TokenDecoder<RNNDecoderState> {
  static readonly type = "sequence/RNNTokenDecoder";
  readonly maxLength = Infinity;
  readonly embedding: Embedding;
  readonly dropout: Dropout;
  /** From the memory's summary to the first state of all layers. */
  readonly bridge: Linear;
  readonly rnn: GRU | LSTM;
  /** `null` without attention, as is `combine`. */
  readonly attention: MemoryAttention | null;
  readonly combine: Linear | null;
  readonly head: Linear;

  constructor(readonly vocabSize: number, readonly memoryDim: number, options: RNNTokenDecoderOptions = {}) {
    super([vocabSize, memoryDim, jsonOptions(options)]);
    const where = "RNNTokenDecoder";
    checkOptions(where, options, rnnDecoderKeys);
    const { cell = "gru", dim = 128, hidden = 128, layers = 1, attention = "luong", dropout = 0.1, generator } = options;
    for (const [name, size] of Object.entries({ vocabSize, memoryDim, dim, hidden, layers })) checkWhole(where, name, size, 1);
    checkChoice(where, "cell", cell, ["gru", "lstm"]);
    checkChoice(where, "attention", attention, [...attentionKinds, "none"]);
    const random = generator === undefined ? {} : { generator };
    this.embedding = new Embedding(vocabSize, dim, random);
    this.dropout = new Dropout(dropout, random);
    this.rnn = makeCells(dim, hidden, { cell, layers, dropout, bidirectional: false, random });
    this.bridge = new Linear(memoryDim, (cell === "lstm" ? 2 : 1) * layers * hidden, random);
    this.attention = attention === "none" ? null : new MemoryAttention(attention, hidden, memoryDim, random);
    this.combine = attention === "none" ? null : new Linear(memoryDim + hidden, hidden, random);
    this.head = new Linear(hidden, vocabSize, random);
  }

  forward(ids: Tensor, given: Memory | Tensor): Tensor {
    const memory = memoryOf("RNNTokenDecoder", given, this.memoryDim);
    const { output } = this.read(ids, this.initial(memory));
    const { mixed } = this.attend(output, this.attention?.attended(memory) ?? null);
    return this.logits(mixed);
  }

  start(given: Memory | Tensor): RNNDecoderState {
    return noGrad(() => {
      const memory = memoryOf("RNNTokenDecoder", given, this.memoryDim);
      return new RNNDecoderState(this.attention?.attended(memory) ?? null, this.initial(memory));
    });
  }

  step(ids: Tensor, state: RNNDecoderState): DecodedStep {
    return noGrad(() => {
      const { mixed, weights } = this.goOn(ids, state);
      return { logits: this.logits(mixed).select(1, -1), attention: weights };
    });
  }

  attentionMaps(ids: Tensor, memory: Memory | Tensor): Tensor | null {
    return noGrad(() => this.goOn(ids, this.start(memory)).weights?.unsqueeze(1) ?? null);
  }

  /** Reads ids behind those that the state has read. */
  private goOn(ids: Tensor, before: RNNDecoderState): Mixed {
    const { output, state } = this.read(ids, before.cells);
    before.advance(ids.shape[1], state);
    return this.attend(output, before.attended);
  }

  private read(ids: Tensor, before: CellsState): { readonly output: Tensor; readonly state: CellsState } {
    checkIds("RNNTokenDecoder", ids);
    return runCells(this.rnn, inSequence([this.embedding, this.dropout], ids), before);
  }

  /** The state before the first id: tanh(W·summary + b), a part for each layer. */
  private initial({ values, padding, summary }: Memory): CellsState {
    const states = this.bridge.forward(summary ?? meanOfPlaces(values, padding ?? null)).tanh();
    const { numLayers, hiddenSize } = this.rnn;
    const parts = states.reshape([states.shape[0], -1, hiddenSize]).transpose(0, 1);
    return this.rnn instanceof LSTM ? [parts.slice(0, 0, numLayers), parts.slice(0, numLayers)] : [parts];
  }

  private attend(states: Tensor, attended: Attended | null): Mixed {
    if (this.attention === null || this.combine === null || attended === null) return { mixed: states, weights: null };
    const weights = this.attention.forward(states, attended);
    const context = weights.matmul(attended.values);
    const joined = cat([context, states], 2);
    passOn(context, joined);
    const combined = this.combine.forward(joined);
    passOn(joined, combined, this.combine);
    const mixed = combined.tanh();
    passOn(combined, mixed, this.combine);
    return { mixed, weights };
  }

  private logits(mixed: Tensor): Tensor {
    return inSequence([this.dropout, this.head], mixed);
  }
}
